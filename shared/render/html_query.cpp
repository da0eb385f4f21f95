#include "render/html_query.hpp"

#include <optional>
#include <vector>

#include <ctemplate/template_dictionary.h>

#include "data/size_limit.hpp"
#include "render/html_rows.hpp"

namespace tapedeck::render {

using ctemplate::TemplateDictionary;

namespace {

std::string count_line(const data::QueryPage& page, std::int64_t count) {
  if (count == 0) return "0 results";
  const std::string rows = count_of(count, "row", "rows");
  return page.rows->has_more() ? "more than " + rows : rows;
}

}  // namespace

std::string query_html(instance::Instance& instance, const PageFrame& frame, data::QueryPage& page,
                       const BlobUrl& blob_url) {
  const instance::Templates& templates = instance.templates();
  const std::vector<std::string> rows_candidates = {"default:_table.html"};
  std::optional<RenderedRows> rows;
  const std::vector<std::string> no_foreign_tables(page.columns.size());
  if (page.rows) {
    rows = render_rows({.cursor = *page.rows,
                        .columns = page.columns,
                        .foreign_table_paths = no_foreign_tables,
                        .table_path = {},
                        .truncate_cells = static_cast<std::size_t>(page.truncate_cells),
                        .links = RowLinks::kNo,
                        .blob_url = blob_url,
                        .max_bytes = data::max_answer_bytes(instance.settings())},
                       RowsDetail::kPrebuilt);
  }
  return page_html(templates, frame, [&](TemplateDictionary& content) {
    const bool is_stored = !page.query_name.empty();
    std::string heading = page.metadata.title;
    if (heading.empty()) heading = is_stored ? page.query_name : "Custom SQL query";
    set_value(content, "HEADING", heading);
    set_value(content, "DATABASE", page.database);
    set_value(content, "DATABASE_PATH", page.database_path);
    set_value(content, "QUERY_PATH", page.path);
    set_value(content, "SQL", page.sql);
    include_description(templates, content, page.metadata);
    show_if(content, "IF_EDITOR", page.is_editable && !page.is_sql_hidden);
    show_if(content, "IF_SQL", !page.is_editable && !page.is_sql_hidden);
    show_if(content, "IF_HIDDEN_FIELD", page.is_editable && page.is_sql_hidden);
    set_optional(content, "TOGGLE_ARGUMENT", page.toggle_argument);
    set_optional(content, "TOGGLE_SQL_PATH", page.toggle_sql_path);
    set_value(content, "TOGGLE_SQL", page.is_sql_hidden ? "show" : "hide");
    set_optional(content, "EDIT_SQL_PATH", page.edit_sql_path);
    set_optional(content, "ERROR", page.error);
    show_if(content, "IF_WRITE", page.is_write);
    const bool has_form = !page.is_write && (page.is_editable || !page.parameters.empty());
    show_if(content, "IF_FORM", has_form);
    show_if(content, "IF_NO_FORM", !has_form);
    for (const auto& [name, value] : page.parameters) {
      content.ShowSection("IF_PARAMETERS");
      TemplateDictionary& field = *content.AddSectionDictionary("PARAMETER");
      set_value(field, "NAME", name);
      set_value(field, "VALUE", value);
    }
    if (!rows) return;
    content.ShowSection("IF_RESULT");
    set_value(content, "COUNT_LINE", count_line(page, rows->count));
    set_value(content, "JSON_PATH", page.json_path);
    set_value(content, "CSV_PATH", page.csv_path);
    fill_streams(content, page.stream_links);
    if (rows->count > 0) include_rows(templates, content, rows_candidates, *rows);
  });
}

}  // namespace tapedeck::render
