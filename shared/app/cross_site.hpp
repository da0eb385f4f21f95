#pragma once

#include "http/request.hpp"

namespace tapedeck::app {

/// Refuses a request that changes or asks something on behalf of another site: 403 when
/// Sec-Fetch-Site says so or, without that header, when Origin is not this site's. Requests with a
/// bearer token and no cookie are exempt, and so are those with neither header (they come from no
/// browser). Throws http::RequestError. Source: spec/urls.md section 10.
void require_same_origin(const http::Request& request);

}  // namespace tapedeck::app
