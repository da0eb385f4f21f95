#pragma once

#include "config/settings.hpp"
#include "http/headers.hpp"
#include "http/request.hpp"

namespace tapedeck::app {

/// CORS headers (`--cors`): for every origin, or with the setting cors_origins for the listed ones,
/// compared as scheme, host and port; then `Vary: Origin` keeps caches right, and an origin that is
/// not listed gets no CORS header at all. Source: spec/config-cli.md section 6.
void add_cors_headers(const config::Settings& settings, const http::Request& request,
                      http::Headers& headers);

}  // namespace tapedeck::app
