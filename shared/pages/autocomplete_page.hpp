#pragma once

#include "pages/call.hpp"

namespace tapedeck::pages {

/// GET /{database}/{table}/-/autocomplete     action: view-table. JSON.
///   q=TEXT         rows whose key or label holds it, at most 10; none for a blank one
///   _initial=1     with a blank q: the 10 highest keys
/// 400 for views.
[[nodiscard]] http::Response autocomplete_page(Call& call);

/// GET /-/debug/autocomplete     action: view-instance. A form to try it: database, table, q.
[[nodiscard]] http::Response autocomplete_debug_page(Call& call);

}  // namespace tapedeck::pages
