#pragma once

#include <span>
#include <string_view>

namespace tapedeck::auth {

/// What an action is done to.
enum class Level { kInstance, kDatabase, kTable, kQuery };

/// One thing that somebody may be allowed to do.
struct Action {
  std::string_view name;
  /// Its name inside tokens.
  std::string_view abbreviation;
  std::string_view description;
  Level level = Level::kInstance;
  /// An action that must be allowed as well; "" for none. Chains are followed.
  std::string_view also_requires = {};
  /// Allowed to everybody where no rule says anything, unless --default-deny.
  bool default_allow = false;

  [[nodiscard]] bool takes_database() const { return level != Level::kInstance; }
  [[nodiscard]] bool takes_child() const {
    return level == Level::kTable || level == Level::kQuery;
  }
};

/// By name. Source: spec/auth-permissions.md section 6.
[[nodiscard]] std::span<const Action> actions();
/// nullptr for an unknown name; abbreviations are no names.
[[nodiscard]] const Action* find_action(std::string_view name);

}  // namespace tapedeck::auth
