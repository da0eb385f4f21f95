#pragma once

#include "pages/call.hpp"

/// Tools that show why somebody may do something. None of them promises stability.
/// Source: spec/auth-permissions.md section 14.
namespace tapedeck::pages {

/// GET /-/actions[.json]                 action: permissions-debug
[[nodiscard]] http::Response actions_page(Call& call);

/// GET /-/check[.json]                   action: permissions-debug
///   action=A, parent=DATABASE, child=TABLE     what is asked for
///   actor=JSON       on whose behalf: an object or null; who asks when absent
/// POST /-/permissions: the same as JSON, with the fields permission, resource_1, resource_2, actor
[[nodiscard]] http::Response check_page(Call& call);
/// GET /-/permissions                    actions: view-instance, permissions-debug
[[nodiscard]] http::Response permissions_page(Call& call);
[[nodiscard]] http::Response posted_check(Call& call);

/// GET /-/rules[.json]                   actions: view-instance, permissions-debug
///   action=A         its rules, as they apply to who asks
///   _page=N, _size=N|max     50 a page, at most 200
[[nodiscard]] http::Response rules_page(Call& call);

/// GET /-/allowed[.json]: what who asks may do; anybody may look at his own.
///   action=A, parent=DATABASE, child=TABLE, _page, _size
[[nodiscard]] http::Response allowed_page(Call& call);

/// GET /-/allow-debug: whether an allow block matches an actor; anybody may try.
///   actor=JSON, allow=JSON
[[nodiscard]] http::Response allow_debug_page(Call& call);

}  // namespace tapedeck::pages
