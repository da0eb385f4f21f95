#pragma once

#include "pages/call.hpp"

namespace tapedeck::pages {

/// GET /-/threads[.json]     action: permissions-debug for everything; without it numbers and times
/// alone, and 403 when the setting public_threads is off or nothing is public (--default-deny).
///
/// `threads` are the workers of the pool (Datasette's keys, and lane, state and elapsed
/// milliseconds), `tasks` the requests in hand. Outside of a pool both lists are empty.
[[nodiscard]] http::Response threads_page(Call& call);

}  // namespace tapedeck::pages
