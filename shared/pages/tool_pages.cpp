#include "pages/tool_pages.hpp"

#include <string>
#include <utility>

#include "http/url.hpp"
#include "instance/paths.hpp"
#include "pages/answer.hpp"
#include "render/html_tools.hpp"

namespace tapedeck::pages {

namespace {

render::ApiLinks links_of(const Call& call, instance::Database& database) {
  const std::string path = instance::database_path(call.settings(), database.name());
  render::ApiLinks links{.database = database.name(), .paths = {}};
  links.paths.push_back(path + ".json");
  links.paths.push_back(path + "/-/schema.json");
  links.paths.push_back(path + "/-/queries.json");
  if (call.access.may_execute_sql(database.name())) {
    links.paths.push_back(path + "/-/query.json?sql=select+1");
  }
  for (const auto& [name, table] : database.catalogue().tables) {
    if (table.hidden || !call.access.may_view_table(database, name)) continue;
    links.paths.push_back(instance::table_path(call.settings(), database.name(), name) + ".json");
  }
  return links;
}

http::Response tool_answer(std::string body) {
  return http::text_response(200, "text/html; charset=utf-8", std::move(body));
}

}  // namespace

http::Response api_page(Call& call) {
  require_instance(call);
  render::PageFrame frame = make_frame(call, "API explorer", "tool", {"api_explorer.html"});
  add_crumbs(call, frame);
  frame.noindex = true;
  render::ApiExplorer explorer;
  explorer.action = own_path(call);
  explorer.path = call.request.query.value("path");
  if (!explorer.path.empty()) {
    // What leads elsewhere, or to this page again, is not shown.
    const std::string local = http::local_redirect_target(explorer.path);
    if (local == explorer.path && !local.starts_with(explorer.action)) explorer.shown = local;
  }
  const config::Settings& settings = call.settings();
  render::ApiLinks instance{.database = {}, .paths = {}};
  for (const char* path : {".json", "-/openapi.json", "-/databases.json", "-/metadata.json",
                           "-/schema.json", "-/queries.json", "-/versions.json"}) {
    instance.paths.push_back(instance::site_path(settings, path));
  }
  explorer.links.push_back(std::move(instance));
  for (instance::Database* database : visible_databases(call)) {
    explorer.links.push_back(links_of(call, *database));
  }
  return tool_answer(render::api_explorer_html(call.instance, frame, explorer));
}

http::Response patterns_page(Call& call) {
  require_instance(call);
  render::PageFrame frame = make_frame(call, "Pattern portfolio", "patterns", {"patterns.html"});
  add_crumbs(call, frame);
  frame.noindex = true;
  return tool_answer(render::patterns_html(call.instance, frame));
}

}  // namespace tapedeck::pages
