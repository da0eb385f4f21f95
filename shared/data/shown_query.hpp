#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "data/table_plan.hpp"
#include "sqlite/value.hpp"

/// The statement behind a page as Datasette writes it, for people and for clients that compare.
/// What runs orders ties by the key on every page and binds the values of tokens with their types.
/// Source: spec/table-json.md section 7; cases tagged extra_query in tests/conformance.
namespace tapedeck::data {

struct ShownQuery {
  std::string sql;
  std::vector<std::pair<std::string, sqlite::Value>> params;
};

/// The statement of a table page that continues after the token `next`.
[[nodiscard]] ShownQuery shown_query(const TablePlan& plan, const sqlite::Table& table,
                                     std::string_view next);
/// The statement that counts the rows.
[[nodiscard]] std::string shown_count_sql(const TablePlan& plan);

}  // namespace tapedeck::data
