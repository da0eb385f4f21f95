#include "render/html_database.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

#include <ctemplate/template_dictionary.h>

#include "base/text.hpp"
#include "sqlite/catalogue.hpp"

namespace tapedeck::render {
namespace {

using ctemplate::TemplateDictionary;

void fill_table(TemplateDictionary& dictionary, const data::TableSummary& table) {
  set_value(dictionary, "NAME", table.name);
  set_value(dictionary, "PATH", table.path);
  set_optional(dictionary, "TABLE_TITLE", table.title);
  set_optional(dictionary, "COLUMNS", base::join(table.columns, ", "));
  set_value(dictionary, "ROWS", rows_text(table.count, table.count_truncated));
  show_if(dictionary, "IF_HIDDEN", table.hidden);
  show_if(dictionary, "IF_TABLE_PRIVATE", table.is_private);
}

/// What the SQL form starts with: the first table that is not hidden, else any.
std::string first_query(const data::DatabasePage& page) {
  const data::TableSummary* first = page.tables.empty() ? nullptr : page.tables.data();
  for (const data::TableSummary& table : page.tables) {
    if (!table.hidden) {
      first = &table;
      break;
    }
  }
  if (first == nullptr) return "select sqlite_version()";
  return "select * from " + sqlite::quote_identifier(first->name);
}

}  // namespace

std::string database_html(instance::Instance& instance, const PageFrame& frame,
                          const data::DatabasePage& page) {
  const instance::Templates& templates = instance.templates();
  return page_html(templates, frame, [&](TemplateDictionary& content) {
    set_value(content, "HEADING", page.metadata.title.empty() ? page.name : page.metadata.title);
    set_value(content, "DATABASE", page.name);
    set_value(content, "DATABASE_PATH", page.path);
    set_value(content, "COLOR", page.color);
    include_description(templates, content, page.metadata);
    if (page.allow_execute_sql) {
      content.ShowSection("IF_EXECUTE_SQL");
      set_value(content, "SQL", first_query(page));
    }

    int hidden_left_out = page.hidden_count;
    for (const data::TableSummary& table : page.tables) {
      if (table.hidden && !page.show_hidden) continue;
      if (table.hidden) hidden_left_out = 0;
      fill_table(*content.AddSectionDictionary("TABLE"), table);
      content.ShowSection("IF_TABLES");
    }
    if (hidden_left_out > 0 && !page.show_hidden) {
      set_optional(content, "HIDDEN_TABLES",
                   count_of(hidden_left_out, "hidden table", "hidden tables"));
    }
    for (const data::ViewSummary& view : page.views) {
      TemplateDictionary& inner = *content.AddSectionDictionary("VIEW");
      set_value(inner, "NAME", view.name);
      set_value(inner, "PATH", view.path);
      set_optional(inner, "VIEW_TITLE", view.title);
      show_if(inner, "IF_VIEW_PRIVATE", view.is_private);
      content.ShowSection("IF_VIEWS");
    }
    const std::size_t shown_queries = std::min(page.queries.size(), data::kShownQueries);
    for (const data::StoredQuery& query : std::span(page.queries).first(shown_queries)) {
      content.ShowSection("IF_QUERIES");
      TemplateDictionary& inner = *content.AddSectionDictionary("QUERY");
      const std::string fragment = query.fragment.empty() ? "" : "#" + query.fragment;
      set_value(inner, "NAME", query.title.empty() ? query.name : query.title);
      set_value(inner, "PATH", query.path + fragment);
      set_optional(inner, "QUERY_DESCRIPTION", query.description);
      show_if(inner, "IF_QUERY_PRIVATE", query.hidden_from_public);
    }
    if (page.queries.size() > shown_queries) {
      set_optional(content, "ALL_QUERIES",
                   count_of(static_cast<std::int64_t>(page.queries.size()), "query", "queries"));
    }
    for (const data::AttachedDatabase& attached : page.attached) {
      TemplateDictionary& inner = *content.AddSectionDictionary("ATTACHED");
      set_value(inner, "NAME", attached.name);
      set_value(inner, "PATH", attached.path);
      set_value(inner, "SCHEMA", sqlite::quote_identifier(attached.name));
      content.ShowSection("IF_ATTACHED");
    }
    const bool is_empty = page.tables.empty() && page.views.empty() && page.attached.empty();
    show_if(content, "IF_EMPTY", is_empty);
    if (page.download_name) {
      set_optional(content, "DOWNLOAD_NAME", *page.download_name);
      set_value(content, "DOWNLOAD_SIZE", base::format_bytes(page.size.value_or(0)));
    }
  });
}

}  // namespace tapedeck::render
