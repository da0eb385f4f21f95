#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "sqlite/statement.hpp"
#include "sqlite/value.hpp"

namespace tapedeck::data {

/// Values bound to ":p0", ":p1" …: SQL text and its parameters travel side by side, never spliced.
class NamedParams {
 public:
  /// Adds a value under the next free number and gives its placeholder (":p3").
  std::string add(sqlite::Value value);
  void set(std::string name, sqlite::Value value);
  /// Binds by name. Error: a parameter of the statement that has no value here.
  [[nodiscard]] base::Result<void> bind_to(sqlite::Statement& statement) const;
  /// Names without the colon.
  [[nodiscard]] const std::vector<std::pair<std::string, sqlite::Value>>& pairs() const {
    return pairs_;
  }
  /// Appends a text that is equal only for equal parameters.
  void append_key(std::string& key) const;

 private:
  std::vector<std::pair<std::string, sqlite::Value>> pairs_;
  int numbered_ = 0;
};

/// Binds, and throws http::RequestError 400 for a parameter without value: only a stranger's SQL
/// can name one.
void bind(const NamedParams& params, sqlite::Statement& statement);

}  // namespace tapedeck::data
