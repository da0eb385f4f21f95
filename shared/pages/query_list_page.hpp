#pragma once

#include "pages/call.hpp"

namespace tapedeck::pages {

/// GET /-/queries[.json], /{database}/-/queries[.json]   queries with action view-query
///   q=TEXT                a piece of name, title, description or SQL
///   is_write, is_private  0 or 1
///   source, owner_id      exactly
///   _size=N|max           default 50 as JSON, 20 as HTML
///   _next=TOKEN           continue there
[[nodiscard]] http::Response instance_queries_page(Call& call);
[[nodiscard]] http::Response database_queries_page(Call& call);

/// GET /{database}/{query}/-/definition    action: view-query. JSON; 404 `Query not found: X`.
[[nodiscard]] http::Response query_definition_page(Call& call);

}  // namespace tapedeck::pages
