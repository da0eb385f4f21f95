#pragma once

#include "pages/call.hpp"

/// CREATE statements as JSON, as Markdown and on HTML pages. Unlike the peer's they name no table
/// that the visitor may not see. A missing database or table is plain text but for JSON.
namespace tapedeck::pages {

/// GET /-/schema[.json|.md]              every database with action view-database
[[nodiscard]] http::Response instance_schema_page(Call& call);
/// GET /{database}/-/schema[.json|.md]   action: view-database
[[nodiscard]] http::Response database_schema_page(Call& call);
/// GET /{database}/{table}/-/schema[.json|.md]   action: view-table (views likewise)
[[nodiscard]] http::Response table_schema_page(Call& call);

}  // namespace tapedeck::pages
