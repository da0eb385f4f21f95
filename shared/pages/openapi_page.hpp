#pragma once

#include "pages/call.hpp"

namespace tapedeck::pages {

/// GET /-/openapi.json     action: view-instance
/// OpenAPI 3.1 of every database, table, view, row and stored query that the visitor may see, and
/// of `/-/query` where SQL is allowed.
[[nodiscard]] http::Response openapi_page(Call& call);

}  // namespace tapedeck::pages
