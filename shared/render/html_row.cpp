#include "render/html_row.hpp"

#include <vector>

#include <ctemplate/template_dictionary.h>

#include "base/text.hpp"
#include "data/size_limit.hpp"
#include "render/cell.hpp"
#include "render/html_rows.hpp"

namespace tapedeck::render {

using ctemplate::TemplateDictionary;

std::string row_html(instance::Instance& instance, const PageFrame& frame, data::RowPage& page) {
  const instance::Templates& templates = instance.templates();
  const std::string of_table = css_class(page.database) + "-" + css_class(page.table) + ".html";
  const std::vector<std::string> rows_candidates = {"_table-" + of_table, "_table-row-" + of_table,
                                                    "_table.html"};
  const RenderedRows rows = render_rows({.cursor = *page.rows,
                                         .columns = page.columns,
                                         .foreign_table_paths = page.foreign_table_paths,
                                         .table_path = page.table_path,
                                         .truncate_cells = 0,
                                         .links = RowLinks::kNo,
                                         .max_bytes = data::max_answer_bytes(instance.settings())},
                                        detail_for(templates, rows_candidates));

  return page_html(templates, frame, [&](TemplateDictionary& content) {
    set_value(content, "HEADING", page.heading);
    set_value(content, "DATABASE", page.database);
    set_value(content, "DATABASE_PATH", page.database_path);
    set_value(content, "TABLE", page.table);
    set_value(content, "TABLE_PATH", page.table_path);
    set_value(content, "ROW_PATH", page.table_path + "/" + page.row_path);
    set_value(content, "PRIMARY_KEYS", base::join(page.primary_key_values, ", "));
    set_value(content, "JSON_PATH", page.json_path);
    include_description(templates, content, page.metadata);
    include_rows(templates, content, rows_candidates, rows);
    for (const data::IncomingLink& link : page.incoming_links) {
      content.ShowSection("IF_INCOMING_LINKS");
      TemplateDictionary& entry = *content.AddSectionDictionary("INCOMING_LINK");
      set_value(entry, "OTHER_TABLE", link.other_table);
      set_value(entry, "OTHER_COLUMN", link.other_column);
      set_value(entry, "ROWS", count_of(link.count, "row", "rows"));
      set_value(entry, "PATH", link.path);
    }
  });
}

}  // namespace tapedeck::render
