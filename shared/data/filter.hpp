#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "data/params.hpp"
#include "http/query_string.hpp"

/// Filters: every argument that does not start with "_", and every argument with "__" in it.
///
/// Shape:   COLUMN=V or COLUMN__OP=V, split at the last "__"; an unknown OP is ignored. Sorted by
///          (key, value); all conditions hold together. Values are bound as text, digits of the
///          four comparisons and numbers of JSON lists as numbers; SQLite's affinity does the rest.
/// Errors:  http::RequestError 400 for a broken JSON list and for more than 5,000 values.
/// Source:  spec/table-json.md section 8.
namespace tapedeck::data {

struct Filter {
  std::string column;
  std::string op;
  std::string value;
};

/// The conditions of a request, ready to be joined with "and", and the same in words.
struct FilterClauses {
  std::vector<std::string> sql;
  std::vector<std::string> descriptions;
  /// Filters with a known operator, for the filter form.
  std::vector<Filter> filters;
};

/// An entry of the operator menu: name as submitted ("isnull__1" for those without an argument),
/// label as shown.
struct FilterOperator {
  std::string_view name;
  std::string_view label;
};
/// Key of the argument that keeps the rows whose `column` equals its value: the name alone, where
/// that is not read as something else.
[[nodiscard]] std::string equality_key(std::string_view column);
/// In the order of the menu.
[[nodiscard]] const std::vector<FilterOperator>& filter_operators();

[[nodiscard]] FilterClauses build_filters(const http::QueryString& query, std::string_view table,
                                          NamedParams& params);

}  // namespace tapedeck::data
