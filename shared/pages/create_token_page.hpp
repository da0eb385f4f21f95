#pragma once

#include "pages/call.hpp"

namespace tapedeck::pages {

/// GET /-/create-token: a form for tokens in the name of who is signed in by cookie; 403 for
/// others.
/// POST makes one and shows it:
///   expire_type=minutes|hours|days, expire_duration=N     both absent: for ever
///   all:ACTION, database:DB:ACTION, resource:DB:TABLE:ACTION     names tilde-encoded; each one
///       that is there is allowed, and nothing else then; none: all that the actor may do
/// Source: spec/auth-permissions.md section 8.4.
[[nodiscard]] http::Response create_token_page(Call& call);
[[nodiscard]] http::Response create_token(Call& call);

}  // namespace tapedeck::pages
