#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json.hpp>

#include "sqlite/catalogue.hpp"

namespace tapedeck::data {

/// A configured facet: kind "column", "date" or "array".
struct FacetSetting {
  std::string kind;
  std::string column;
};

/// What the configuration says about one table or view. Source: spec/config-cli.md section 1.3.
struct TableConfig {
  /// Default sort column; empty = by primary key.
  std::string sort;
  bool sort_descending = false;
  /// "max" is max_returned_rows.
  std::optional<int> size;
  bool size_is_max = false;
  /// Nothing = every column.
  std::optional<std::vector<std::string>> sortable_columns;
  bool hidden = false;
  std::string label_column;
  std::vector<FacetSetting> facets;
  std::optional<int> facet_size;
  bool facet_size_is_max = false;
  std::string fts_table;
  std::string fts_pk;
  bool raw_search = false;
};

/// `object` may be null.
[[nodiscard]] TableConfig read_table_config(const boost::json::object* object);

/// The column that names a row of `table` to people; nothing when there is none.
/// Source: spec/table-json.md section 10.
[[nodiscard]] std::optional<std::string> label_column(const sqlite::Table& table,
                                                      const TableConfig& config);

}  // namespace tapedeck::data
