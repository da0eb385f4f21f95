#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "data/column_type.hpp"
#include "data/row_cursor.hpp"
#include "sqlite/value.hpp"

/// Cells of columns that have a type, as HTML. Source: spec/config-cli.md section 1.3.
namespace tapedeck::render {

/// Appends the content of a cell as its column's type shows it:
///   url     a link to the text; not where its scheme could run a script
///   email   a mailto: link
///   json    the text indented, in a <pre>
/// False, and nothing appended, where the cell looks like any other: no text, blank text, text that
/// is no JSON, and every textarea.
[[nodiscard]] bool append_typed_cell(std::string& out, data::ColumnKind kind,
                                     const sqlite::ValueView& value);

/// The list of the extra `render_cell`, made while rows pass by: one object per row, with the cells
/// that a type shows.
class TypedCells {
 public:
  TypedCells(const std::vector<data::ResultColumn>& columns,
             const std::vector<data::ColumnType>& types);
  /// Takes the cursor's current row.
  void add_row(const data::RowCursor& row);
  /// The list so far, without its closing bracket.
  [[nodiscard]] const std::string& text() const { return text_; }
  [[nodiscard]] std::string list() const { return text_ + "]"; }

 private:
  struct TypedColumn {
    std::string key;  ///< "name": with its colon
    int index = 0;
    data::ColumnKind kind = data::ColumnKind::kTextarea;
  };
  std::vector<TypedColumn> columns_;
  std::string text_ = "[";
  std::string cell_;
};

}  // namespace tapedeck::render
