#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tapedeck::sqlite {

/// What a CREATE VIRTUAL TABLE statement says.
struct VirtualTable {
  /// Lower case.
  std::string module;
  /// As they are written, without white space around; they point into the statement.
  std::vector<std::string_view> arguments;

  [[nodiscard]] bool is_fts() const { return module.starts_with("fts"); }
  /// What `content=` among the arguments of a full-text table names, as it is written, quotes
  /// included; the last where there are several. Nothing without it, and for another module.
  [[nodiscard]] std::optional<std::string_view> content() const;
};

/// Nothing for any other statement.
[[nodiscard]] std::optional<VirtualTable> parse_virtual_table(std::string_view sql);

/// Whether `fts_sql` makes a full-text index with the content of `table`: quoted, single-quoted,
/// bracketed and unquoted `content=` count.
[[nodiscard]] bool is_fts_for(std::string_view fts_sql, std::string_view table);
/// Whether `_search` uses that index of its own accord. Not with `content='table'` in single
/// quotes: Datasette does not see such an index, its clients get all rows for any `_search`, and it
/// waits for `fts_table` in the configuration. Cases tagged search in tests/conformance.
[[nodiscard]] bool is_searched_by(std::string_view fts_sql, std::string_view table);

}  // namespace tapedeck::sqlite
