#pragma once

#include "pages/call.hpp"

/// What the program says about itself: JSON, and the same JSON indented on an HTML page.
namespace tapedeck::pages {

/// GET /-/versions[.json]                action: view-instance
[[nodiscard]] http::Response versions_page(Call& call);
/// GET /-/databases[.json]               action: view-instance
[[nodiscard]] http::Response databases_page(Call& call);
/// GET /-/settings[.json]                action: view-instance
[[nodiscard]] http::Response settings_page(Call& call);
/// GET /-/health[.json]: needs no permission. 200 when `select 1` ran on every database within a
/// second, else 503.
[[nodiscard]] http::Response health_page(Call& call);
/// GET /-: 301 to /-/
[[nodiscard]] http::Response dash_page(Call& call);
/// GET /:memory:REST: 301 to /_memory and REST
[[nodiscard]] http::Response memory_redirect(Call& call);

}  // namespace tapedeck::pages
