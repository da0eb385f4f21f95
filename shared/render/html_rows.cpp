#include "render/html_rows.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include <ctemplate/template_dictionary.h>

#include "base/escape.hpp"
#include "data/size_limit.hpp"
#include "render/cell.hpp"
#include "render/html_page.hpp"
#include "render/typed_cell.hpp"

namespace tapedeck::render {
namespace {

using ctemplate::TemplateDictionary;

/// The one column whose values are the row paths and link to the rows; -1 when there is none.
int linking_column(const RowsSource& source) {
  const std::vector<int>& keys = source.cursor.key_columns();
  if (source.links == RowLinks::kNo || keys.size() != 1) return -1;
  // The rowid is no column of the table; such tables get a Link column instead.
  const auto key = static_cast<std::size_t>(keys.front());
  return source.cursor.columns()[key].column == nullptr ? -1 : keys.front();
}

DisplayColumn display_column(const RowsSource& source, int index, bool is_pk) {
  const data::ColumnHeading& heading = source.columns[static_cast<std::size_t>(index)];
  return {.index = index,
          .name = heading.name,
          .css_class = css_class(heading.name),
          .heading = &heading,
          .is_pk = is_pk};
}

std::vector<DisplayColumn> display_columns(const RowsSource& source) {
  std::vector<DisplayColumn> shown;
  const int count = static_cast<int>(source.columns.size());
  const int linking = linking_column(source);
  if (linking >= 0) {
    shown.push_back(display_column(source, linking, true));
  } else if (source.links == RowLinks::kYes && source.cursor.has_key()) {
    shown.push_back({.index = -1, .name = "Link", .css_class = "Link", .is_pk = true});
  }
  const auto goes_first = [&](int index) {
    return source.links == RowLinks::kNo && source.columns[static_cast<std::size_t>(index)].is_pk;
  };
  for (int index = 0; index < count; ++index) {
    if (goes_first(index)) shown.push_back(display_column(source, index, true));
  }
  for (int index = 0; index < count; ++index) {
    if (index == linking || goes_first(index)) continue;
    shown.push_back(display_column(source, index, false));
  }
  return shown;
}

/// Writes the cells of one page; what repeats in every row is made once.
class CellWriter {
 public:
  CellWriter(const RowsSource& source, const std::vector<DisplayColumn>& columns)
      : source_(source), columns_(columns) {
    for (const DisplayColumn& column : columns) {
      const bool is_numeric = column.heading != nullptr && column.heading->is_numeric;
      openings_.push_back("<td class=\"col-" + column.css_class +
                          (is_numeric ? " numeric type-" : " type-"));
      labels_.push_back("\" data-label=\"" + base::escape_html(column.name) + "\">");
    }
  }

  /// Takes over the cursor's current row.
  void begin_row() {
    row_path_.clear();
    if (!source_.cursor.has_key()) return;
    row_path_ = source_.table_path;
    row_path_ += '/';
    row_path_ += source_.cursor.row_path();
  }
  [[nodiscard]] const std::string& row_path() const { return row_path_; }

  void append_cell(std::string& out, std::size_t place) const {
    const sqlite::ValueView value = this->value(place);
    out += openings_[place];
    out += type(place, value);
    out += labels_[place];
    // What is cut to a few characters need not be measured.
    if (value.type == sqlite::ValueType::kText && source_.truncate_cells == 0) {
      data::require_within(out.size() + value.bytes.size(), source_.max_bytes);
    }
    append_content(out, place, value);
    out += "</td>";
    data::require_within(out.size(), source_.max_bytes);
  }

  /// NULL for the Link column.
  [[nodiscard]] sqlite::ValueView value(std::size_t place) const {
    const int index = columns_[place].index;
    return index < 0 ? sqlite::ValueView{} : source_.cursor.value(index);
  }

  [[nodiscard]] std::string_view type(std::size_t place, const sqlite::ValueView& value) const {
    return columns_[place].is_pk ? "pk" : cell_type(value);
  }

