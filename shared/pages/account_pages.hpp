#pragma once

#include "pages/call.hpp"

/// Signing in and out, and messages: who one is. Source: spec/auth-permissions.md sections 3, 4, 10
/// and 11. Forms come as application/x-www-form-urlencoded.
namespace tapedeck::pages {

/// GET /-/actor[.json]: who asks, null for nobody. Needs no permission.
[[nodiscard]] http::Response actor_page(Call& call);

/// GET /-/auth-token?token=T: signs "root" in, once in the life of the master; 403 for a wrong or
/// used token; whoever is root already is sent home and the token kept.
[[nodiscard]] http::Response auth_token_page(Call& call);

/// GET /-/logout: asks; anonymous visitors are sent home. POST: forgets the cookie.
[[nodiscard]] http::Response logout_page(Call& call);
[[nodiscard]] http::Response log_out(Call& call);

/// GET /-/messages                       action: view-instance
/// POST message=TEXT&message_type=INFO|WARNING|ERROR|all: leaves it for the next page.
[[nodiscard]] http::Response messages_page(Call& call);
[[nodiscard]] http::Response add_message(Call& call);

}  // namespace tapedeck::pages
