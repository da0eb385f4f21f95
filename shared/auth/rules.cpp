#include "auth/rules.hpp"

#include <array>
#include <cstddef>
#include <utility>

#include "auth/restrictions.hpp"

namespace tapedeck::auth {

namespace {

namespace json = boost::json;

/// From where a rule comes; its reason is only put into words when somebody asks.
enum class Source {
  kDefault,
  kDefaultSql,
  kRoot,
  kAllow,
  kAllowSql,
  kAllowWrite,
  kPermissions,
  kPrivate,
  kGate
};

const json::object* object_in(const json::object* object, std::string_view key) {
  const json::value* value = object == nullptr ? nullptr : object->if_contains(key);
  return value == nullptr ? nullptr : value->if_object();
}

/// The allow block under `key`; nullptr when there is none.
const json::value* block_in(const json::object* object, std::string_view key) {
  const json::value* value = object == nullptr ? nullptr : object->if_contains(key);
  return value == nullptr || value->is_null() ? nullptr : value;
}

bool is_root(const Asker& asker) {
  if (!asker.root_enabled || asker.actor == nullptr) return false;
  const json::value* id = asker.actor->if_contains("id");
  return id != nullptr && *id == "root";
}

bool is_row_write(const Action& action) {
  return action.name == "insert-row" || action.name == "update-row" || action.name == "delete-row";
}

/// Calls `visit(source, allow)` for the rules of one level, which stand in `level`.
/// `allows` are the actions that the key `allow` of this level is about.
class Collector {
 public:
  Collector(const Asker& asker, const Action& action) : asker_(asker), action_(action) {}

  template <class Visit>
  void global(const Visit& visit) const {
    const config::Configuration& configuration = asker_.configuration;
    if (action_.default_allow && !configuration.default_deny) visit(Source::kDefault, true);
    if (action_.name == "execute-sql" && !configuration.settings.default_allow_sql) {
      visit(Source::kDefaultSql, false);
    }
    if (is_root(asker_)) visit(Source::kRoot, true);
    const json::object* config = &configuration.config;
    permissions(config, visit);
    if (action_.name == "view-instance" || action_.name == "view-database" ||
        action_.name == "view-table" || action_.name == "view-query") {
      block(config, "allow", Source::kAllow, visit);
    }
    if (action_.name == "execute-sql") block(config, "allow_sql", Source::kAllowSql, visit);
    if (is_row_write(action_)) block(config, "allow_write", Source::kAllowWrite, visit);
  }

  template <class Visit>
  void database(const json::object* config, const Visit& visit) const {
    if (config == nullptr) return;
    permissions(config, visit);
    if (action_.name == "view-database" || action_.name == "view-table" ||
        action_.name == "view-query") {
      block(config, "allow", Source::kAllow, visit);
    }
    if (action_.name == "execute-sql") block(config, "allow_sql", Source::kAllowSql, visit);
    if (is_row_write(action_)) block(config, "allow_write", Source::kAllowWrite, visit);
  }

  template <class Visit>
  void table(const json::object* config, const Visit& visit) const {
    if (config == nullptr) return;
    permissions(config, visit);
    if (action_.name == "view-table") block(config, "allow", Source::kAllow, visit);
    if (is_row_write(action_)) block(config, "allow_write", Source::kAllowWrite, visit);
  }

  template <class Visit>
  void query(const json::object* config, const Visit& visit) const {
    if (config == nullptr) return;
    permissions(config, visit);
    if (action_.name != "view-query") return;
    block(config, "allow", Source::kAllow, visit);
    // What is private is for its owner alone, and a query of the configuration has none: nobody
    // sees it, root included.
    const json::value* is_private = config->if_contains("is_private");
    if (is_private != nullptr && *is_private == true) visit(Source::kPrivate, false);
  }

 private:
  template <class Visit>
  void permissions(const json::object* config, const Visit& visit) const {
    block(object_in(config, "permissions"), action_.name, Source::kPermissions, visit);
  }

  template <class Visit>
  void block(const json::object* config, std::string_view key, Source source,
             const Visit& visit) const {
    if (const json::value* found = block_in(config, key)) {
      visit(source, matches(*found, asker_.actor));
    }
  }