  void append_content(std::string& out, std::size_t place, const sqlite::ValueView& value) const {
    const DisplayColumn& column = columns_[place];
    if (column.is_pk && source_.links == RowLinks::kYes) {
      append_row_link(out);
      return;
    }
    const auto index = static_cast<std::size_t>(column.index);
    const auto kind = source_.columns[index].kind;
    if (kind && append_typed_cell(out, *kind, value)) return;
    CellContext context{
        .column = column.name, .row_path = row_path_, .truncate_cells = source_.truncate_cells};
    std::string blob_path;
    if (value.type == sqlite::ValueType::kBlob && row_path_.empty() && source_.blob_url) {
      blob_path = source_.blob_url(row_path_, column.name, value.bytes);
      context.blob_path = blob_path;
    }
    std::string label;
    if (index < source_.foreign_table_paths.size() && !source_.foreign_table_paths[index].empty()) {
      context.foreign_table_path = source_.foreign_table_paths[index];
      if (const auto found = source_.cursor.label(column.index)) {
        label = sqlite::to_text(sqlite::view_of(*found));
        context.label = label;
      }
    }
    if (column.is_pk) out += "<strong>";
    append_cell_html(out, value, context);
    if (column.is_pk) out += "</strong>";
  }

  /// The key values as people read them, joined by commas.
  [[nodiscard]] std::string key_text() const {
    std::string text;
    for (const int index : source_.cursor.key_columns()) {
      if (!text.empty()) text += ',';
      sqlite::append_text(text, source_.cursor.value(index));
    }
    return text;
  }

 private:
  /// Whether the row's address leads to it: a NULL in the key has none, nor has an empty text
  /// alone.
  [[nodiscard]] bool has_address() const {
    const std::vector<int>& keys = source_.cursor.key_columns();
    return !row_path_.ends_with('/') &&
           std::ranges::none_of(keys, [&](int key) { return source_.cursor.value(key).is_null(); });
  }

  void append_row_link(std::string& out) const {
    const std::string text = key_text();
    if (!has_address()) return base::append_html(out, text.empty() ? std::string_view("-") : text);
    out += "<a href=\"";
    base::append_html(out, row_path_);
    out += "\">";
    // A link without text could be neither seen nor clicked.
    base::append_html(out, text.empty() ? std::string_view("-") : std::string_view(text));
    out += "</a>";
  }

