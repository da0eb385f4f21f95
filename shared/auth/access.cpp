#include "auth/access.hpp"

#include <algorithm>
#include <string>

namespace tapedeck::auth {

namespace {

bool has_key(const boost::json::object* object, std::string_view key) {
  return object != nullptr && object->contains(key);
}

bool is_closed(const boost::json::object* object) {
  return has_key(object, "allow") || has_key(object, "permissions");
}

/// SQL and downloads reach every table of a database, so one closed table closes them.
bool may_view_every_table(const config::Configuration& configuration, std::string_view database) {
  if (!may_view_database(configuration, database)) return false;
  const boost::json::object* object = configuration.database_config(database);
  const boost::json::value* tables = object == nullptr ? nullptr : object->if_contains("tables");
  if (tables == nullptr || !tables->is_object()) return true;
  return std::ranges::none_of(tables->get_object(), [](const auto& member) {
    return is_closed(member.value().if_object());
  });
}

}  // namespace

bool may_view_instance(const config::Configuration& configuration) {
  return !is_closed(&configuration.config);
}

bool may_view_database(const config::Configuration& configuration, std::string_view database) {
  return may_view_instance(configuration) && !is_closed(configuration.database_config(database));
}

bool may_view_table(const config::Configuration& configuration, std::string_view database,
                    std::string_view table) {
  return may_view_database(configuration, database) &&
         !is_closed(configuration.table_config(database, table));
}

bool may_view_query(const config::Configuration& configuration, std::string_view database,
                    std::string_view query) {
  return may_view_database(configuration, database) &&
         !is_closed(configuration.query_config(database, query));
}

bool may_execute_sql(const config::Configuration& configuration, std::string_view database) {
  return configuration.settings.default_allow_sql &&
         may_view_every_table(configuration, database) &&
         !has_key(configuration.database_config(database), "allow_sql") &&
         !has_key(&configuration.config, "allow_sql");
}

bool may_download(const config::Configuration& configuration, std::string_view database) {
  return configuration.settings.allow_download && may_view_every_table(configuration, database);
}

}  // namespace tapedeck::auth