  const Asker& asker_;
  const Action& action_;
};

/// A deny of an allow block above a resource that the actor's restrictions name is a deny of that
/// resource too: its own allow block does not bring it back.
bool is_gate(Source source, bool allow) {
  return !allow && (source == Source::kAllow || source == Source::kAllowSql);
}

/// Calls `visit(scope, source, allow)` for every rule that covers the resource.
template <class Visit>
void for_each_rule(const Asker& asker, const Action& action, Resource resource,
                   const Visit& visit) {
  const Collector collector(asker, action);
  const bool gates = is_restricted(asker.actor) && !resource.database.empty();
  const bool child_gate = gates && !resource.child.empty() &&
                          restrictions_name(asker.actor, action, resource.database, resource.child);
  const bool parent_gate = gates && restrictions_name(asker.actor, action, resource.database);
  collector.global([&](Source source, bool allow) {
    visit(Scope::kGlobal, source, allow);
    if (!is_gate(source, allow)) return;
    if (parent_gate) visit(Scope::kParent, Source::kGate, false);
    if (child_gate) visit(Scope::kResource, Source::kGate, false);
  });
  if (resource.database.empty()) return;
  const config::Configuration& configuration = asker.configuration;
  collector.database(configuration.database_config(resource.database),
                     [&](Source source, bool allow) {
                       visit(Scope::kParent, source, allow);
                       if (is_gate(source, allow) && child_gate) {
                         visit(Scope::kResource, Source::kGate, false);
                       }
                     });
  if (resource.child.empty()) return;
  const auto of_child = [&](Source source, bool allow) { visit(Scope::kResource, source, allow); };
  collector.table(configuration.table_config(resource.database, resource.child), of_child);
  collector.query(configuration.query_config(resource.database, resource.child), of_child);
}

/// The decision by rules alone.
bool rules_allow(const Asker& asker, const Action& action, Resource resource) {
  struct Seen {
    bool allow = false;
    bool deny = false;
  };
  std::array<Seen, 3> levels{};
  for_each_rule(asker, action, resource, [&levels](Scope scope, Source /*source*/, bool allow) {
    Seen& seen = levels.at(static_cast<std::size_t>(scope));
    (allow ? seen.allow : seen.deny) = true;
  });
  for (const Scope scope : {Scope::kResource, Scope::kParent, Scope::kGlobal}) {
    const Seen& seen = levels.at(static_cast<std::size_t>(scope));
    if (seen.deny) return false;
    if (seen.allow) return true;
  }
  return false;
}

std::string reason_of(Source source, bool allow, const Action& action, Resource resource) {
  const auto place = [&resource](std::string_view word) {
    std::string text;
    if (resource.database.empty()) return text;
    text.append(word).append(resource.database);
    if (!resource.child.empty()) text.append("/").append(resource.child);
    return text;
  };
  const std::string effect = allow ? "config allow " : "config deny ";
  const std::string of_action = " for " + std::string(action.name) + place(" on ");
  switch (source) {
    case Source::kDefault:
      return "default allow for " + std::string(action.name);
    case Source::kDefaultSql:
      return "default_allow_sql is false";
    case Source::kRoot:
      return "root user";
    case Source::kAllow:
      return effect + "allow" + of_action;
    case Source::kAllowSql:
      return effect + "allow_sql" + place(" for ");
    case Source::kAllowWrite:
      return effect + "allow_write" + of_action;
    case Source::kPermissions:
      return effect + "permissions" + of_action;
    case Source::kPrivate:
      return effect + "is_private" + of_action;
    case Source::kGate:
      return "config deny allow" + of_action + " (restriction gate)";
  }
  return {};
}

Resource at_scope(Scope scope, Resource resource) {
  if (scope == Scope::kGlobal) return {};
  return scope == Scope::kParent ? Resource{resource.database, {}} : resource;
}

Rule make_rule(Source source, bool allow, const Action& action, Resource place) {
  return {.database = std::string(place.database),
          .child = std::string(place.child),
          .allow = allow,
          .reason = reason_of(source, allow, action, place)};
}

}  // namespace

Scope Rule::scope() const {
  if (database.empty()) return Scope::kGlobal;
  return child.empty() ? Scope::kParent : Scope::kResource;
}

bool is_allowed(const Asker& asker, const Action& action, Resource resource) {
  if (!rules_allow(asker, action, resource)) return false;
  if (!restrictions_allow(asker.actor, action, resource.database, resource.child)) return false;
  if (action.also_requires.empty()) return true;
  const Action* required = find_action(action.also_requires);
  return required != nullptr && is_allowed(asker, *required, resource);
}

std::vector<Rule> matching_rules(const Asker& asker, const Action& action, Resource resource) {
  std::vector<Rule> rules;
  for_each_rule(asker, action, resource, [&](Scope scope, Source source, bool allow) {
    rules.push_back(make_rule(source, allow, action, at_scope(scope, resource)));
  });
  return rules;
}

std::vector<Rule> all_rules(const Asker& asker, const Action& action) {
  std::vector<Rule> rules;
  const Collector collector(asker, action);
  const auto add_at = [&rules, &action](Resource place) {
    return [&rules, &action, place](Source source, bool allow) {
      rules.push_back(make_rule(source, allow, action, place));
    };
  };
  collector.global(add_at({}));
  const json::object* databases = object_in(&asker.configuration.config, "databases");
  if (databases == nullptr) return rules;
  for (const auto& [database, value] : *databases) {
    const json::object* config = value.if_object();
    collector.database(config, add_at({database, {}}));
    if (const json::object* tables = object_in(config, "tables")) {
      for (const auto& [name, table] : *tables) {
        collector.table(table.if_object(), add_at({database, name}));
      }
    }
    if (const json::object* queries = object_in(config, "queries")) {
      for (const auto& [name, query] : *queries) {
        collector.query(query.if_object(), add_at({database, name}));
      }
    }
  }
  return rules;
}

bool has_child_rules(const Asker& asker, const Action& action, std::string_view database) {
  const Collector collector(asker, action);
  bool found = false;
  const auto note = [&found](Source /*source*/, bool /*allow*/) { found = true; };
  const json::object* config = asker.configuration.database_config(database);
  if (const json::object* tables = object_in(config, "tables")) {
    for (const auto& table : *tables) collector.table(table.value().if_object(), note);
  }
  if (const json::object* queries = object_in(config, "queries")) {
    for (const auto& query : *queries) collector.query(query.value().if_object(), note);
  }
  return found;
}

}  // namespace tapedeck::auth
