#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "data/table_config.hpp"
#include "sqlite/catalogue.hpp"
#include "sqlite/connection.hpp"

namespace tapedeck::data {

/// Labels of rows that foreign keys refer to, looked up one key at a time and remembered, so that a
/// stream of any length needs bounded memory.
class LabelLookup {
 public:
  /// Gives the configuration of a table by its name; nothing for one that must not be looked into.
  using ConfigOf = std::function<std::optional<TableConfig>(std::string_view table)>;

  /// The arguments must outlive this.
  LabelLookup(sqlite::Connection& connection, const sqlite::Catalogue& catalogue,
              ConfigOf config_of);

  /// Label of the row that `value` refers to: the value of its label column, or, where the table
  /// has no such column (or there is no such table), the text of `value` itself. Nothing when the
  /// key names no column, the table must not be looked into, or no row is found by it: the row's
  /// own value has to be equal to `value`, so the text "1" does not refer to the number 1, nor "a"
  /// to "A".
  [[nodiscard]] std::optional<sqlite::Value> find(const sqlite::ForeignKey& key,
                                                  const sqlite::ValueView& value);
  /// Whether the labels given so far are a function of the data (a foreign key can lead to a view
  /// over the clock).
  [[nodiscard]] bool is_deterministic() const { return is_deterministic_; }

 private:
  struct Source {
    /// Values are their own labels.
    bool is_plain = false;
    /// Empty when the table cannot be looked into.
    std::string sql;
    std::unordered_map<std::string, std::optional<sqlite::Value>> labels;
    /// Of keys and labels together.
    std::size_t bytes = 0;
  };
  std::optional<sqlite::Value> read(const Source& source, const sqlite::ValueView& value);
  Source& source_of(const sqlite::ForeignKey& key);

  sqlite::Connection& connection_;
  const sqlite::Catalogue& catalogue_;
  ConfigOf config_of_;
  std::map<const sqlite::ForeignKey*, Source> sources_;
  bool is_deterministic_ = true;
};

}  // namespace tapedeck::data
