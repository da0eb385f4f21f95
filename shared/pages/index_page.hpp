#pragma once

#include "pages/call.hpp"

namespace tapedeck::pages {

/// GET / and /.json                      action: view-instance
///   _sort=relationships   sorts each database's tables by their foreign keys first
[[nodiscard]] http::Response index_page(Call& call);
/// GET /-/ and /-/.json: the same, always with the built-in template and noindex.
[[nodiscard]] http::Response plain_index_page(Call& call);

}  // namespace tapedeck::pages
