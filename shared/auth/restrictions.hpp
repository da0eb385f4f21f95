#pragma once

#include <string_view>

#include "auth/action.hpp"
#include "auth/allow_block.hpp"

namespace tapedeck::auth {

/// The allowlist under an actor's key `_r`: {"a": [ACTION…], "d": {DATABASE: [ACTION…]},
/// "r": {DATABASE: {TABLE: [ACTION…]}}}, actions by name or abbreviation. It only takes away, and
/// what is not written as it should be grants nothing.
/// Source: spec/auth-permissions.md section 8.3.
[[nodiscard]] bool is_restricted(const Actor* actor);

/// Whether `action` on a database ("" for none) or on one child of it ("" for none) is within the
/// allowlist. True for actors without one.
[[nodiscard]] bool restrictions_allow(const Actor* actor, const Action& action,
                                      std::string_view database, std::string_view child);

/// Whether the allowlist names this very child (under "r").
[[nodiscard]] bool restrictions_name(const Actor* actor, const Action& action,
                                     std::string_view database, std::string_view child);
/// Whether it names the database (under "d") or a child of it (under "r").
[[nodiscard]] bool restrictions_name(const Actor* actor, const Action& action,
                                     std::string_view database);

}  // namespace tapedeck::auth
