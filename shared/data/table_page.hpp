#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "data/column_type.hpp"
#include "data/facet.hpp"
#include "data/filter.hpp"
#include "data/page_metadata.hpp"
#include "data/row_cursor.hpp"
#include "data/stream_link.hpp"
#include "sqlite/catalogue.hpp"

/// What a table page and a row page show: one model for HTML, JSON and CSV. Paths hold base_url.
namespace tapedeck::data {

enum class SortDirection { kNone, kAscending, kDescending };

/// A column heading of the rows table.
struct ColumnHeading {
  std::string name;
  bool sortable = false;
  bool is_pk = false;
  /// Declared type and NOT NULL, as shown in the column's tooltip; "" where unknown.
  std::string type;
  bool not_null = false;
  /// Declared for numbers that are quantities: neither key nor reference.
  bool is_numeric = false;
  /// How its cells are shown, if the configuration says so.
  std::optional<ColumnKind> kind;
  std::string description;
  SortDirection sorted = SortDirection::kNone;
  /// Where a click on the heading leads: ascending first, then descending; "" when not sortable.
  std::string sort_path;
  // What the column's menu offers; "" leaves a link out.

  /// Unless the rows are sorted so already.
  std::string sort_descending_path;
  /// Adds `_facet=NAME`; not for columns with a facet.
  std::string facet_path;
  /// Adds `_nocol=NAME`; not for the key, which is always shown.
  std::string hide_path;
  /// Takes every `_col` and `_nocol` away, where there are any.
  std::string show_all_path;
  /// Adds `NAME__notblank=1`.
  std::string not_blank_path;
};

/// One row of the filter form.
struct FilterRow {
  std::string column;
  /// "exact", "gt", …; operators without an argument as "isnull__1".
  std::string op;
  std::string value;
};

struct ExtraWhere {
  std::string text;
  std::string remove_path;
};

struct TablePage {
  std::string database;
  std::string database_path;
  std::string table;
  std::string path;
  bool is_view = false;
  /// A declared one; without it `_shape=object` is refused.
  bool has_primary_key = false;
  PageMetadata metadata;
  /// Column name to description, from the metadata.
  std::vector<std::pair<std::string, std::string>> column_descriptions;
  /// At most kCountLimit; nothing when counting took too long or was not asked for.
  std::optional<std::int64_t> count;
  bool count_truncated = false;
  /// "" when there is no next page.
  std::string next_path;
  /// "where genre = "SF" sorted by rating descending", or "".
  std::string human_description;
  std::vector<FilterRow> filters;
  /// Columns offered by the filter and sort menus.
  std::vector<std::string> filter_columns;
  std::vector<std::string> sortable_columns;
  std::string sort_column;
  bool sort_descending = false;
  bool supports_search = false;
  std::string search;
  /// Arguments that the filter form has to carry along.
  std::vector<std::pair<std::string, std::string>> hidden_args;
  std::vector<ExtraWhere> extra_wheres;
  /// The page's statement in the SQL editor; "" for visitors who may not run SQL.
  std::string edit_sql_path;
  std::string json_path;
  std::string csv_path;
  /// Link to every row as one CSV stream.
  std::string csv_stream_path;
  /// The same in all formats.
  std::vector<StreamLink> stream_links;
  /// `_labels` is on: the CSV form starts with labels expanded.
  bool wants_labels = false;
  /// CREATE statements of the table and its indexes, or of the view.
  std::string definition;
  FacetResults facets;
  FacetLinks facet_links;
  /// Sets `_facet_size=max`; "" when it is set.
  std::string all_facet_values_path;
  /// One per result column.
  std::vector<ColumnHeading> columns;
  /// 0 = do not cut cells.
  int truncate_cells = 2048;
  /// Beginning of the links to referred rows by result column; "" when it is no expanded foreign
  /// key.
  std::vector<std::string> foreign_table_paths;
  std::unique_ptr<RowCursor> rows;
};

/// "Links from other tables" on a row page.
struct IncomingLink {
  /// Our column, to which the other one refers.
  std::string column;
  std::string other_table;
  std::string other_column;
  std::int64_t count = 0;
  std::string path;
  /// The other table's declaration does not name our column.
  bool is_implicit = false;
};

struct RowPage {
  std::string database;
  std::string database_path;
  std::string table;
  std::string table_path;
  /// Row path as it stands in the URL, and the key values behind it.
  std::string row_path;
  std::vector<std::string> primary_keys;
  std::vector<std::string> primary_key_values;
  /// Label of the row, or its key values joined by ", ".
  std::string heading;
  PageMetadata metadata;
  std::vector<ColumnHeading> columns;
  std::vector<std::string> foreign_table_paths;
  std::vector<IncomingLink> incoming_links;
  std::string json_path;
  std::unique_ptr<RowCursor> rows;
};

}  // namespace tapedeck::data
