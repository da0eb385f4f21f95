#include "pages/configuration_pages.hpp"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

#include "base/text.hpp"
#include "base/version.hpp"
#include "pages/answer.hpp"
#include "pages/json_page.hpp"

namespace tapedeck::pages {

namespace {

namespace json = boost::json;

constexpr auto kSecretWords =
    std::to_array<std::string_view>({"secret", "key", "password", "token", "hash", "dsn"});

bool names_a_secret(std::string_view key) {
  const std::string lower = base::to_lower(key);
  return std::ranges::any_of(kSecretWords, [&lower](std::string_view word) {
    return lower.find(word) != std::string::npos;
  });
}

/// `value` with the values of all keys that name a secret masked, at any depth.
json::value masked(const json::value& value) {
  if (const auto* object = value.if_object()) {
    json::object copy;
    for (const auto& member : *object) {
      copy[member.key()] =
          names_a_secret(member.key()) ? json::value("***") : masked(member.value());
    }
    return copy;
  }
  if (const auto* list = value.if_array()) {
    json::array copy;
    for (const json::value& item : *list) copy.push_back(masked(item));
    return copy;
  }
  return value;
}

const json::object* object_at(const json::object* parent, std::string_view key) {
  const json::value* value = parent == nullptr ? nullptr : parent->if_contains(key);
  return value == nullptr ? nullptr : value->if_object();
}

/// The members of one level that are no levels themselves.
json::object properties(const json::object* level, std::initializer_list<std::string_view> others) {
  json::object copy;
  if (level == nullptr) return copy;
  for (const auto& member : *level) {
    const std::string_view key = member.key();
    if (std::ranges::find(others, key) != others.end()) continue;
    copy[key] = member.value();
  }
  return copy;
}

bool may_view_table(const Call& call, instance::Database& database, std::string_view table) {
  if (!call.access.may_view_table(database.name(), table)) return false;
  try {
    database.current();
    return call.access.may_view_table(database, table);
  } catch (const http::RequestError&) {
    return false;  // whose table it is cannot be told now
  }
}

json::object database_tree(const Call& call, instance::Database& database) {
  const std::string& name = database.name();
  const json::object* metadata = call.configuration().database_metadata(name);
  json::object tree = properties(metadata, {"tables", "queries"});
  if (const json::object* tables = object_at(metadata, "tables")) {
    json::object seen;
    for (const auto& member : *tables) {
      if (!may_view_table(call, database, member.key())) continue;
      seen[member.key()] = properties(member.value().if_object(), {});
    }
    tree["tables"] = std::move(seen);
  }
  if (const json::object* queries =
          object_at(call.configuration().database_config(name), "queries")) {
    json::object seen;
    for (const auto& member : *queries) {
      if (!call.access.may_view_query(name, member.key())) continue;
      const json::object* definition = member.value().if_object();
      seen[member.key()] = definition == nullptr
                               ? json::object{{"sql", member.value()}}
                               : properties(definition, {"allow", "permissions", "plugins"});
    }
    tree["queries"] = std::move(seen);
  }
  return tree;
}

/// A part of the program that does what a plugin of Datasette would do.
struct BuiltIn {
  std::string_view name;
  std::initializer_list<std::string_view> hooks;
};

json::array built_in_parts() {
  static const BuiltIn parts[] = {
      {"tapedeck.facets", {"register_facet_classes"}},
      {"tapedeck.filters", {"filters_from_request"}},
      {"tapedeck.formats", {"register_output_renderer"}},
      {"tapedeck.magic_parameters", {"register_magic_parameters"}},
      {"tapedeck.sql_functions", {"prepare_connection"}},
  };
  json::array list;
  for (const BuiltIn& part : parts) {
    json::array hooks;
    for (const std::string_view hook : part.hooks) hooks.emplace_back(hook);
    list.push_back(json::object{{"name", part.name},
                                {"static", false},
                                {"templates", false},
                                {"version", base::kVersion},
                                {"hooks", std::move(hooks)}});
  }
  return list;
}

}  // namespace

http::Response config_page(Call& call) {
  require_instance(call);
  json::object document{{"ok", true}};
  const json::value config = masked(call.configuration().config);
  for (const auto& member : config.get_object()) document[member.key()] = member.value();
  return json_page(call, "Configuration", document);
}

http::Response metadata_page(Call& call) {
  require_instance(call);
  json::object document{{"ok", true}};
  const json::object own = properties(&call.configuration().metadata, {"databases", "ok"});
  for (const auto& member : own) document[member.key()] = member.value();
  json::object databases;
  for (const auto& database : call.instance.databases()) {
    if (!call.access.may_view_database(database->name())) continue;
    databases[database->name()] = database_tree(call, *database);
  }
  document["databases"] = std::move(databases);
  return json_page(call, "Metadata", document);
}

http::Response plugins_page(Call& call) {
  require_instance(call);
  const bool wants_all = !call.request.query.value("all").empty();
  return json_page(call, "Plugins", wants_all ? built_in_parts() : json::array());
}

}  // namespace tapedeck::pages
