#include "data/stored_query.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

#include "base/json.hpp"
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

std::vector<std::pair<std::string, sqlite::Value>> parameter_defaults(
    const boost::json::value* params) {
  std::vector<std::pair<std::string, sqlite::Value>> defaults;
  if (params == nullptr || !params->is_object()) return defaults;
  for (const auto& member : params->get_object()) {
    defaults.emplace_back(member.key(), value_of(member.value()));
  }
  return defaults;
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
  query.is_private = flag("is_private", false);
  query.parameters = parameter_names(object->if_contains("params"));
  query.defaults = parameter_defaults(object->if_contains("params"));
  query.on_success_message = text("on_success_message");
  query.on_success_message_sql = text("on_success_message_sql");
  query.on_success_redirect = text("on_success_redirect");
  query.on_error_message = text("on_error_message");
  query.on_error_redirect = text("on_error_redirect");
  return query;
}

}  // namespace

sqlite::Value value_of(const boost::json::value& value) {
  if (value.is_string()) return std::string(value.get_string());
  if (value.is_int64()) return value.get_int64();
  if (value.is_double()) return value.get_double();
  if (value.is_bool()) return std::int64_t{value.get_bool() ? 1 : 0};
  if (value.is_null()) return sqlite::Null{};
  return base::to_json(value);
}

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
      {"is_private", is_private},
      {"is_trusted", is_trusted},
      {"source", source},
      {"owner_id", or_null(owner_id)},
      {"on_success_message", or_null(on_success_message)},
      {"on_success_message_sql", or_null(on_success_message_sql)},
      {"on_success_redirect", or_null(on_success_redirect)},
      {"on_error_message", or_null(on_error_message)},
      {"on_error_redirect", or_null(on_error_redirect)},
      {"private", hidden_from_public},
  };
}

namespace {

const boost::json::object* definitions_of(const config::Configuration& configuration,
                                          std::string_view database) {
  const boost::json::object* object = configuration.database_config(database);
  const boost::json::value* definitions =
      object == nullptr ? nullptr : object->if_contains("queries");
  return definitions == nullptr ? nullptr : definitions->if_object();
}

StoredQuery named_query(const config::Configuration& configuration, std::string_view database,
                        std::string_view name, const boost::json::value& definition) {
  StoredQuery query = read_query(definition);
  query.database = database;
  query.name = name;
  query.path = instance::table_path(configuration.settings, database, name);
  return query;
}

}  // namespace

std::vector<StoredQuery> stored_queries(const config::Configuration& configuration,
                                        std::string_view database) {
  std::vector<StoredQuery> queries;
  const boost::json::object* definitions = definitions_of(configuration, database);
  if (definitions == nullptr) return queries;
  for (const auto& member : *definitions) {
    queries.push_back(named_query(configuration, database, member.key(), member.value()));
  }
  std::ranges::sort(queries, {}, [](const StoredQuery& query) {
    return std::tuple(base::to_lower(query.title.empty() ? query.name : query.title), query.name);
  });
  return queries;
}

std::optional<StoredQuery> find_stored_query(const config::Configuration& configuration,
                                             std::string_view database, std::string_view name) {
  const boost::json::object* definitions = definitions_of(configuration, database);
  const boost::json::value* definition =
      definitions == nullptr ? nullptr : definitions->if_contains(name);
  if (definition == nullptr) return std::nullopt;
  return named_query(configuration, database, name, *definition);
}

}  // namespace tapedeck::data
