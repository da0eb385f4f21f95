#include "pages/query_list_page.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/text.hpp"
#include "data/arguments.hpp"
#include "data/query_list.hpp"
#include "http/url.hpp"
#include "instance/paths.hpp"
#include "pages/answer.hpp"
#include "pages/query_page.hpp"
#include "render/html_query_list.hpp"

namespace tapedeck::pages {

namespace {

using data::QueryScope;
using http::RequestError;

constexpr int kDefaultSizeJson = 50;
constexpr int kDefaultSizeHtml = 20;
constexpr int kLargestSize = 1000;

constexpr std::string_view kUnstable =
    "This API is not part of Datasette's stable interface and may change at any time";

std::optional<bool> flag_argument(const Call& call, const std::string& name) {
  const std::string_view text = call.request.query.value(name);
  if (text.empty()) return std::nullopt;
  const std::string lower = base::to_lower(text);
  for (const char* yes : {"1", "true", "t", "yes", "on"}) {
    if (lower == yes) return true;
  }
  for (const char* no : {"0", "false", "f", "no", "off"}) {
    if (lower == no) return false;
  }
  throw RequestError(400, name + " must be 0 or 1", http::ErrorForm::kJson);
}

data::QueryFilter read_filter(const Call& call) {
  const http::QueryString& query = call.request.query;
  return {.q = std::string(query.value("q")),
          .is_write = flag_argument(call, "is_write"),
          .is_private = flag_argument(call, "is_private"),
          .source = std::string(query.value("source")),
          .owner_id = std::string(query.value("owner_id"))};
}

void add_visible_queries(const Call& call, std::string_view database,
                         std::vector<data::StoredQuery>& queries) {
  for (data::StoredQuery& query : data::stored_queries(call.configuration(), database)) {
    if (!call.access.may_view_query(database, query.name)) continue;
    query.hidden_from_public = call.access.is_private_query(database, query.name);
    queries.push_back(std::move(query));
  }
}

/// The list without its extension, to which choices and searches lead.
std::string list_path(const Call& call, const instance::Database* database) {
  if (database == nullptr) return instance::site_path(call.settings(), "-/queries");
  return instance::database_path(call.settings(), database->name()) + "/-/queries";
}

/// Where a choice leads: it replaces its argument, or takes it away where it is active.
std::string choice_path(const Call& call, const std::string& path,
                        const data::QueryFacetItem& item) {
  http::QueryString query = call.request.query;
  query.remove("_next");
  query.remove(item.argument);
  if (!item.is_active) query.add(item.argument, item.value);
  return http::with_query(path, query);
}

std::optional<std::string> next_path(const Call& call, const std::optional<std::string>& token) {
  if (!token) return std::nullopt;
  http::QueryString query = call.request.query;
  query.remove("_next");
  query.add("_next", *token);
  return own_path_with(call, query);
}

http::Response list_json(Call& call, instance::Database* database, const data::QueryListPage& list,
                         int size) {
  const std::string path = list_path(call, database);
  boost::json::array queries;
  for (const data::StoredQuery& query : list.queries) queries.push_back(query.to_json());
  boost::json::array facets;
  for (const data::QueryFacet& facet : list.facets) {
    boost::json::array items;
    for (const data::QueryFacetItem& item : facet.items) {
      items.push_back(boost::json::object{{"label", item.label},
                                          {"count", item.count},
                                          {"href", choice_path(call, path, item)},
                                          {"active", item.is_active}});
    }
    facets.push_back(boost::json::object{{"title", facet.title}, {"items", std::move(items)}});
  }
  const auto next = next_path(call, list.next);
  boost::json::object document{{"ok", true}, {"database", nullptr}, {"database_color", nullptr}};
  if (database != nullptr) {
    document["database"] = database->name();
    if (call.access.may_view_database(database->name())) {
      document["database_color"] = file_facts(call, *database).color;
    }
  }
  document["queries"] = std::move(queries);
  document["next"] = json_or_null(list.next);
  document["next_url"] = json_or_null(next ? std::optional(absolute(call, *next)) : std::nullopt);
  document["limit"] = size;
  document["show_private_note"] = std::ranges::any_of(list.queries, &data::StoredQuery::is_private);
  document["show_trusted_note"] = std::ranges::any_of(list.queries, &data::StoredQuery::is_trusted);
  document["query_list_path"] = path;
  document["show_database"] = database == nullptr;
  document["facets"] = std::move(facets);
  boost::json::object filters;
  for (const char* name : {"q", "is_write", "is_private", "source", "owner_id"}) {
    filters[name] = call.request.query.value(name);
  }
  document["filters"] = std::move(filters);
  return json_answer(document);
}

http::Response list_html(Call& call, const instance::Database* database,
                         const data::QueryFilter& filter, const data::QueryListPage& list) {
  render::PageFrame frame =
      make_frame(call, database == nullptr ? "Queries" : database->name() + ": Queries",
                 "query-list", {"query_list.html"});
  add_crumbs(call, frame, database == nullptr ? "" : database->name());
  frame.alternate_json_url = path_with_format(call, "json");
  const std::string path = list_path(call, database);
  render::QueryListView view{.path = path,
                             .q = filter.q,
                             .hidden_fields = {},
                             .shows_database = database == nullptr,
                             .next_path = next_path(call, list.next).value_or("")};
  const http::QueryString arguments = call.request.query.without_blanks();
  for (const auto& [key, value] : arguments.pairs()) {
    if (key != "q" && key != "_next") view.hidden_fields.emplace_back(key, value);
  }
  view.facet_path = [&](const data::QueryFacetItem& item) { return choice_path(call, path, item); };
  return html_answer(call, render::query_list_html(call.instance, frame, list, view));
}

/// Each query asks its own permission: one may be open in a database that is closed.
http::Response list_page(Call& call, instance::Database* database) {
  const data::QueryFilter filter = read_filter(call);
  const bool is_json = call.format == "json";
  const auto asked = data::parse_size(call.request.query.value("_size"),
                                      is_json ? kDefaultSizeJson : kDefaultSizeHtml,
                                      call.settings().max_returned_rows);
  if (!asked) throw RequestError(400, asked.error().message(), http::ErrorForm::kJson);
  const int size = std::clamp(static_cast<int>(*asked), 1, kLargestSize);
  std::vector<data::StoredQuery> queries;
  if (database != nullptr) {
    add_visible_queries(call, database->name(), queries);
  } else {
    for (const auto& each : call.instance.databases()) {
      add_visible_queries(call, each->name(), queries);
    }
  }
  const data::QueryListPage list =
      data::list_queries(std::move(queries), filter,
                         database == nullptr ? QueryScope::kInstance : QueryScope::kDatabase,
                         call.request.query.value("_next"), static_cast<std::size_t>(size));
  return is_json ? list_json(call, database, list, size) : list_html(call, database, filter, list);
}

}  // namespace

http::Response instance_queries_page(Call& call) {
  return list_page(call, nullptr);
}

http::Response database_queries_page(Call& call) {
  instance::Database* database = call.instance.find_database(call.database);
  if (database == nullptr) throw RequestError(404, "Database not found");
  return list_page(call, database);
}

http::Response query_definition_page(Call& call) {
  if (call.instance.find_database(call.database) == nullptr) {
    throw RequestError(404, "Database not found", http::ErrorForm::kJson);
  }
  const auto query = data::find_stored_query(call.configuration(), call.database, call.table);
  // Whether a query exists is nothing for those who may not see it.
  if (!call.access.may_view_query(call.database, call.table)) {
    throw RequestError(403, "Permission denied", http::ErrorForm::kJson);
  }
  if (!query) {
    throw RequestError(404, "Query not found: " + call.table, http::ErrorForm::kJson);
  }
  boost::json::object definition = query->to_json();
  definition.erase("private");
  return json_answer(
      boost::json::object{{"ok", true}, {"unstable", kUnstable}, {"query", std::move(definition)}});
}

}  // namespace tapedeck::pages
