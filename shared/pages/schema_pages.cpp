#include "pages/schema_pages.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "data/schema_text.hpp"
#include "pages/answer.hpp"
#include "pages/table_access.hpp"
#include "render/html_schema.hpp"

namespace tapedeck::pages {

namespace {

using http::ErrorForm;
using http::RequestError;

bool is_html(const Call& call) {
  return call.format.empty() || call.format == "html";
}

void require_known_format(const Call& call) {
  if (!is_html(call) && call.format != "json" && call.format != "md") {
    throw RequestError(404, "Invalid format: " + call.format);
  }
}

RequestError missing(const Call& call, const std::string& message) {
  return {404, message, call.format == "json" ? ErrorForm::kJson : ErrorForm::kPlainText};
}

std::string visible_schema(const Call& call, instance::Database& database) {
  return data::schema_text(database, [&](std::string_view table) {
    return call.access.may_view_table(database, table);
  });
}

instance::Database& require_schema_database(const Call& call) {
  instance::Database* database = call.instance.find_database(call.database);
  if (database == nullptr) throw missing(call, "Database not found");
  if (!call.access.may_view_database(database->name())) {
    throw RequestError(403, "view-database");
  }
  database->current();
  return *database;
}

/// A fence that no run of backticks in the text can close.
std::string fence_for(std::string_view text) {
  std::string fence = "```";
  while (text.find(fence) != std::string_view::npos) fence += '`';
  return fence;
}

std::string markdown(const render::SchemaBlock& block) {
  const std::string fence = fence_for(block.schema);
  return "# Schema for " + block.name + "\n\n" + fence + "sql\n" + block.schema + "\n" + fence;
}

http::Response markdown_answer(std::string text) {
  return http::text_response(200, "text/plain; charset=utf-8", std::move(text));
}

/// Several databases; as in the peer only a single one's text ends with a line break.
std::string markdown(const std::vector<render::SchemaBlock>& blocks) {
  std::string text;
  for (const render::SchemaBlock& block : blocks) {
    if (!text.empty()) text += "\n\n";
    text += markdown(block);
  }
  return text;
}

http::Response page(const Call& call, render::PageFrame frame,
                    const std::vector<render::SchemaBlock>& blocks) {
  frame.alternate_json_url = path_with_format(call, "json");
  // Without the Link header of other pages, as in the peer; the page itself names its JSON.
  return http::text_response(
      200, "text/html; charset=utf-8",
      render::schema_html(call.instance, frame, blocks, path_with_format(call, "md")));
}

}  // namespace

http::Response instance_schema_page(Call& call) {
  require_known_format(call);
  std::vector<render::SchemaBlock> blocks;
  for (instance::Database* database : visible_databases(call)) {
    blocks.push_back({database->name(), visible_schema(call, *database)});
  }
  std::ranges::sort(blocks, {}, &render::SchemaBlock::name);
  if (call.format == "md") return markdown_answer(markdown(blocks));
  if (call.format == "json") {
    boost::json::array schemas;
    for (const render::SchemaBlock& block : blocks) {
      schemas.push_back(boost::json::object{{"database", block.name}, {"schema", block.schema}});
    }
    return json_answer(boost::json::object{{"ok", true}, {"schemas", std::move(schemas)}});
  }
  render::PageFrame frame = make_frame(call, "Schema", "schema", {"schema.html"});
  add_crumbs(call, frame);
  return page(call, std::move(frame), blocks);
}

http::Response database_schema_page(Call& call) {
  require_known_format(call);
  instance::Database& database = require_schema_database(call);
  const std::vector<render::SchemaBlock> blocks{{database.name(), visible_schema(call, database)}};
  if (call.format == "md") return markdown_answer(markdown(blocks[0]) + "\n");
  if (call.format == "json") {
    return json_answer(boost::json::object{
        {"ok", true}, {"database", database.name()}, {"schema", blocks[0].schema}});
  }
  render::PageFrame frame =
      make_frame(call, "Schema for " + database.name(), "schema", {"schema.html"});
  add_crumbs(call, frame, database.name());
  return page(call, std::move(frame), blocks);
}

http::Response table_schema_page(Call& call) {
  require_known_format(call);
  instance::Database* found = call.instance.find_database(call.database);
  if (found == nullptr) throw missing(call, "Database not found");
  found->current();
  instance::Database& database = *found;
  const sqlite::Table* table = visible_table(call, database);
  if (table == nullptr) {
    if (call.access.is_closed_by_rule(database.name(), call.table)) {
      throw RequestError(403, "view-table");
    }
    throw missing(call, "Table not found");
  }
  const std::vector<render::SchemaBlock> blocks{{database.name() + "." + table->name, table->sql}};
  if (call.format == "md") return markdown_answer(markdown(blocks[0]) + "\n");
  if (call.format == "json") {
    return json_answer(boost::json::object{{"ok", true},
                                           {"database", database.name()},
                                           {"table", table->name},
                                           {"schema", table->sql}});
  }
  render::PageFrame frame =
      make_frame(call, "Schema for " + blocks[0].name, "schema", {"schema.html"});
  add_crumbs(call, frame, database.name(), table->name);
  return page(call, std::move(frame), blocks);
}

}  // namespace tapedeck::pages
