#include "config/plugin_config.hpp"

#include <string>

#include "config/configuration_file.hpp"

namespace tapedeck::config {
namespace {

namespace json = boost::json;

const json::value* plugin_in(const json::object* level, std::string_view name) {
  const json::value* plugins = level == nullptr ? nullptr : level->if_contains("plugins");
  const json::object* object = plugins == nullptr ? nullptr : plugins->if_object();
  const json::value* found = object == nullptr ? nullptr : object->if_contains(name);
  return found == nullptr || found->is_null() ? nullptr : found;
}

/// The text of `{KEY: text}`; nothing for any other value.
const json::string* only_member(const json::value& value, std::string_view key) {
  const json::object* object = value.if_object();
  if (object == nullptr || object->size() != 1) return nullptr;
  const json::value* member = object->if_contains(key);
  return member == nullptr ? nullptr : member->if_string();
}

json::value resolved(const json::value& value, const Environment& environment) {
  if (const auto* variable = only_member(value, "$env")) {
    const char* text = environment(variable->c_str());
    return text == nullptr ? json::value(nullptr) : json::value(text);
  }
  if (const auto* path = only_member(value, "$file")) {
    return json::value(read_text_file(std::string(*path)));
  }
  if (const auto* object = value.if_object()) {
    json::object out;
    for (const auto& [key, item] : *object) out.emplace(key, resolved(item, environment));
    return out;
  }
  if (const auto* array = value.if_array()) {
    json::array out;
    for (const json::value& item : *array) out.push_back(resolved(item, environment));
    return out;
  }
  return value;
}

}  // namespace

std::optional<json::value> plugin_config(const Configuration& configuration,
                                         const Environment& environment, std::string_view name,
                                         std::string_view database, std::string_view table) {
  const json::value* found = plugin_in(configuration.table_config(database, table), name);
  if (found == nullptr) found = plugin_in(configuration.database_config(database), name);
  if (found == nullptr) found = plugin_in(&configuration.config, name);
  if (found == nullptr) return std::nullopt;
  return resolved(*found, environment);
}

}  // namespace tapedeck::config
