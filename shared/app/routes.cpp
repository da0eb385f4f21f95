#include "app/routes.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "app/metrics_page.hpp"
#include "http/tilde.hpp"
#include "instance/scoreboard.hpp"
#include "pages/account_pages.hpp"
#include "pages/autocomplete_page.hpp"
#include "pages/configuration_pages.hpp"
#include "pages/create_token_page.hpp"
#include "pages/database_page.hpp"
#include "pages/export.hpp"
#include "pages/index_page.hpp"
#include "pages/jump_page.hpp"
#include "pages/openapi_page.hpp"
#include "pages/permission_pages.hpp"
#include "pages/posted_query.hpp"
#include "pages/query_list_page.hpp"
#include "pages/query_page.hpp"
#include "pages/row_page.hpp"
#include "pages/schema_pages.hpp"
#include "pages/special_pages.hpp"
#include "pages/static_pages.hpp"
#include "pages/table_page.hpp"
#include "pages/threads_page.hpp"
#include "pages/tool_pages.hpp"

namespace tapedeck::app {

namespace {

using enum Freshness;
using instance::Lane;

constexpr auto kRoutes = std::to_array<Route>({
    {"/", pages::index_page, kAllDatabases},
    {"/.json", pages::index_page, kAllDatabases},
    {"/-", pages::dash_page, kConfiguration},
    {"/-/", pages::plain_index_page, kAllDatabases},
    {"/-/.json", pages::plain_index_page, kAllDatabases},
    {"/favicon.ico", pages::favicon, kNone},
    {"/-/static/{path}", pages::bundled_file, kNone},
    {"/:memory:{path}", pages::memory_redirect, kConfiguration},
    {"/-/versions[.json]", pages::versions_page, kConfiguration},
    {"/-/databases[.json]", pages::databases_page, kAllDatabases},
    {"/-/settings[.json]", pages::settings_page, kConfiguration},
    {"/-/health[.json]", pages::health_page, kNone},
    {"/-/actor[.json]", pages::actor_page, kConfiguration},
    {"/-/auth-token", pages::auth_token_page, kNone},
    {"/-/logout", pages::logout_page, kNone, Lane::kRead, "HEAD, GET, POST", nullptr,
     pages::log_out},
    {"/-/messages", pages::messages_page, kConfiguration, Lane::kRead, "HEAD, GET, POST", nullptr,
     pages::add_message},
    {"/-/create-token", pages::create_token_page, kNone, Lane::kRead, "HEAD, GET, POST", nullptr,
     pages::create_token},
    {"/-/actions[.json]", pages::actions_page, kConfiguration},
    {"/-/check[.json]", pages::check_page, kNone},
    {"/-/rules[.json]", pages::rules_page, kConfiguration},
    {"/-/allowed[.json]", pages::allowed_page, kNone},
    {"/-/permissions", pages::permissions_page, kNone, Lane::kRead, "HEAD, GET, POST", nullptr,
     pages::posted_check},
    {"/-/allow-debug", pages::allow_debug_page, kConfiguration},
    {"/-/schema[.{format}]", pages::instance_schema_page, kAllDatabases},
    {"/-/config[.json]", pages::config_page, kConfiguration},
    {"/-/metadata[.json]", pages::metadata_page, kAllDatabases},
    {"/-/plugins[.json]", pages::plugins_page, kConfiguration},
    {"/-/threads[.json]", pages::threads_page, kNone},
    {"/-/api", pages::api_page, kAllDatabases},
    {"/-/patterns", pages::patterns_page, kConfiguration},
    {"/-/debug/autocomplete", pages::autocomplete_debug_page, kAllDatabases},
    {"/-/openapi.json", pages::openapi_page, kAllDatabases},
    {"/-/metrics", metrics_page, kNone},
    {"/-/queries[.json]", pages::instance_queries_page, kConfiguration},
    {"/-/jump[.json]", pages::jump_page, kNone},
    {"/{database}.db", pages::download_page, kNone},
    {"/{database}[.{format}]", pages::database_page, kDatabase, Lane::kRead, "HEAD, GET",
     pages::posted_query},
    {"/{database}/-/query[.{format}]", pages::query_page, kDatabase, Lane::kQuery,
     "HEAD, GET, POST", pages::posted_query},
    {"/{database}/-/query/parameters", pages::query_parameters_page, kDatabase},
    {"/{database}/-/queries[.json]", pages::database_queries_page, kConfiguration},
    {"/{database}/{table}/-/fragment", pages::table_fragment_page, kDatabase},
    {"/{database}/{table}/-/autocomplete", pages::autocomplete_page, kDatabase},
    {"/{database}/{table}/-/definition", pages::query_definition_page, kConfiguration},
    {"/{database}/-/schema[.{format}]", pages::database_schema_page, kDatabase},
    {"/{database}/{table}/-/schema[.{format}]", pages::table_schema_page, kDatabase},
    {"/{database}/{table}[.{format}]", pages::table_page, kDatabase},
    {"/{database}/{table}/{row}[.{format}]", pages::row_page, kDatabase},
});

constexpr std::size_t kFirstNumber = kMountNumber + 1;
static_assert(kRoutes.size() + kFirstNumber <= instance::Scoreboard::kMostRoutes);

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/// ".json", ".csv": the extension at the end of `path`, without its dot; nothing without one.
std::optional<std::string_view> extension_of(std::string_view path) {
  const std::size_t dot = path.rfind('.');
  if (dot == std::string_view::npos || dot == 0 || dot + 1 == path.size()) return std::nullopt;
  const std::string_view extension = path.substr(dot + 1);
  return std::ranges::all_of(extension, is_word) ? std::optional(extension) : std::nullopt;
}

/// What the parts of a pattern have taken.
struct Parts {
  std::string_view database;
  std::string_view table;
  std::string_view row;
  std::string_view format;
  std::string_view path;
};

/// The name at the start of `path` up to one of `stops`; nothing when it is empty.
std::optional<std::string_view> take_name(std::string_view& path, std::string_view stops) {
  const std::string_view name = path.substr(0, path.find_first_of(stops));
  if (name.empty()) return std::nullopt;
  path.remove_prefix(name.size());
  return name;
}

bool match_parts(std::string_view pattern, std::string_view path, Parts& parts) {
  constexpr std::string_view kFormat = "[.{format}]";
  constexpr std::string_view kJson = "[.json]";
  if (pattern.ends_with(kFormat)) {
    pattern.remove_suffix(kFormat.size());
    if (const auto extension = extension_of(path.substr(path.rfind('/') + 1))) {
      parts.format = *extension;
      path.remove_suffix(extension->size() + 1);
    }
  } else if (pattern.ends_with(kJson)) {
    pattern.remove_suffix(kJson.size());
    if (path.ends_with(".json")) {
      parts.format = "json";
      path.remove_suffix(std::string_view(".json").size());
    }
  }
  // In a row's path a dot in an unencoded name begins no extension: that stands at the end.
  const std::string_view name_stops = pattern.find("{row}") == std::string_view::npos ? "/." : "/";
  while (!pattern.empty()) {
    if (pattern[0] != '{') {
      if (path.empty() || path[0] != pattern[0]) return false;
      pattern.remove_prefix(1);
      path.remove_prefix(1);
      continue;
    }
    const std::size_t close = pattern.find('}');
    const std::string_view name = pattern.substr(1, close - 1);
    pattern.remove_prefix(close + 1);
    if (name == "path") {
      parts.path = path;
      return true;
    }
    const auto taken = take_name(path, name_stops);
    if (!taken) return false;
    if (name == "database") parts.database = *taken;
    if (name == "table") parts.table = *taken;
    if (name == "row") parts.row = *taken;
  }
  return path.empty();
}

}  // namespace

std::span<const Route> routes() {
  return kRoutes;
}

std::size_t route_number(const Route* route) {
  return route == nullptr ? 0 : kFirstNumber + static_cast<std::size_t>(route - kRoutes.data());
}

std::string_view route_name(std::size_t number) {
  if (number == kMountNumber) return "static mount";
  if (number < kFirstNumber || number - kFirstNumber >= kRoutes.size()) return "no route";
  return kRoutes.at(number - kFirstNumber).pattern;
}

bool match(std::string_view pattern, std::string_view path, pages::Call& call) {
  Parts parts;
  if (!match_parts(pattern, path, parts)) return false;
  if (parts.format.empty() && path.ends_with("/.json")) parts.format = "json";
  call.database = http::tilde_decode(parts.database);
  call.table = http::tilde_decode(parts.table);
  call.row = parts.row;
  call.format = parts.format;
  call.rest = parts.path;
  return true;
}

Lane lane_of(const Route& route, const pages::Call& call) {
  if (call.request.method == "POST" && route.post == pages::posted_query) return Lane::kQuery;
  const http::QueryString& query = call.request.query;
  const bool has_rows = route.page == pages::table_page || route.page == pages::query_page;
  if (has_rows && pages::is_export(call) && !query.value("_stream").empty()) return Lane::kExport;
  if (route.page == pages::table_fragment_page && query.has("_where")) return Lane::kQuery;
  if (route.page != pages::table_page) return route.lane;
  if (query.has("_where") || pages::stored_query_of_path(call)) return Lane::kQuery;
  return route.lane;
}

}  // namespace tapedeck::app
