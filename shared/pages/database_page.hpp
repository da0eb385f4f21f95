#pragma once

#include "pages/call.hpp"

namespace tapedeck::pages {

/// GET /{database}[.json]                action: view-database
///   _show_hidden=1   lists hidden tables too
///   sql=SQL          302 to /{database}/-/query with the whole query string
[[nodiscard]] http::Response database_page(Call& call);

/// GET /{database}.db                    action: view-database-download
/// The file of an immutable database; its ETag is the SHA-256 of the content.
[[nodiscard]] http::Response download_page(Call& call);

}  // namespace tapedeck::pages
