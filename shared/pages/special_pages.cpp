#include "pages/special_pages.hpp"

#include <algorithm>
#include <chrono>
#include <optional>
#include <string>
#include <utility>

#include "base/version.hpp"
#include "instance/paths.hpp"
#include "pages/answer.hpp"
#include "pages/json_page.hpp"
#include "sqlite/error.hpp"
#include "sqlite/time_limit.hpp"

namespace tapedeck::pages {

namespace {

constexpr std::chrono::milliseconds kHealthLimit{1000};

/// Texts of the first column.
boost::json::array column_of(sqlite::Connection& connection, std::string_view sql) {
  boost::json::array list;
  const sqlite::CachedStatement rows = connection.prepare(sql);
  while (rows->step()) list.emplace_back(sqlite::to_text(rows->view(0)));
  return list;
}

boost::json::object sqlite_versions() {
  sqlite::Connection connection({.path = {}, .mode = sqlite::OpenMode::kMemory});
  const boost::json::array options =
      column_of(connection, "select compile_options from pragma_compile_options");
  boost::json::array fts;
  for (const std::string_view version : {"FTS5", "FTS4", "FTS3"}) {
    if (std::ranges::find(options, boost::json::value("ENABLE_" + std::string(version))) !=
        options.end()) {
      fts.emplace_back(version);
    }
  }
  return {
      {"version", column_of(connection, "select sqlite_version()").at(0)},
      {"fts_versions", std::move(fts)},
      {"extensions", boost::json::object{{"json1", true}}},
      {"compile_options", options},
  };
}

bool runs_select(instance::Database& database) {
  try {
    database.refresh();
    sqlite::Connection& connection = database.connection();
    const sqlite::TimeLimit limit(connection, kHealthLimit);
    return connection.query_integer("select 1") == 1;
  } catch (const http::RequestError&) {
    return false;
  } catch (const sqlite::Error&) {
    return false;
  }
}

}  // namespace

http::Response versions_page(Call& call) {
  require_instance(call);
  boost::json::object datasette{{"version", base::kCompatibleVersion}};
  const std::string& note = call.configuration().version_note;
  if (!note.empty()) datasette["note"] = note;
  return json_page(call, "Versions",
                   boost::json::object{
                       {"ok", true},
                       {"tapedeck", boost::json::object{{"version", base::kVersion}}},
                       {"datasette", std::move(datasette)},
                       {"sqlite", sqlite_versions()},
                   });
}

http::Response databases_page(Call& call) {
  require_instance(call);
  boost::json::array list;
  for (const auto& database : call.instance.databases()) {
    if (!call.access.may_view_database(database->name())) continue;
    std::optional<std::string> path;
    if (!database->is_memory()) path = database->path();
    const FileFacts facts = file_facts(call, *database);
    list.push_back(boost::json::object{
        {"name", database->name()},
        {"route", database->name()},
        {"path", json_or_null(path)},
        {"size", json_or_null(facts.size)},
        {"is_mutable", !database->is_immutable() && !database->is_memory()},
        {"is_memory", database->is_memory()},
        {"hash", json_or_null(facts.hash)},
    });
  }
  return json_page(call, "Databases",
                   boost::json::object{{"ok", true}, {"databases", std::move(list)}});
}

http::Response settings_page(Call& call) {
  require_instance(call);
  boost::json::object document{{"ok", true}};
  for (const config::SettingInfo& setting : config::setting_table()) {
    std::visit([&](const auto member) { document[setting.name] = call.settings().*member; },
               setting.member);
  }
  return json_page(call, "Settings", std::move(document));
}

http::Response health_page(Call& call) {
  bool ok = true;
  for (const auto& database : call.instance.databases()) ok = runs_select(*database) && ok;
  call.is_repeatable = false;
  http::Response response = json_answer(boost::json::object{
      {"ok", ok},
      {"status", ok ? "ok" : "failing"},
      {"databases", call.instance.databases().size()},
      {"version", base::kVersion},
  });
  response.status = ok ? 200 : 503;
  response.headers.set("Cache-Control", "no-store");
  return response;
}

http::Response dash_page(Call& call) {
  return http::redirect_response(301, instance::site_path(call.settings(), "-/"));
}

http::Response memory_redirect(Call& call) {
  std::string path = instance::site_path(call.settings(), "_memory") + call.rest;
  if (!call.request.raw_query.empty()) path += "?" + call.request.raw_query;
  return http::redirect_response(301, path);
}

}  // namespace tapedeck::pages
