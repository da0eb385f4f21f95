#pragma once

#include "config/serve_options.hpp"

namespace tapedeck::fcgi {

/// `tapedeck serve`: a private nginx and a pool, in a run directory of their own.
///
/// Prints the address when both serve. Ends both on SIGINT and SIGTERM, itself last, and removes
/// the run directory; a second signal ends them at once. SIGHUP goes on to the pool. When one of
/// them ends by itself, so does the other, and the status is 1. Throws config::ConfigError for what
/// stops the start (a port in use).
[[nodiscard]] int serve(const config::ServeOptions& options);

}  // namespace tapedeck::fcgi
