#pragma once

#include "pages/call.hpp"

/// Pages for those who build on this site.
namespace tapedeck::pages {

/// GET /-/api       action: view-instance
///   path=PATH      shows the answer of that address of this site below the form
/// A form for GET requests, and links to the JSON of what the visitor may see.
[[nodiscard]] http::Response api_page(Call& call);

/// GET /-/patterns  action: view-instance
/// Every element that pages are made of, for those who write style sheets.
[[nodiscard]] http::Response patterns_page(Call& call);

}  // namespace tapedeck::pages
