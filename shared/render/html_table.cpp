#include "render/html_table.hpp"

#include <algorithm>
#include <cstddef>
#include <string_view>
#include <utility>
#include <vector>

#include <ctemplate/template_dictionary.h>

#include "base/escape.hpp"
#include "base/text.hpp"
#include "data/size_limit.hpp"
#include "http/query_string.hpp"
#include "http/url.hpp"
#include "render/cell.hpp"
#include "render/html_rows.hpp"

namespace tapedeck::render {
namespace {

using ctemplate::TemplateDictionary;

/// A link of the model, taken apart: forms carry its arguments as hidden fields.
struct Link {
  std::string path;
  http::QueryString query;
};

Link take_apart(std::string_view link) {
  const std::size_t mark = link.find('?');
  Link parts{.path = std::string(link.substr(0, mark)), .query = {}};
  if (mark != std::string_view::npos) parts.query = http::QueryString(link.substr(mark + 1));
  return parts;
}

/// `link` with one more argument, or with another value for it.
std::string with_argument(std::string_view link, const std::string& key, std::string value) {
  Link parts = take_apart(link);
  parts.query.set(key, std::move(value));
  return http::with_query(parts.path, parts.query);
}

/// Menus are written like cells: a dictionary per entry made them the dearest part of a page.
void append_option(std::string& out, std::string_view value, std::string_view label,
                   std::string_view selected) {
  out += "<option value=\"";
  base::append_html(out, value);
  out += value == selected ? "\" selected>" : "\">";
  base::append_html(out, label);
  out += "</option>\n";
}

std::string column_options(const std::vector<std::string>& columns, std::string_view selected) {
  std::string out;
  // A column that the menu does not offer keeps its place in the form all the same.
  if (!selected.empty() && std::ranges::find(columns, selected) == columns.end()) {
    append_option(out, selected, selected, selected);
  }
  for (const std::string& column : columns) {
    // An empty value is the form's own entry for no column.
    if (!column.empty()) append_option(out, column, column, selected);
  }
  return out;
}

std::string operator_options(std::string_view selected) {
  std::string out;
  for (const data::FilterOperator& op : data::filter_operators()) {
    append_option(out, op.name, op.label, selected);
  }
  return out;
}

void add_filter(TemplateDictionary& form, const data::TablePage& page,
                const data::FilterRow& filter, std::size_t number, data::SizeBudget& budget) {
  TemplateDictionary& row = *form.AddSectionDictionary("FILTER");
  const bool is_new = number == 0;
  set_value(row, "SUFFIX", is_new ? std::string() : "_" + std::to_string(number));
  show_if(row, is_new ? "IF_NEW" : "IF_ACTIVE", true);
  set_value(row, "FILTER_VALUE", filter.value);
  const std::string columns = column_options(page.filter_columns, filter.column);
  const std::string operators = operator_options(filter.op);
  budget.spend(columns.size() + operators.size());
  set_value(row, "COLUMN_OPTIONS_HTML", columns);
  set_value(row, "OPERATOR_OPTIONS_HTML", operators);
}

void add_hidden(TemplateDictionary& form, const char* section, std::string_view name,
                std::string_view value) {
  TemplateDictionary& field = *form.AddSectionDictionary(section);
  set_value(field, "NAME", name);
  set_value(field, "VALUE", value);
}

void fill_form(TemplateDictionary& content, const data::TablePage& page, data::SizeBudget& budget) {
  if (page.supports_search) {
    content.ShowSection("IF_SEARCH");
    set_value(content, "SEARCH", page.search);
  }
  std::size_t number = 0;
  for (const data::FilterRow& filter : page.filters)
    add_filter(content, page, filter, ++number, budget);
  add_filter(content, page, {.column = "", .op = "exact", .value = ""}, 0, budget);
  if (!page.sortable_columns.empty()) {
    content.ShowSection("IF_SORT");
    set_value(content, "SORT_OPTIONS_HTML",
              column_options(page.sortable_columns, page.sort_column));
    show_if(content, "IF_SORT_DESCENDING", page.sort_descending);
  }
  for (const auto& [name, value] : page.hidden_args) {
    add_hidden(content, "HIDDEN_FIELD", name, value);
  }
}

/// Whether the page's own argument has no place in the CSV form: the form sets it itself, or it
/// does nothing for the rows of an export.
bool is_left_out_of_csv_form(std::string_view name) {
  return name == "_dl" || name == "_stream" || name == "_labels" || name == "_size" ||
         name == "_next" || name.starts_with("_facet");
}

void fill_csv_form(TemplateDictionary& content, const data::TablePage& page) {
  const Link csv = take_apart(page.csv_path);
  set_value(content, "CSV_ACTION", csv.path);
  for (const auto& [name, value] : csv.query.pairs()) {
    if (!is_left_out_of_csv_form(name)) add_hidden(content, "CSV_FIELD", name, value);
  }
  add_hidden(content, "CSV_FIELD", "_size", "max");
  const auto& paths = page.foreign_table_paths;
  show_if(content, "IF_EXPANDABLE",
          std::ranges::any_of(paths, [](const std::string& path) { return !path.empty(); }));
  show_if(content, "IF_LABELS", page.wants_labels);
  set_optional(content, "CSV_STREAM_PATH", page.csv_stream_path);
}

void fill_exports(TemplateDictionary& content, const data::TablePage& page) {
  set_value(content, "JSON_PATH", page.json_path);
  set_value(content, "CSV_PATH", page.csv_path);
  set_value(content, "JSON_ARRAY_PATH", with_argument(page.json_path, "_shape", "array"));
  set_value(content, "JSON_LINES_PATH",
            with_argument(with_argument(page.json_path, "_shape", "array"), "_nl", "on"));
  if (page.has_primary_key) {
    set_optional(content, "JSON_OBJECT_PATH", with_argument(page.json_path, "_shape", "object"));
  }
  fill_csv_form(content, page);
  fill_streams(content, page.stream_links);
}

std::string label_of(const data::FacetValue& value) {
  std::string label = sqlite::to_text(sqlite::view_of(value.label ? *value.label : value.value));
  return label.empty() ? "-" : label;
}

/// Panels of the facets, the suggestions, and what took too long.
void fill_facets(TemplateDictionary& content, const data::TablePage& page,
                 data::SizeBudget& budget) {
  const auto link = [&](std::string_view query) {
    budget.spend(query.size());
    return http::with_query(page.path, query);
  };
  for (const data::FacetSuggestion& suggestion : page.facets.suggestions) {
    content.ShowSection("IF_SUGGESTIONS");
    TemplateDictionary& entry = *content.AddSectionDictionary("SUGGESTION");
    set_value(entry, "NAME", suggestion.column);
    set_value(entry, "PATH",
              link(page.facet_links.added(suggestion)) + "#facet-" + css_class(suggestion.column));
    if (suggestion.kind != data::FacetKind::kColumn) {
      set_optional(entry, "TYPE", data::info_of(suggestion.kind).name);
    }
  }
  set_optional(content, "TIMED_OUT", base::join(page.facets.timed_out, ", "));
  for (const data::Facet* facet : page.facets.sorted()) {
    content.ShowSection("IF_FACETS");
    TemplateDictionary& panel = *content.AddSectionDictionary("FACET");
    set_value(panel, "NAME", facet->column);
    if (facet->kind != data::FacetKind::kColumn) {
      set_optional(panel, "TYPE", data::info_of(facet->kind).name);
    }
    // The key, since two kinds may facet one column and an id stands for one element.
    const std::string id = css_class(facet->key);
    set_value(panel, "CSS_CLASS", id);
    const std::string total = base::with_thousands_commas(std::ssize(facet->values));
    set_value(panel, "TOTAL", facet->is_truncated ? ">" + total : total);
    if (facet->is_hideable) set_optional(panel, "REMOVE_PATH", link(facet->without.encoded()));
    show_if(panel, "IF_TRUNCATED", facet->is_truncated);
    if (page.all_facet_values_path.empty()) {
      panel.ShowSection("IF_NO_ALL_VALUES_PATH");
    } else {
      set_optional(panel, "ALL_VALUES_PATH", page.all_facet_values_path + "#facet-" + id);
    }
    for (const data::FacetValue& value : facet->values) {
      TemplateDictionary& entry = *panel.AddSectionDictionary("VALUE");
      set_value(entry, "LABEL", label_of(value));
      set_value(entry, "PATH", link(page.facet_links.toggled(*facet, value)));
      set_value(entry, "COUNT", base::with_thousands_commas(value.count));
      show_if(entry, "IF_SELECTED", value.is_selected);
    }
  }
}

/// "1,234 rows where …"; without a count only the description.
std::string count_line(const data::TablePage& page) {
  std::string line = page.count ? rows_text(page.count, page.count_truncated) : "";
  if (page.human_description.empty()) return line;
  if (line.empty()) line = "Rows";
  return line + " " + page.human_description;
}

std::vector<std::string> rows_templates(const data::TablePage& page) {
  const std::string of_table = css_class(page.database) + "-" + css_class(page.table) + ".html";
  return {"_table-" + of_table, "_table-table-" + of_table, "_table.html"};
}

RenderedRows read_rows(instance::Instance& instance, data::TablePage& page,
                       const std::vector<std::string>& candidates) {
  return render_rows({.cursor = *page.rows,
                      .columns = page.columns,
                      .foreign_table_paths = page.foreign_table_paths,
                      .table_path = page.path,
                      .truncate_cells = static_cast<std::size_t>(std::max(page.truncate_cells, 0)),
                      .links = RowLinks::kYes,
                      .max_bytes = data::max_answer_bytes(instance.settings())},
                     detail_for(instance.templates(), candidates));
}

}  // namespace

std::string table_html(instance::Instance& instance, const PageFrame& frame, data::TablePage& page,
                       const std::function<void()>& complete) {
  const instance::Templates& templates = instance.templates();
  const std::vector<std::string> rows_candidates = rows_templates(page);
  const RenderedRows rows = read_rows(instance, page, rows_candidates);
  complete();

  data::SizeBudget budget(data::max_answer_bytes(instance.settings()));
  budget.spend(rows.html.size());

  const auto fill = [&](TemplateDictionary& content) {
    set_value(content, "HEADING", page.metadata.title.empty() ? page.table : page.metadata.title);
    set_value(content, "DATABASE", page.database);
    set_value(content, "DATABASE_PATH", page.database_path);
    set_value(content, "TABLE", page.table);
    set_value(content, "TABLE_PATH", page.path);
    show_if(content, "IF_VIEW", page.is_view);
    include_description(templates, content, page.metadata);
    for (const auto& [column, description] : page.column_descriptions) {
      content.ShowSection("IF_COLUMN_DESCRIPTIONS");
      TemplateDictionary& entry = *content.AddSectionDictionary("COLUMN_DESCRIPTION");
      set_value(entry, "NAME", column);
      set_value(entry, "DESCRIPTION", description);
    }
    set_optional(content, "COUNT_LINE", count_line(page));
    fill_form(content, page, budget);
    fill_facets(content, page, budget);
    for (const data::ExtraWhere& where : page.extra_wheres) {
      content.ShowSection("IF_EXTRA_WHERES");
      TemplateDictionary& entry = *content.AddSectionDictionary("EXTRA_WHERE");
      set_value(entry, "TEXT", where.text);
      set_value(entry, "REMOVE_PATH", where.remove_path);
    }
    set_optional(content, "EDIT_SQL_PATH", page.edit_sql_path);
    fill_exports(content, page);
    include_rows(templates, content, rows_candidates, rows);
    set_optional(content, "NEXT_PATH", page.next_path);
    set_optional(content, "DEFINITION", page.definition);
  };
  return page_html(templates, frame, fill, rows.html.size());
}

std::string table_rows_html(instance::Instance& instance, data::TablePage& page) {
  const instance::Templates& templates = instance.templates();
  const std::vector<std::string> candidates = rows_templates(page);
  const RenderedRows rows = read_rows(instance, page, candidates);
  std::string out;
  templates.render_alone(
      out, {.candidates = candidates,
            .globals = [](TemplateDictionary& /*root*/) {},
            .frame = {},
            .content = [&](TemplateDictionary& block) { fill_rows_block(block, rows); }});
  return out;
}

}  // namespace tapedeck::render
