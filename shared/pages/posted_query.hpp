#pragma once

#include "pages/call.hpp"

namespace tapedeck::pages {

/// POST with a JSON object {"sql": …, "params": {…}, "_shape": …} to /{database}/-/query, to
/// /{database} or to /{database}.json: the JSON of the GET of query_page(), not to be cached.
///
/// Errors:  http::RequestError 400 in JSON for a body that is no such object, and those of the GET.
[[nodiscard]] http::Response posted_query(Call& call);

}  // namespace tapedeck::pages
