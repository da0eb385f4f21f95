#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "data/page_metadata.hpp"
#include "data/row_cursor.hpp"
#include "data/stream_link.hpp"
#include "data/table_page.hpp"

namespace tapedeck::data {

/// What a query page shows: the SQL, the fields of its parameters, the rows or what went wrong.
struct QueryPage {
  std::string database;
  std::string database_path;
  /// Where the form leads: this page's own path.
  std::string path;
  /// Empty for custom SQL.
  std::string query_name;
  PageMetadata metadata;
  std::string sql;
  bool is_sql_hidden = false;
  /// The same page with the SQL shown or hidden; "" when there is nothing to toggle.
  std::string toggle_sql_path;
  /// Argument of this page by which the SQL is shown or hidden, carried along by its form; "" for
  /// none.
  std::string toggle_argument;
  /// The SQL of a stored query in the editor; "" where it may not be edited.
  std::string edit_sql_path;
  /// Name and value of each form field.
  std::vector<std::pair<std::string, std::string>> parameters;
  /// Whether the SQL can be changed on this page.
  bool is_editable = true;
  /// It is stored and writes: it is shown, and does not run here.
  bool is_write = false;
  std::string error;
  std::string json_path;
  std::string csv_path;
  /// Links to all rows, however many.
  std::vector<StreamLink> stream_links;
  std::vector<ColumnHeading> columns;
  int truncate_cells = 2048;
  /// Null when no SQL was run or it failed.
  std::unique_ptr<RowCursor> rows;
};

}  // namespace tapedeck::data
