#pragma once

#include "pages/call.hpp"

namespace tapedeck::app {

/// GET /-/metrics: what the processes of the pool have counted, for Prometheus. Here and not among
/// the pages, because it names the routes.
///
/// For requests from this machine itself, and for action permissions-debug; else 403. Behind a
/// proxy on this machine every request comes from it, so one that was forwarded (it has
/// Forwarded, X-Forwarded-For or X-Real-IP) is nobody's own. 404 outside of a pool.
[[nodiscard]] http::Response metrics_page(pages::Call& call);

}  // namespace tapedeck::app
