#include "auth/access.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include "base/text.hpp"
#include "sqlite/catalogue.hpp"

namespace tapedeck::auth {

namespace {

bool has_key(const boost::json::object* object, std::string_view key) {
  return object != nullptr && object->contains(key);
}

bool is_closed(const boost::json::object* object) {
  return has_key(object, "allow") || has_key(object, "permissions");
}

std::vector<std::string> closed_tables(const config::Configuration& configuration,
                                       std::string_view database) {
  std::vector<std::string> names;
  const boost::json::object* object = configuration.database_config(database);
  const boost::json::value* tables = object == nullptr ? nullptr : object->if_contains("tables");
  if (tables == nullptr || !tables->is_object()) return names;
  for (const auto& member : tables->get_object()) {
    if (is_closed(member.value().if_object())) names.emplace_back(member.key());
  }
  return names;
}

/// A table of the words in a full-text index; whose, is not worth finding out.
bool is_vocabulary(const sqlite::Table& table) {
  const std::string sql = base::to_lower(table.sql);
  return table.kind == sqlite::TableKind::kVirtual &&
         (sql.find("fts5vocab") != std::string::npos || sql.find("fts4aux") != std::string::npos);
}

/// Whether `table` is one of `closed` or indexes the content of one.
bool is_closed_content(const sqlite::Table& table, const std::vector<std::string>& closed) {
  if (is_vocabulary(table)) return !closed.empty();
  return std::ranges::any_of(closed, [&table](const std::string& name) {
    return base::equals_ignoring_case(name, table.name) || sqlite::is_fts_for(table.sql, name);
  });
}

/// Whether `table` is a shadow of `owner`: "notes_data" of "notes".
bool is_shadow_of(const sqlite::Table& table, const sqlite::Table& owner) {
  const std::string prefix = owner.name + "_";
  return table.kind == sqlite::TableKind::kShadow && owner.kind == sqlite::TableKind::kVirtual &&
         base::equals_ignoring_case(table.name.substr(0, prefix.size()), prefix);
}

}  // namespace

bool Access::may_view_instance() const {
  return !configuration_->default_deny && !is_closed(&configuration_->config);
}

bool Access::may_view_database(std::string_view database) const {
  return may_view_instance() && !is_closed(configuration_->database_config(database));
}

bool Access::may_view_table(std::string_view database, std::string_view table) const {
  return may_view_database(database) && !is_closed(configuration_->table_config(database, table));
}

bool Access::may_view_table(instance::Database& database, std::string_view table) const {
  if (!may_view_table(database.name(), table)) return false;
  const std::vector<std::string> closed = closed_tables(*configuration_, database.name());
  if (closed.empty()) return true;
  const auto& tables = database.catalogue().tables;
  const auto found = std::ranges::find_if(tables, [table](const auto& entry) {
    return base::equals_ignoring_case(entry.first, table);
  });
  if (found == tables.end()) return true;
  const sqlite::Table& asked = found->second;
  if (is_closed_content(asked, closed)) return false;
  if (base::to_lower(asked.name).starts_with("sqlite_")) return false;
  return std::ranges::none_of(tables, [&](const auto& entry) {
    return is_shadow_of(asked, entry.second) && is_closed_content(entry.second, closed);
  });
}

bool Access::may_view_query(std::string_view database, std::string_view query) const {
  return may_view_database(database) && !is_closed(configuration_->query_config(database, query));
}

bool Access::may_execute_sql(std::string_view database) const {
  // SQL reaches every table of a database, so one closed table closes it.
  return configuration_->settings.default_allow_sql && may_view_database(database) &&
         closed_tables(*configuration_, database).empty() &&
         !has_key(configuration_->database_config(database), "allow_sql") &&
         !has_key(&configuration_->config, "allow_sql");
}

bool Access::may_download(std::string_view database) const {
  return configuration_->settings.allow_download && may_view_database(database) &&
         closed_tables(*configuration_, database).empty();
}

}  // namespace tapedeck::auth
