#include "data/stored_query.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

#include "base/text.hpp"
#include "instance/paths.hpp"

namespace tapedeck::data {

namespace {

/// Missing texts are null in JSON.
boost::json::value or_null(const std::string& text) {
  if (text.empty()) return nullptr;
  return boost::json::value(text);
}

std::vector<std::string> parameter_names(const boost::json::value* params) {
  std::vector<std::string> names;
  if (params == nullptr) return names;
  if (const auto* list = params->if_array()) {
    for (const boost::json::value& name : *list) {
      if (name.is_string()) names.emplace_back(name.get_string());
    }
  } else if (const auto* defaults = params->if_object()) {
    for (const auto& member : *defaults) names.emplace_back(member.key());
  }
  return names;
}

StoredQuery read_query(const boost::json::value& definition) {
  StoredQuery query;
  if (const auto* sql = definition.if_string()) {
    query.sql = *sql;
    return query;
  }
  const auto* object = definition.if_object();
  if (object == nullptr) return query;
  const auto text = [object](std::string_view key) {
    const boost::json::value* value = object->if_contains(key);
    return value != nullptr && value->is_string() ? std::string(value->get_string()) : "";
  };
  const auto flag = [object](std::string_view key, bool fallback) {
    const boost::json::value* value = object->if_contains(key);
    return value != nullptr && value->is_bool() ? value->get_bool() : fallback;
  };
  query.sql = text("sql");
  query.title = text("title");
  query.description = text("description");
  query.description_html = text("description_html");
  query.fragment = text("fragment");
  query.hide_sql = flag("hide_sql", false);
  query.is_write = flag("write", false);
  query.is_trusted = flag("is_trusted", true);
  query.parameters = parameter_names(object->if_contains("params"));
  query.on_success_message = text("on_success_message");
  query.on_success_message_sql = text("on_success_message_sql");
  query.on_success_redirect = text("on_success_redirect");
  query.on_error_message = text("on_error_message");
  query.on_error_redirect = text("on_error_redirect");
  return query;
}

}  // namespace

boost::json::object StoredQuery::to_json() const {
  boost::json::array names;
  for (const std::string& parameter : parameters) names.emplace_back(parameter);
  return {
      {"database", database},
      {"name", name},
      {"sql", sql},
      {"title", or_null(title)},
      {"description", or_null(description)},
      {"description_html", or_null(description_html)},
      {"hide_sql", hide_sql},
      {"fragment", or_null(fragment)},
      {"parameters", std::move(names)},
      {"is_write", is_write},
      {"is_private", false},
      {"is_trusted", is_trusted},
      {"source", "config"},
      {"owner_id", nullptr},
      {"on_success_message", or_null(on_success_message)},
      {"on_success_message_sql", or_null(on_success_message_sql)},
      {"on_success_redirect", or_null(on_success_redirect)},
      {"on_error_message", or_null(on_error_message)},
      {"on_error_redirect", or_null(on_error_redirect)},
      {"private", false},
  };
}

std::vector<StoredQuery> stored_queries(const config::Configuration& configuration,
                                        std::string_view database) {
  std::vector<StoredQuery> queries;
  const boost::json::object* object = configuration.database_config(database);
  const boost::json::value* definitions =
      object == nullptr ? nullptr : object->if_contains("queries");
  if (definitions == nullptr || !definitions->is_object()) return queries;
  for (const auto& member : definitions->get_object()) {
    StoredQuery query = read_query(member.value());
    query.database = database;
    query.name = member.key();
    query.path = instance::table_path(configuration.settings, database, query.name);
    queries.push_back(std::move(query));
  }
  std::ranges::sort(queries, {}, [](const StoredQuery& query) {
    return std::tuple(base::to_lower(query.title.empty() ? query.name : query.title), query.name);
  });
  return queries;
}

}  // namespace tapedeck::data
