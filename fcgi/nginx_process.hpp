#pragma once

#include <string>
#include <sys/types.h>

#include "fcgi/installation.hpp"

namespace tapedeck::fcgi {

/// The private nginx of `tapedeck serve`.
struct NginxSite {
  /// Private folder: configuration, pid file, temporary files, cache, and the pool's sockets.
  std::string run_dir;
  /// Listening socket that nginx inherits, and its address as nginx writes it ("[::1]:8001").
  int listening_socket = -1;
  std::string listen;
  /// Longest request body; 0 = no limit. Above it nginx itself answers 413.
  long max_body_bytes = 0;
};

/// Writes nginx.conf and its snippets into the run directory. Throws config::ConfigError.
void write_nginx_configuration(const NginxSite& site, const Installation& installation);

/// The nginx to start. Throws config::ConfigError when none is installed.
[[nodiscard]] std::string find_nginx();

/// Starts the nginx `program` in the foreground in a process group of its own; it ends when this
/// process does. Returns the pid of its master. A program that cannot be started ends at once with
/// status 127. Throws config::ConfigError when there can be no new process.
[[nodiscard]] pid_t start_nginx(const std::string& program, const NginxSite& site);

/// Whether nginx has read its configuration and serves: it writes its pid file then.
[[nodiscard]] bool nginx_is_ready(const NginxSite& site);

/// What nginx had to say before it read where its messages should go; for a start that failed.
[[nodiscard]] std::string nginx_start_log(const NginxSite& site);

}  // namespace tapedeck::fcgi