  const RowsSource& source_;
  const std::vector<DisplayColumn>& columns_;
  std::vector<std::string> openings_;
  std::vector<std::string> labels_;
  std::string row_path_;
};

/// Adds to `bytes` what the row takes, and throws where that is more than `max_bytes`.
TemplateRow template_row(const CellWriter& writer, const std::vector<DisplayColumn>& columns,
                         std::size_t& bytes, std::size_t max_bytes) {
  TemplateRow row{.path = writer.row_path(), .cells = {}};
  for (std::size_t place = 0; place < columns.size(); ++place) {
    const sqlite::ValueView value = writer.value(place);
    TemplateCell cell{.type = std::string(writer.type(place, value)), .value = {}, .html = {}};
    cell.value = columns[place].index < 0 ? writer.key_text() : sqlite::to_text(value);
    writer.append_content(cell.html, place, value);
    bytes += cell.value.size() + cell.html.size();
    data::require_within(bytes, max_bytes);
    row.cells.push_back(std::move(cell));
  }
  return row;
}

bool has_menu(const data::ColumnHeading& heading) {
  return std::ranges::any_of(
      std::to_array<const std::string*>(
          {&heading.sort_descending_path, &heading.facet_path, &heading.hide_path,
           &heading.show_all_path, &heading.not_blank_path, &heading.type, &heading.description}),
      [](const std::string* text) { return !text->empty(); });
}

void fill_heading(TemplateDictionary& heading, const DisplayColumn& column) {
  set_value(heading, "NAME", column.name);
  set_value(heading, "CSS_CLASS", column.css_class);
  show_if(heading, "IF_PK", column.is_pk);
  if (column.heading == nullptr) {
    heading.ShowSection("IF_NOT_SORTABLE");
    return;
  }
  const data::ColumnHeading& source = *column.heading;
  using enum data::SortDirection;
  set_optional(heading, "SORT_PATH", source.sort_path);
  show_if(heading, "IF_NOT_SORTABLE", source.sort_path.empty());
  show_if(heading, "IF_ASCENDING", source.sorted == kAscending);
  show_if(heading, "IF_DESCENDING", source.sorted == kDescending);
  set_optional(heading, "SORT_DESCENDING_PATH", source.sort_descending_path);
  set_optional(heading, "FACET_PATH", source.facet_path);
  set_optional(heading, "HIDE_PATH", source.hide_path);
  set_optional(heading, "SHOW_ALL_PATH", source.show_all_path);
  set_optional(heading, "NOT_BLANK_PATH", source.not_blank_path);
  set_optional(heading, "TYPE", source.type);
  show_if(heading, "IF_NOT_NULL", source.not_null);
  show_if(heading, "IF_NUMERIC", source.is_numeric);
  set_optional(heading, "DESCRIPTION", source.description);
  show_if(heading, "IF_MENU", has_menu(source));
}

/// The name of a column inside a variable's name: what ctemplate does not allow there is "_".
std::string variable_part(std::string_view css_class_of_column) {
  std::string part(css_class_of_column);
  std::ranges::replace(part, '-', '_');
  return part;
}

void fill_row(TemplateDictionary& dictionary, const TemplateRow& row,
              const std::vector<DisplayColumn>& columns) {
  set_optional(dictionary, "ROW_PATH", row.path);
  for (std::size_t place = 0; place < columns.size(); ++place) {
    const TemplateCell& cell = row.cells[place];
    TemplateDictionary& inner = *dictionary.AddSectionDictionary("CELL");
    set_value(inner, "NAME", columns[place].name);
    set_value(inner, "CSS_CLASS", columns[place].css_class);
    set_value(inner, "TYPE", cell.type);
    set_value(inner, "VALUE", cell.value);
    set_value(inner, "CELL_HTML", cell.html);
    // The two prefixes differ so that no column's name turns its raw value into a prebuilt one.
    const std::string part = variable_part(columns[place].css_class);
    set_value(dictionary, "VALUE_" + part, cell.value);
    set_value(dictionary, "HTML_" + part, cell.html);
  }
}

}  // namespace

RenderedRows render_rows(const RowsSource& source, RowsDetail detail) {
  constexpr std::size_t kUsualPage = std::size_t{120} * 1024;  // 100 rows of 10 columns
  RenderedRows result;
  result.columns = display_columns(source);
  result.html.reserve(kUsualPage);
  CellWriter writer(source, result.columns);
  std::size_t template_bytes = 0;
  while (source.cursor.next()) {
    ++result.count;
    writer.begin_row();
    if (detail == RowsDetail::kCells) {
      result.rows.push_back(template_row(writer, result.columns, template_bytes, source.max_bytes));
    }
    result.html += "<tr>";
    for (std::size_t place = 0; place < result.columns.size(); ++place) {
      writer.append_cell(result.html, place);
    }
    result.html += "</tr>\n";
  }
  return result;
}

RowsDetail detail_for(const instance::Templates& templates,
                      const std::vector<std::string>& candidates) {
  return templates.is_users_own(templates.choose(candidates)) ? RowsDetail::kCells
                                                              : RowsDetail::kPrebuilt;
}

void fill_rows_block(TemplateDictionary& block, const RenderedRows& rows) {
  for (const DisplayColumn& column : rows.columns) {
    fill_heading(*block.AddSectionDictionary("HEADING"), column);
  }
  show_if(block, "IF_MENUS", std::ranges::any_of(rows.columns, [](const DisplayColumn& column) {
            return column.heading != nullptr && has_menu(*column.heading);
          }));
  block.SetValueWithoutCopy("ROWS_HTML",
                            ctemplate::TemplateString(rows.html.data(), rows.html.size()));
  show_if(block, "IF_ROWS", rows.count > 0);
  show_if(block, "IF_NO_ROWS", rows.count == 0);
  for (const TemplateRow& row : rows.rows) {
    fill_row(*block.AddSectionDictionary("ROW"), row, rows.columns);
  }
}

void include_rows(const instance::Templates& templates, TemplateDictionary& dictionary,
                  const std::vector<std::string>& candidates, const RenderedRows& rows) {
  templates.include(dictionary, "ROWS_TABLE", candidates,
                    [&](TemplateDictionary& block) { fill_rows_block(block, rows); });
}

}  // namespace tapedeck::render
