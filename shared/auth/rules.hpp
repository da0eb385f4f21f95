#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "auth/action.hpp"
#include "auth/allow_block.hpp"
#include "config/configuration.hpp"

namespace tapedeck::auth {

/// For whom verdicts are asked.
struct Asker {
  const config::Configuration& configuration;
  /// Null: nobody is signed in.
  const Actor* actor = nullptr;
  /// `--root` is in force: the actor whose id is "root" may do everything that no rule denies.
  bool root_enabled = false;
};

/// On what an action is asked for. "" for what it does not name.
struct Resource {
  std::string_view database = {};
  std::string_view child = {};
};

enum class Scope { kGlobal, kParent, kResource };

/// One rule as it applies to one actor.
struct Rule {
  /// What it is about; "" at the levels above.
  std::string database;
  std::string child;
  bool allow = false;
  std::string reason;

  [[nodiscard]] Scope scope() const;
};

/// Whether the action is allowed: the most specific level that has a rule decides, there a deny
/// wins; then the actor's restrictions, then what the action also requires. No rule: no.
/// Costs a few hash lookups in the configuration.
/// Source: spec/auth-permissions.md sections 7 and 8.3.
[[nodiscard]] bool is_allowed(const Asker& asker, const Action& action, Resource resource);

/// The rules that cover this resource, and those of all resources, with their reasons.
[[nodiscard]] std::vector<Rule> matching_rules(const Asker& asker, const Action& action,
                                               Resource resource);
[[nodiscard]] std::vector<Rule> all_rules(const Asker& asker, const Action& action);

/// Whether any rule of this action stands on one child of that database rather than on all of it:
/// if none does, one verdict holds for every child.
[[nodiscard]] bool has_child_rules(const Asker& asker, const Action& action,
                                   std::string_view database);

}  // namespace tapedeck::auth
