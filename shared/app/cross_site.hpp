#pragma once

#include "http/request.hpp"

namespace tapedeck::app {

/// Refuses a request that changes or asks something on behalf of another site: 403, always as HTML,
/// when Sec-Fetch-Site says so or, without that header, when Origin is not this site's (its scheme
/// being https with `force_https`). Requests with a bearer token and no cookie are exempt, and so
/// are those with neither header (they come from no browser). Throws http::RequestError.
/// Source: spec/auth-permissions.md section 9.
void require_same_origin(const http::Request& request, bool force_https);

}  // namespace tapedeck::app
