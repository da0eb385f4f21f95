#pragma once

#include <boost/json.hpp>

namespace tapedeck::auth {

/// Who makes a request, as JSON with any keys ("id" by convention).
using Actor = boost::json::object;

/// Whether `block` lets `actor` (null: nobody is signed in) in. An object matches when any of its
/// keys does: by "*" when the actor has the key at all, else by a value that both have, each side
/// being one value or a list. Values are equal as in Python: 1, 1.0 and true are, 5 and "5" are
/// not. `{"unauthenticated": true}` matches nobody. true and 1 match everybody; false, 0, `{}` and
/// everything else match no one.
/// REQUIRES: `block` is not null, which is no rule at all.
/// Source: spec/auth-permissions.md section 5.
[[nodiscard]] bool matches(const boost::json::value& block, const Actor* actor);

}  // namespace tapedeck::auth
