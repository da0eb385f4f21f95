#include "auth/access.hpp"

#include <algorithm>
#include <cassert>
#include <utility>
#include <vector>

#include <boost/json.hpp>

#include "auth/action.hpp"
#include "auth/restrictions.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "sqlite/catalogue.hpp"
#include "sqlite/virtual_table.hpp"

namespace tapedeck::auth {

namespace {

const Action& view_table() {
  static const Action& action = *find_action("view-table");
  return action;
}

using Tables = std::map<std::string, sqlite::Table, std::less<>>;
using Names = std::set<std::string, std::less<>>;

/// A table of the words in a full-text index; whose, is not worth finding out.
bool is_vocabulary(const sqlite::VirtualTable& table) {
  return table.module == "fts5vocab" || table.module == "fts4aux";
}

/// The virtual table that keeps its data in `shadow` ("notes_data" in "notes"), by its lower-case
/// name: of several that fit the one with the longest name.
std::string owner_of(const sqlite::Table& shadow, const Tables& tables) {
  std::string owner;
  for (const auto& [name, table] : tables) {
    const std::string prefix = base::to_lower(name) + "_";
    if (table.kind == sqlite::TableKind::kVirtual && name.size() > owner.size() &&
        base::to_lower(shadow.name).starts_with(prefix)) {
      owner = base::to_lower(name);
    }
  }
  return owner;
}

/// Whether a virtual table may show what one of the hidden tables holds.
bool shows_hidden(const sqlite::Table& table, const Tables& tables, const Names& hidden) {
  if (table.kind != sqlite::TableKind::kVirtual) return false;
  const auto module = sqlite::parse_virtual_table(table.sql);
  if (!module || is_vocabulary(*module)) return true;
  if (!module->is_fts()) return false;
  if (module->content()) {
    return std::ranges::any_of(
        hidden, [&sql = table.sql](const auto& one) { return sqlite::is_fts_for(sql, one); });
  }
  // An index that keeps no text of its own shows somebody else's, whatever its statement says.
  const std::string own_content = base::to_lower(table.name) + "_content";
  return std::ranges::none_of(
      tables, [&](const auto& other) { return base::to_lower(other.first) == own_content; });
}

/// Names of tables that the configuration has something to say about, by their lower-case form:
/// SQLite's names have no case, so a rule for "Secret" is one for "secret".
std::multimap<std::string, std::string> configured_names(const config::Configuration& configuration,
                                                         std::string_view database) {
  std::multimap<std::string, std::string> names;
  const boost::json::object* config = configuration.database_config(database);
  if (config == nullptr) return names;
  for (const char* key : {"tables", "queries"}) {
    const boost::json::value* children = config->if_contains(key);
    if (children == nullptr || !children->is_object()) continue;
    for (const auto& child : children->get_object()) {
      names.emplace(base::to_lower(child.key()), child.key());
    }
  }
  return names;
}

/// Adds what shows the content of hidden tables: their full-text indexes and indexes over those,
/// the shadow tables of all of them, and tables about all tables.
void hide_companions(const Tables& tables, Names& hidden) {
  // sqlite_sequence has a row for each table with AUTOINCREMENT.
  const bool counts_hidden = std::ranges::any_of(tables, [&hidden](const auto& table) {
    return hidden.contains(base::to_lower(table.first)) &&
           base::to_lower(table.second.sql).find("autoincrement") != std::string::npos;
  });
  for (const auto& [name, table] : tables) {
    const std::string lower = base::to_lower(name);
    const bool is_about_tables =
        lower == "sqlite_sequence" ? counts_hidden : lower.starts_with("sqlite_");
    if (is_about_tables) hidden.insert(lower);
  }
  for (std::size_t known = 0; known != hidden.size();) {
    known = hidden.size();
    for (const auto& [name, table] : tables) {
      if (shows_hidden(table, tables, hidden)) hidden.insert(base::to_lower(name));
    }
  }
  for (const auto& [name, table] : tables) {
    if (table.kind == sqlite::TableKind::kShadow && hidden.contains(owner_of(table, tables))) {
      hidden.insert(base::to_lower(name));
    }
  }
}

}  // namespace

/// What has been worked out in this request.
struct Access::Memory {
  const config::Configuration& configuration;
  std::optional<Actor> actor;
  instance::PermissionLog* log;
  /// As JSON, for the log; "" for nobody.
  std::string actor_text;
  std::unique_ptr<Access> anonymous;
  /// By database; a null pointer where nothing is hidden.
  std::map<std::string, std::shared_ptr<const Names>, std::less<>> hidden;
};

Access::Access(const config::Configuration& configuration, std::optional<Actor> actor,
               instance::PermissionLog* log)
    : memory_(std::make_shared<Memory>(Memory{.configuration = configuration,
                                              .actor = std::move(actor),
                                              .log = log,
                                              .actor_text = {},
                                              .anonymous = nullptr,
                                              .hidden = {}})) {
  if (memory_->actor) memory_->actor_text = base::to_json(*memory_->actor);
}

const Actor* Access::actor() const {
  return memory_->actor ? &*memory_->actor : nullptr;
}

Asker Access::asker() const {
  return {.configuration = memory_->configuration,
          .actor = actor(),
          .root_enabled = memory_->configuration.root};
}

bool Access::allows(std::string_view action, std::string_view database,
                    std::string_view child) const {
  const Action* found = find_action(action);
  assert(found != nullptr);
  return found != nullptr && ask(*found, {database, child});
}

bool Access::ask(const Action& action, Resource resource) const {
  const bool allowed = is_allowed(asker(), action, resource);
  if (memory_->log != nullptr) {
    memory_->log->add(action.name, resource.database, resource.child, memory_->actor_text, allowed);
  }
  return allowed;
}

bool Access::may_view_instance() const {
  return allows("view-instance");
}

bool Access::may_view_database(std::string_view database) const {
  return allows("view-database", database);
}

bool Access::may_view_table(std::string_view database, std::string_view table) const {
  return ask(view_table(), {database, table});
}

bool Access::may_view_table(instance::Database& database, std::string_view table) const {
  const auto& hidden = hidden_in(database);
  if (hidden == nullptr) return true;
  if (hidden->contains(base::to_lower(table))) return false;
  // Not a name of the catalogue: only the rules can tell.
  return database.catalogue().find(table) != nullptr || may_view_table(database.name(), table);
}

bool Access::is_closed_by_rule(std::string_view database, std::string_view table) const {
  return is_closed_by_rule(database, table, configured_names(memory_->configuration, database));
}

bool Access::is_closed_by_rule(std::string_view database, std::string_view table,
                               const ConfiguredNames& configured) const {
  if (!may_view_table(database, table)) return true;
  const auto [first, last] = configured.equal_range(base::to_lower(table));
  return std::any_of(first, last,
                     [&](const auto& name) { return !may_view_table(database, name.second); });
}

bool Access::may_search(instance::Database& database, std::string_view fts) const {
  if (may_view_table(database, fts)) return true;
  if (!is_restricted(actor())) return false;
  Actor unrestricted = *actor();
  unrestricted.erase("_r");
  return Access(memory_->configuration, std::move(unrestricted), memory_->log)
      .may_view_table(database, fts);
}

bool Access::may_view_query(std::string_view database, std::string_view query) const {
  return allows("view-query", database, query);
}

bool Access::may_execute_sql(std::string_view database) const {
  return allows("execute-sql", database);
}

bool Access::may_download(std::string_view database) const {
  return memory_->configuration.settings.allow_download &&
         allows("view-database-download", database) && sees_all_tables(database);
}

bool Access::is_private_instance() const {
  const Access* nobody = anonymous();
  return nobody != nullptr && may_view_instance() && !nobody->may_view_instance();
}

bool Access::is_private_database(std::string_view database) const {
  const Access* nobody = anonymous();
  return nobody != nullptr && may_view_database(database) && !nobody->may_view_database(database);
}

bool Access::is_private_table(instance::Database& database, std::string_view table) const {
  const Access* nobody = anonymous();
  return nobody != nullptr && may_view_table(database, table) &&
         !nobody->may_view_table(database, table);
}

bool Access::is_private_query(std::string_view database, std::string_view query) const {
  const Access* nobody = anonymous();
  return nobody != nullptr && may_view_query(database, query) &&
         !nobody->may_view_query(database, query);
}

bool Access::is_private_sql(std::string_view database) const {
  const Access* nobody = anonymous();
  return nobody != nullptr && may_execute_sql(database) && !nobody->may_execute_sql(database);
}

std::shared_ptr<const Access::Names> Access::unreadable_tables(instance::Database& database) const {
  return hidden_in(database);
}

/// The same site as a visitor without an actor sees it; null when that is who asks.
const Access* Access::anonymous() const {
  if (!memory_->actor) return nullptr;
  if (memory_->anonymous == nullptr) {
    memory_->anonymous =
        std::make_unique<Access>(memory_->configuration, std::nullopt, memory_->log);
  }
  return memory_->anonymous.get();
}

bool Access::sees_all_tables(std::string_view database) const {
  if (!ask(view_table(), {database, {}})) return false;
  const auto names = configured_names(memory_->configuration, database);
  return std::ranges::all_of(
      names, [&](const auto& name) { return may_view_table(database, name.second); });
}

const std::shared_ptr<const Access::Names>& Access::hidden_in(instance::Database& database) const {
  const auto known = memory_->hidden.find(database.name());
  if (known != memory_->hidden.end()) return known->second;
  std::shared_ptr<const Names>& kept = memory_->hidden[database.name()];
  // The usual case: no rule about single tables, and all of them open.
  const bool is_open = ask(view_table(), {database.name(), {}});
  if (is_open && !has_child_rules(asker(), view_table(), database.name())) return kept;
  const auto names = configured_names(memory_->configuration, database.name());
  const auto& tables = database.catalogue().tables;
  Names hidden;
  for (const auto& [name, table] : tables) {
    if (is_closed_by_rule(database.name(), name, names)) hidden.insert(base::to_lower(name));
  }
  // A table made in this very moment is no part of the catalogue yet.
  for (const auto& [lower, name] : names) {
    if (!may_view_table(database.name(), name)) hidden.insert(lower);
  }
  // Where tables are closed unless a rule opens them, nothing tells whether there are others.
  if (!is_open || !hidden.empty()) {
    hide_companions(tables, hidden);
    kept = std::make_shared<const Names>(std::move(hidden));
  }
  return kept;
}

}  // namespace tapedeck::auth
