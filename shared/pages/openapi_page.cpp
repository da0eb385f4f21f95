#include "pages/openapi_page.hpp"

#include <string>
#include <utility>
#include <vector>

#include "base/version.hpp"
#include "data/geo.hpp"
#include "data/page_metadata.hpp"
#include "data/query_text.hpp"
#include "data/size_limit.hpp"
#include "data/stored_query.hpp"
#include "data/table_config.hpp"
#include "instance/paths.hpp"
#include "pages/answer.hpp"
#include "pages/table_access.hpp"
#include "render/openapi.hpp"

namespace tapedeck::pages {

namespace {

/// Paths of the document stand behind its server's address, which holds base_url.
std::string below_base(const Call& call, std::string_view path) {
  return "/" + std::string(path.substr(call.settings().base_url.size()));
}

bool has_places(const sqlite::Table& table) {
  std::vector<data::ResultColumn> columns;
  for (const sqlite::Column& column : table.columns) {
    if (column.hidden != 1) columns.push_back({.name = column.name, .column = &column});
  }
  return data::has_geo_columns({}, columns);
}

void add_tables(const Call& call, instance::Database& database, render::ApiDatabase& api) {
  const config::Configuration& configuration = call.configuration();
  for (const auto& [name, table] : database.catalogue().tables) {
    if (!table.trouble.empty() || !call.access.may_view_table(database, name)) continue;
    const data::TableConfig config =
        data::read_table_config(configuration.table_config(database.name(), name));
    const data::PageMetadata metadata =
        data::read_page_metadata(configuration.table_metadata(database.name(), name));
    api.tables.push_back(
        {.table = &table,
         .path = below_base(call, instance::table_path(call.settings(), database.name(), name)),
         .description = metadata.description,
         .has_search = !search_table(call, {database, table, config}).empty(),
         .has_places = has_places(table)});
  }
}

std::vector<std::string> parameter_names(const data::StoredQuery& query) {
  std::vector<std::string> names =
      query.parameters.empty() ? data::named_parameters(query.sql) : query.parameters;
  // Those fill themselves in.
  std::erase_if(names, [](const std::string& name) { return name.starts_with('_'); });
  return names;
}

void add_queries(const Call& call, instance::Database& database, render::ApiDatabase& api) {
  for (const data::StoredQuery& query :
       data::stored_queries(call.configuration(), database.name())) {
    // A table of that name goes before it; what writes answers no GET with rows.
    const bool is_table = database.catalogue().find(query.name) != nullptr &&
                          call.access.may_view_table(database, query.name);
    if (is_table || query.is_write) continue;
    if (!call.access.may_view_query(database.name(), query.name)) continue;
    api.queries.push_back({.name = query.name,
                           .path = below_base(call, query.path),
                           .title = query.title,
                           .description = query.description,
                           .parameters = parameter_names(query)});
  }
}

render::ApiDatabase describe_database(const Call& call, instance::Database& database) {
  render::ApiDatabase api;
  api.name = database.name();
  api.path = below_base(call, instance::database_path(call.settings(), database.name()));
  api.description =
      data::read_page_metadata(call.configuration().database_metadata(database.name())).description;
  api.may_execute_sql = call.access.may_execute_sql(database.name());
  add_tables(call, database, api);
  add_queries(call, database, api);
  return api;
}

}  // namespace

http::Response openapi_page(Call& call) {
  require_instance(call);
  const data::PageMetadata metadata = data::read_page_metadata(&call.configuration().metadata);
  render::ApiDescription api;
  api.title = metadata.title.empty() ? "Tapedeck" : metadata.title;
  api.description = metadata.description;
  api.version = base::kVersion;
  api.server = call.settings().base_url;
  if (api.server.size() > 1) api.server.pop_back();
  api.max_size = call.settings().max_returned_rows;
  api.max_bytes = data::max_answer_bytes(call.settings());
  for (instance::Database* database : visible_databases(call)) {
    api.databases.push_back(describe_database(call, *database));
  }
  return json_answer(render::openapi_document(api));
}

}  // namespace tapedeck::pages
