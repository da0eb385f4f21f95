#include "render/html_index.hpp"

#include <cstddef>

#include <ctemplate/template_dictionary.h>

namespace tapedeck::render {
namespace {

using ctemplate::TemplateDictionary;

/// Tables named under each database.
constexpr std::size_t kTablesShown = 5;

/// "1,260 rows in 23 tables, 211 rows in 6 hidden tables, 4 views".
std::string summary_of(const data::DatabaseSummary& database) {
  const auto rows_in = [&](std::int64_t rows, bool is_truncated) {
    return database.show_table_row_counts ? rows_text(rows, is_truncated) + " in " : std::string();
  };
  std::string text = rows_in(database.table_rows_sum, database.is_sum_truncated) +
                     count_of(static_cast<std::int64_t>(database.tables.size()), "table", "tables");
  if (database.hidden_tables_count > 0) {
    text += ", " + rows_in(database.hidden_table_rows_sum, database.is_hidden_sum_truncated) +
            count_of(database.hidden_tables_count, "hidden table", "hidden tables");
  }
  if (!database.views.empty()) {
    text += ", " + count_of(static_cast<std::int64_t>(database.views.size()), "view", "views");
  }
  return text;
}

TemplateDictionary& add_name(TemplateDictionary& dictionary, const std::string& name,
                             const std::string& path, bool is_private) {
  TemplateDictionary& inner = *dictionary.AddSectionDictionary("TABLE");
  set_value(inner, "TABLE_NAME", name);
  set_value(inner, "TABLE_PATH", path);
  show_if(inner, "IF_TABLE_PRIVATE", is_private);
  return inner;
}

void fill_database(TemplateDictionary& dictionary, const data::DatabaseSummary& database) {
  set_value(dictionary, "NAME", database.name);
  set_value(dictionary, "PATH", database.path);
  set_value(dictionary, "COLOR", database.color);
  show_if(dictionary, "IF_DATABASE_PRIVATE", database.is_private);
  set_optional(dictionary, "DATABASE_TITLE", database.metadata.title);
  set_optional(dictionary, "DATABASE_DESCRIPTION_HTML", database.metadata.description_html);
  set_optional(dictionary, "DATABASE_DESCRIPTION",
               database.metadata.description_html.empty() ? database.metadata.description : "");
  if (database.trouble) {
    set_optional(dictionary, "TROUBLE", *database.trouble);
    return;
  }
  set_optional(dictionary, "SUMMARY", summary_of(database));
  std::size_t shown = 0;
  for (const data::TableSummary& table : database.tables) {
    if (shown++ == kTablesShown) break;
    TemplateDictionary& inner = add_name(dictionary, table.name, table.path, table.is_private);
    set_optional(
        inner, "ROWS",
        database.show_table_row_counts ? rows_text(table.count, table.count_truncated) : "");
  }
  for (const data::ViewSummary& view : database.views) {
    if (shown++ >= kTablesShown) break;
    add_name(dictionary, view.name, view.path, view.is_private);
  }
  show_if(dictionary, "IF_MORE_TABLES",
          database.tables.size() + database.views.size() > kTablesShown);
}

}  // namespace

std::string index_html(instance::Instance& instance, const PageFrame& frame,
                       const data::IndexPage& page) {
  const instance::Templates& templates = instance.templates();
  return page_html(templates, frame, [&](TemplateDictionary& content) {
    set_value(content, "HEADING", page.metadata.title.empty() ? "Tapedeck" : page.metadata.title);
    include_description(templates, content, page.metadata);
    for (const data::DatabaseSummary& database : page.databases) {
      fill_database(*content.AddSectionDictionary("DATABASE"), database);
    }
    show_if(content, "IF_NO_DATABASES", page.databases.empty());
  });
}

}  // namespace tapedeck::render
