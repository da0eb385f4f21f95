#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "data/table_page.hpp"
#include "instance/templates.hpp"
#include "render/row_writer.hpp"

/// The rows table of table and row pages.
namespace tapedeck::render {

/// Whether the first column leads to the row's own page.
enum class RowLinks { kYes, kNo };

/// Which rows to show and how; refers to the page's model.
struct RowsSource {
  data::RowCursor& cursor;
  const std::vector<data::ColumnHeading>& columns;
  const std::vector<std::string>& foreign_table_paths;
  /// "/db/table".
  std::string_view table_path;
  /// Code points per cell; 0 = all.
  std::size_t truncate_cells = 0;
  RowLinks links = RowLinks::kYes;
  /// Gives the path of a BLOB's bytes in rows that have no path; may be empty.
  BlobUrl blob_url = {};
  /// Where the rows grow beyond so many bytes, http::RequestError 400 is thrown.
  std::size_t max_bytes = SIZE_MAX;
};

/// A column as it is shown: the columns of the key stand first.
struct DisplayColumn {
  /// Index into the result; -1 for the `Link` column of compound keys and rowid tables.
  int index = -1;
  std::string name;
  std::string css_class;
  /// Null for the `Link` column.
  const data::ColumnHeading* heading = nullptr;
  bool is_pk = false;
};

struct TemplateCell {
  std::string type;
  std::string value;
  std::string html;
};
struct TemplateRow {
  std::string path;
  /// One per display column.
  std::vector<TemplateCell> cells;
};

struct RenderedRows {
  std::vector<DisplayColumn> columns;
  /// The <tr> elements, escaped.
  std::string html;
  /// The same rows cell by cell, if asked for.
  std::vector<TemplateRow> rows;
  std::int64_t count = 0;
};

/// What the template of the rows block works with.
enum class RowsDetail {
  kPrebuilt,  ///< {{ROWS_HTML:none}} alone
  kCells,     ///< also {{#ROW}} and {{#CELL}}, for a user's own template; about five times slower
};

/// Reads all rows of the cursor, once.
[[nodiscard]] RenderedRows render_rows(const RowsSource& source, RowsDetail detail);
/// Fills the template of the rows block, _table.html or a user's own.
void fill_rows_block(ctemplate::TemplateDictionary& block, const RenderedRows& rows);
/// {{>ROWS_TABLE}}: the rows block, from the first existing candidate.
void include_rows(const instance::Templates& templates, ctemplate::TemplateDictionary& dictionary,
                  const std::vector<std::string>& candidates, const RenderedRows& rows);
/// kCells when the chosen candidate is a template of the user's.
[[nodiscard]] RowsDetail detail_for(const instance::Templates& templates,
                                    const std::vector<std::string>& candidates);

}  // namespace tapedeck::render
