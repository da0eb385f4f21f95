#pragma once

#include <optional>

#include "http/response.hpp"
#include "pages/call.hpp"

namespace tapedeck::pages {

/// GET /ANY/PATH that no other page answers: the publisher's own page of that path, from `pages/`
/// in the template folder (instance/custom_page.hpp); nothing when there is none. Asks no
/// permission, as Datasette: it shows no data. Throws http::RequestError 404 for a page that says
/// "not-found".
[[nodiscard]] std::optional<http::Response> custom_page(Call& call);

}  // namespace tapedeck::pages
