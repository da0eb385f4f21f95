#include "pages/answer.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "auth/messages.hpp"
#include "base/digest.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "base/version.hpp"
#include "http/url.hpp"
#include "instance/paths.hpp"
#include "pages/tool_menu.hpp"

namespace tapedeck::pages {

namespace {

/// Keys that hold other levels, not descriptions.
constexpr auto kStructureKeys =
    std::to_array<std::string_view>({"databases", "tables", "queries", "columns"});

/// nginx takes a whole answer's headers in 16 kB; a hint that repeats a long query string is left
/// out.
constexpr std::size_t kLongestLink = 6000;

/// The target stands in angle brackets, which it cannot leave: a request's path and query string
/// may hold any byte.
std::string link_value(std::string_view url, std::string_view parameters) {
  std::string value = "<";
  value += base::replace_all(base::replace_all(url, "<", "%3C"), ">", "%3E");
  value += ">; ";
  value += parameters;
  return value;
}

void add_link(http::Headers& headers, std::string_view url, std::string_view parameters) {
  if (url.size() <= kLongestLink) headers.add("Link", link_value(url, parameters));
}

/// `--crossdb`: SQL of `_memory` reads the databases that SQL of this visitor may read anyway.
void attach_visible(const Call& call, instance::Database& memory) {
  std::vector<std::string> names;
  for (const instance::Database* database : call.instance.attachable_databases()) {
    const std::string& name = database->name();
    if (call.access.may_view_database(name) && call.access.may_execute_sql(name)) {
      names.push_back(name);
    }
  }
  std::vector<instance::Database*> attached;
  for (const std::string& name : config::attached_names(names)) {
    attached.push_back(call.instance.find_database(name));
  }
  memory.attach(attached);
}

}  // namespace

instance::Database& require_database(Call& call) {
  instance::Database* database = call.instance.find_database(call.database);
  if (database == nullptr) throw http::RequestError(404, "Database not found");
  if (!call.access.may_view_database(database->name())) {
    throw http::RequestError(403, "You do not have permission to view this database");
  }
  return known_database(call);
}

instance::Database& known_database(Call& call) {
  instance::Database* database = call.instance.find_database(call.database);
  if (database == nullptr) throw http::RequestError(404, "Database not found");
  if (database->is_memory()) attach_visible(call, *database);
  database->current();
  return *database;
}

FileFacts file_facts(const Call& call, instance::Database& database) {
  FileFacts facts;
  if (call.access.sees_all_tables(database.name())) {
    facts.size = database.file_size();
    facts.hash = database.hash();
  }
  facts.color = (facts.hash ? *facts.hash : base::md5_hex(database.name())).substr(0, 6);
  return facts;
}

std::vector<instance::Database*> visible_databases(const Call& call) {
  std::vector<instance::Database*> visible;
  for (const auto& database : call.instance.databases()) {
    if (!call.access.may_view_database(database->name())) continue;
    try {
      database->current();
      visible.push_back(database.get());
    } catch (const http::RequestError&) {
      continue;  // its own pages tell what is wrong with it
    }
  }
  return visible;
}

sqlite::Connection& visitor_connection(const Call& call, instance::Database& database) {
  sqlite::UnreadableTables hidden;
  if (const auto names = call.access.unreadable_tables(database)) hidden["main"] = *names;
  for (const std::string& name : database.attached()) {
    instance::Database* attached = call.instance.find_database(name);
    if (attached == nullptr) continue;
    if (const auto names = call.access.unreadable_tables(*attached)) hidden[name] = *names;
  }
  sqlite::Connection& connection = database.visitor_connection();
  connection.hide_tables(hidden);
  return connection;
}

void require_instance(const Call& call) {
  if (!call.access.may_view_instance()) {
    throw http::RequestError(403, "view-instance");
  }
}

std::string own_path(const Call& call) {
  return instance::site_path(call.settings(), std::string_view(call.path).substr(1));
}

std::string own_path_with(const Call& call, const http::QueryString& query) {
  return http::with_query(own_path(call), query);
}

std::string absolute(const Call& call, std::string_view path) {
  return http::absolute_url(call.request, path, call.settings().force_https_urls);
}

std::string path_with_format(const Call& call, std::string_view format, std::string_view extra) {
  std::string path = own_path(call);
  std::string query = call.request.raw_query;
  const auto add = [&query](std::string_view arguments) {
    if (!query.empty() && !arguments.empty()) query += '&';
    query += arguments;
  };
  if (call.path.find('.') == std::string::npos) {
    path += '.';
    path += format;
  } else {
    add("_format=" + std::string(format));
  }
  add(extra);
  if (!query.empty()) path += '?' + query;
  return path;
}

http::Response json_answer(std::string body) {
  return http::text_response(200, "application/json; charset=utf-8", std::move(body));
}

http::Response json_answer(const boost::json::value& document) {
  return json_answer(base::to_json(document));
}

http::Response html_only_answer(std::string body) {
  return http::text_response(200, "text/html; charset=utf-8", std::move(body));
}

http::Response html_answer(const Call& call, std::string body) {
  http::Response response = html_only_answer(std::move(body));
  add_link(response.headers, absolute(call, path_with_format(call, "json")),
           "rel=\"alternate\"; type=\"application/json+datasette\"");
  return response;
}

void set_cache_control(const Call& call, const instance::Database& database,
                       http::Response& response) {
  int seconds = call.settings().default_cache_ttl;
  if (database.is_immutable() && call.settings().immutable_cache_ttl > 0) {
    seconds = call.settings().immutable_cache_ttl;
  }
  std::string value = "max-age=" + std::to_string(seconds);
  const std::string_view asked = call.request.query.value("_ttl");
  if (base::is_all_digits(asked)) {
    const auto ttl = base::parse_int64(asked);
    // An age beyond 64 bits is as good as for ever.
    seconds = ttl == 0 ? 0 : 1;
    value = "max-age=" + (ttl ? std::to_string(*ttl) : std::string("31536000"));
  }
  response.headers.set("Cache-Control", seconds == 0 ? "no-cache" : value);
}

void set_next_link(http::Headers& headers, std::string_view url) {
  add_link(headers, url, "rel=\"next\"");
}

http::Response redirect_with_preload(std::string_view path) {
  http::Response response = http::redirect_response(302, path);
  add_link(response.headers, path, "rel=preload");
  return response;
}

render::PageFrame make_frame(const Call& call, std::string title, std::string body_class,
                             std::vector<std::string> template_candidates) {
  render::PageFrame frame;
  frame.title = std::move(title);
  frame.body_class = std::move(body_class);
  frame.base_url = call.settings().base_url;
  frame.template_candidates = std::move(template_candidates);
  frame.version = base::kVersion;
  frame.shows_context =
      call.settings().template_debug && call.request.query.value("_context") == "1";
  frame.extra_assets = &call.instance.extra_assets();
  if (const auth::Actor* actor = call.access.actor()) {
    frame.actor = auth::display_name(*actor);
    if (call.access.allows("debug-menu")) {
      for (const ToolPage& tool : tool_pages()) {
        frame.tools.emplace_back(tool.label, instance::site_path(call.settings(), tool.path));
      }
    }
  }
  for (const auth::Message& message : auth::waiting_messages(call.request, call.configuration())) {
    frame.messages.emplace_back(auth::kind_name(message.kind), message.text);
    call.shows_messages = true;
  }
  frame.query_ms = [before = call.sql_time_before] {
    return std::chrono::duration<double, std::milli>(sqlite::statements_time() - before).count();
  };
  return frame;
}

void add_crumbs(const Call& call, render::PageFrame& frame, std::string_view database,
                std::string_view table) {
  const auth::Access& access = call.access;
  if (access.may_view_instance()) {
    frame.crumbs.emplace_back("home", instance::site_path(call.settings()));
  }
  if (!database.empty() && access.may_view_database(database)) {
    frame.crumbs.emplace_back(database, instance::database_path(call.settings(), database));
  }
  if (table.empty() || !access.may_view_table(database, table)) return;
  frame.crumbs.emplace_back(table, instance::table_path(call.settings(), database, table));
}

boost::json::object metadata_texts(const boost::json::object* metadata) {
  boost::json::object texts;
  if (metadata == nullptr) return texts;
  for (const auto& member : *metadata) {
    if (std::ranges::find(kStructureKeys, std::string_view(member.key())) != kStructureKeys.end()) {
      continue;
    }
    texts[member.key()] = config::text_of(member.value());
  }
  return texts;
}

boost::json::object table_facts(const data::TableSummary& table) {
  return {
      {"name", table.name},
      {"columns", json_strings(table.columns)},
      {"primary_keys", json_strings(table.primary_keys)},
      {"count", json_or_null(table.count)},
      {"hidden", table.hidden},
      {"fts_table", json_or_null(table.fts_table)},
      {"private", table.is_private},
  };
}

boost::json::array json_strings(const std::vector<std::string>& texts) {
  boost::json::array list;
  list.reserve(texts.size());
  for (const std::string& text : texts) list.emplace_back(text);
  return list;
}

boost::json::value json_or_null(const std::optional<std::string>& text) {
  if (!text) return nullptr;
  return boost::json::value(*text);
}

boost::json::value json_or_null(const std::optional<std::int64_t>& number) {
  if (!number) return nullptr;
  return *number;
}

}  // namespace tapedeck::pages
