#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tapedeck::http {

/// The arguments of a URL in the order in which they stand, keys repeated.
///
/// Shape:   split at "&" only, "+" is a space, "%XX" a byte, no "=" means a blank value, pieces
///          that are wholly empty are dropped. Values are valid UTF-8 (U+FFFD for what was not).
/// Errors:  none; every text is some query string.
/// Source:  spec/urls.md section 1 (Python's parse_qsl with blank values kept).
class QueryString {
 public:
  using Pair = std::pair<std::string, std::string>;

  QueryString() = default;
  explicit QueryString(std::string_view raw);

  /// The FIRST value of `key`.
  [[nodiscard]] std::optional<std::string_view> get(std::string_view key) const;
  /// The first value, or "" when there is none.
  [[nodiscard]] std::string_view value(std::string_view key) const;
  [[nodiscard]] bool has(std::string_view key) const { return get(key).has_value(); }
  [[nodiscard]] std::vector<std::string_view> get_all(std::string_view key) const;
  [[nodiscard]] const std::vector<Pair>& pairs() const { return pairs_; }
  [[nodiscard]] bool empty() const { return pairs_.empty(); }

  void add(std::string key, std::string value);
  /// Removes every pair of `key`.
  void remove(std::string_view key);
  /// Removes the pairs equal to (key, value).
  void remove(std::string_view key, std::string_view value);
  /// Replaces the value of the first pair of `key` where it stands, removing further ones; appends
  /// when there is none.
  void set(std::string_view key, std::string value);
  /// Without blank values: the form from which generated links start (spec/urls.md section 1).
  [[nodiscard]] QueryString without_blanks() const;
  /// Form-encoded "a=1&b=2", without "?".
  [[nodiscard]] std::string encoded() const;

 private:
  std::vector<Pair> pairs_;
};

}  // namespace tapedeck::http
