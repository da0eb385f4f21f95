#pragma once

#include <optional>
#include <string>

#include "config/serve_options.hpp"

namespace tapedeck::fcgi {

struct PoolOptions {
  config::ServeOptions serve;
  /// Folder for the sockets when none are inherited.
  std::optional<std::string> run_dir;
  /// The one-time token of /-/auth-token; "" makes one, and with --root prints its path.
  std::string root_token = {};
  /// Gets one byte when the workers are ready; -1 = nobody waits.
  int ready_descriptor = -1;
  /// A signal that the process gets when its parent dies; 0 = none.
  int parent_death_signal = 0;
};

/// The master: opens the sockets, forks the lanes, restarts what dies. Returns the exit status.
///
///   SIGHUP           loads the configuration anew; a new generation of workers takes over when it
///                    is ready, and the old ones finish the request in hand. A configuration that
///                    cannot be served changes nothing and is logged.
///   SIGTERM, SIGINT  the workers finish the request in hand; after kDrainLimit the rest is killed.
///
/// It touches no request and keeps no SQLite handle. Throws config::ConfigError for what stops the
/// start.
[[nodiscard]] int run_pool(const PoolOptions& options);

}  // namespace tapedeck::fcgi
