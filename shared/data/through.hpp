#pragma once

#include <string>
#include <vector>

#include "data/params.hpp"
#include "http/query_string.hpp"
#include "sqlite/catalogue.hpp"
#include "sqlite/value.hpp"

/// `_through={"table": T, "column": C, "value": V}`: rows that a row of T with C = V refers to by
/// T's first foreign key to this table. Repeatable; all hold together.
///
/// Errors:  http::RequestError 400 for broken JSON and for a table, key or column that is not
/// there. Source:  spec/table-json.md section 8.
namespace tapedeck::data {

/// What one argument asks for; not yet held against the database. Whoever runs it asks first
/// whether `table` may be seen.
struct Through {
  std::string table;
  std::string column;
  sqlite::Value value;
};

/// Throws for an argument that is no such JSON object.
[[nodiscard]] std::vector<Through> parse_through(const http::QueryString& query);

/// A Through whose way to the table is known.
struct ThroughFilter {
  Through through;
  /// The foreign key: a column of `through.table`, and the column of ours that it refers to.
  std::string their_column;
  std::string our_column;

  /// The condition, with its parameter added to `params`.
  [[nodiscard]] std::string sql(NamedParams& params) const;
  /// "T.C = "V"".
  [[nodiscard]] std::string description() const;
};

/// Throws when there is no such way from `table`.
[[nodiscard]] ThroughFilter find_way(const sqlite::Catalogue& catalogue, const sqlite::Table& table,
                                     Through through);

}  // namespace tapedeck::data
