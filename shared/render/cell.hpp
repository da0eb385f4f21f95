#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "sqlite/value.hpp"

/// The HTML of single cells: the one place outside templates/ where HTML is written, because a
/// dictionary per cell makes a page five times slower. Everything goes through base::append_html.
namespace tapedeck::render {

/// What a cell needs to know beside its value. Paths hold base_url and are encoded, not escaped.
struct CellContext {
  std::string_view column{};
  /// "/db/table/1,2" of the row; "" when rows have no key (views).
  std::string_view row_path{};
  /// Where the bytes of a BLOB are had in rows without a path; "" for nowhere.
  std::string_view blob_path{};
  /// Code points shown; 0 = all.
  std::size_t truncate_cells = 0;
  /// When `label` is set, what the value stands behind in the link: "/db/table/", or
  /// "/db/table?column=" where the key refers to another column than the primary key.
  std::string_view foreign_table_path{};
  /// Label of the referred row of an expanded foreign key.
  std::optional<std::string_view> label{};
};

/// Appends the content of one cell:
///   NULL, empty text      &nbsp;
///   BLOB                  <Binary: 1,024 bytes>, linked to the bytes where they have a path
///   expanded foreign key  the label, linked, and the value (no second time when it is the label)
///   http(s) URL           a link, its text shortened in the middle before the extension
///   anything else         the text, cut after truncate_cells code points with "…"
/// Source: spec/config-cli.md section 5, "Cells".
void append_cell_html(std::string& out, const sqlite::ValueView& value, const CellContext& context);

/// "int", "float", "str", "bytes", "none": class type-… of a cell.
[[nodiscard]] std::string_view cell_type(const sqlite::ValueView& value);

/// A name as CSS class and as part of a template's file name: as it is when it matches
/// [a-zA-Z]+[_a-zA-Z0-9-]*, else what is left of it and 6 digits of its MD5: "Food Trucks" is
/// "Food-Trucks-399138", "-" is "336d5e". Only letters, digits, "_" and "-" come out.
/// Source: spec/config-cli.md section 4.
[[nodiscard]] std::string css_class(std::string_view name);

}  // namespace tapedeck::render
