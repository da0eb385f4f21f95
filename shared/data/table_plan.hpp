#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/settings.hpp"
#include "data/filter.hpp"
#include "data/next_token.hpp"
#include "data/params.hpp"
#include "data/row_cursor.hpp"
#include "data/table_config.hpp"
#include "data/through.hpp"
#include "http/query_string.hpp"
#include "sqlite/catalogue.hpp"
#include "sqlite/connection.hpp"

namespace tapedeck::data {

/// The largest number that a row count reaches; beyond it says only "more than 10,000".
inline constexpr std::int64_t kCountLimit = 10001;

/// How a table or view request reads its rows: SQL and parameters side by side, and what pages say
/// about them. Made from the query string and the configuration alone, but for the value behind a
/// `_next` token.
struct TablePlan {
  std::vector<ResultColumn> columns;
  /// Indexes of the key values in `columns`, in key order; empty for views.
  std::vector<int> key_columns;
  /// "[rowid, ]a, b" and the sort column where it is not shown.
  std::string select_list;
  /// Quoted name.
  std::string from;
  /// Conditions of filters, _where and search; joined with "and". Without the `_next` condition.
  std::vector<std::string> where;
  /// The condition that continues after the `_next` token, or "".
  std::string after_token;
  NamedParams params;
  /// How many of them the conditions in `where` have; the token's follow.
  std::size_t params_before_token = 0;
  std::string order_by;
  /// Rows to skip, on views.
  std::int64_t offset = 0;
  int page_size = 100;
  /// RowCursor::Options::keeps has a say: nobody knows how many rows a page has to read.
  bool is_filtered_while_reading = false;

  std::string sort_column;  ///< "" when the page has no sort
  /// Where the sort value stands in the result; behind the shown columns when it is not one of
  /// them.
  std::optional<int> sort_index;
  bool sort_descending = false;
  /// Where the rowid stands in the result, behind everything else: keys of ordinary tables may be
  /// NULL, any number of them, and then only the rowid brings rows into one order.
  std::optional<int> rowid_index;
  std::string rowid_name;
  /// Keys that hold no NULL may be equal as well: a column like any other is called rowid.
  bool is_key_ambiguous = false;
  /// The request carries `_where`: the SQL is a stranger's.
  bool is_visitor_sql = false;
  std::vector<std::string> extra_wheres;

  /// The full-text table that `_search` looks into; nothing when there is none.
  std::optional<std::string> fts_table;
  std::string search;
  std::vector<Filter> filters;
  /// "where … sorted by …", or "".
  std::string human_description;

  /// select … where … order by … limit page_size + 1, or no limit when rows are filtered while they
  /// are read.
  [[nodiscard]] std::string page_sql() const;
  /// All rows in page order, for streams.
  [[nodiscard]] std::string stream_sql() const;
  /// The token for what follows the page that `rows` has given. REQUIRES: rows.has_more().
  [[nodiscard]] std::string next_token(const RowCursor& rows) const;
  /// " from … where …": the filtered rows that meet `condition` as well; "" = all of them.
  [[nodiscard]] std::string from_where(const std::string& condition = {}) const;
  /// Counts the filtered rows up to kCountLimit; says nothing about the page.
  [[nodiscard]] std::string count_sql() const;
};

/// What a plan is made of.
struct TablePlanInput {
  const sqlite::Table& table;
  const TableConfig& config;
  const http::QueryString& query;
  const config::Settings& settings;
  /// Foreign keys whose columns are to be expanded get their ResultColumn::foreign_key.
  bool expand_labels = false;
  /// The full-text table that is searched; "" without one.
  std::string fts_table = {};
  /// It, where it is there: to search another is an error.
  const sqlite::Table* fts = nullptr;
  /// What `_through` asks for, found in the catalogue and allowed.
  std::vector<ThroughFilter> through = {};
};

/// Throws http::RequestError 400 for arguments that do not fit the table. `connection` serves to
/// find the row behind a sorted `_next` token (its value's type cannot be told from the text).
[[nodiscard]] TablePlan plan_table(const TablePlanInput& input, sqlite::Connection& connection);

/// Whether the configuration or a request may name it: spelled as it is declared, as for the peer,
/// or the rowid of a table without a key.
[[nodiscard]] bool is_column(const sqlite::Table& table, std::string_view name);
/// Columns that may be sorted by.
[[nodiscard]] bool is_sortable(const sqlite::Table& table, const TableConfig& config,
                               std::string_view column);

}  // namespace tapedeck::data
