#include "render/typed_cell.hpp"

#include <algorithm>
#include <array>

#include "base/escape.hpp"
#include "base/text.hpp"
#include "render/json_text.hpp"

namespace tapedeck::render {

namespace {

/// Schemes that a link may have; a text without one leads to a page of this site.
constexpr auto kSafeSchemes = std::to_array<std::string_view>({"http", "https", "ftp", "mailto"});

/// Whether a link to `text` can only lead to a page. Browsers drop tabs and line ends inside a URL
/// and what stands before it (WHATWG URL section 4.4), so texts with control characters are none.
bool is_safe_target(std::string_view text) {
  const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20U; };
  if (std::ranges::any_of(text, is_control)) return false;
  const std::size_t end = text.find_first_of(":/?#");
  if (end == std::string_view::npos || text[end] != ':') return true;
  const std::string scheme = base::to_lower(text.substr(0, end));
  return std::ranges::find(kSafeSchemes, scheme) != kSafeSchemes.end();
}

void append_link(std::string& out, std::string_view scheme, std::string_view text) {
  out += "<a href=\"";
  out += scheme;
  base::append_html(out, text);
  out += "\">";
  base::append_html(out, text);
  out += "</a>";
}

/// Larger JSON is read by programs: it is shown as any long text.
constexpr std::size_t kLargestIndented = std::size_t{1024} * 1024;

/// JSON as it is read best; deep nesting as it is, since its indentation grows with the square.
std::string indented_text(std::string_view text) {
  constexpr std::size_t kMostGrowth = 4;
  constexpr std::size_t kSmall = 4096;
  const std::string compact = compact_json(text);
  return indented_json(compact, kMostGrowth * compact.size() + kSmall);
}

}  // namespace

bool append_typed_cell(std::string& out, data::ColumnKind kind, const sqlite::ValueView& value) {
  if (value.type != sqlite::ValueType::kText) return false;
  const std::string_view text = base::trim(value.bytes);
  if (text.empty()) return false;
  switch (kind) {
    case data::ColumnKind::kUrl:
      if (!is_safe_target(text)) return false;
      append_link(out, "", text);
      return true;
    case data::ColumnKind::kEmail:
      append_link(out, "mailto:", text);
      return true;
    case data::ColumnKind::kJson:
      if (text.size() > kLargestIndented || !is_json(text)) return false;
      out += "<pre>";
      base::append_html(out, indented_text(text));
      out += "</pre>";
      return true;
    case data::ColumnKind::kTextarea:
      break;
  }
  return false;
}

TypedCells::TypedCells(const std::vector<data::ResultColumn>& columns,
                       const std::vector<data::ColumnType>& types) {
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const data::ColumnType* type = data::find_type(types, columns[i].name);
    if (type == nullptr) continue;
    TypedColumn column{.key = {}, .index = static_cast<int>(i), .kind = type->kind};
    base::append_json_string(column.key, columns[i].name);
    column.key += ':';
    columns_.push_back(std::move(column));
  }
}

void TypedCells::add_row(const data::RowCursor& row) {
  if (text_.size() > 1) text_ += ',';
  text_ += '{';
  bool is_first = true;
  for (const TypedColumn& column : columns_) {
    cell_.clear();
    if (!append_typed_cell(cell_, column.kind, row.value(column.index))) continue;
    if (!is_first) text_ += ',';
    is_first = false;
    text_ += column.key;
    base::append_json_string(text_, cell_);
  }
  text_ += '}';
}

}  // namespace tapedeck::render
