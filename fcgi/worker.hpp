#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "config/configuration.hpp"
#include "fcgi/stream_guard.hpp"
#include "instance/instance.hpp"
#include "instance/scoreboard.hpp"

namespace tapedeck::fcgi {

/// What one worker is given by the master.
struct WorkerTask {
  std::shared_ptr<const config::Configuration> configuration;
  instance::AssetPaths assets;
  instance::Lane lane = instance::Lane::kRead;
  instance::Scoreboard* scoreboard = nullptr;
  std::size_t slot = 0;
  /// Non-blocking; shared by all workers of the lane.
  int listening_socket = -1;
  StreamGuard* stream_guard = nullptr;
  /// Private folder (0700) for what SQLite spills; the master removes it.
  std::string temporary_folder;
};

/// Exit statuses that the master tells apart. Watchdog::kExitOverdue is another.
inline constexpr int kExitDone = 0;
/// The configuration cannot be served: forking another would not help.
inline constexpr int kExitConfiguration = 78;
/// The worker could not go on and has logged why.
inline constexpr int kExitFailure = 70;

/// The life of a worker, from just after the fork: opens what it needs, locks itself in, answers
/// one request after the other until SIGTERM, and returns the process's exit status. The request in
/// hand at SIGTERM is finished.
///
/// REQUIRES: SIGTERM is blocked; it is let through only while the worker waits for a connection.
[[nodiscard]] int run_worker(const WorkerTask& task);

}  // namespace tapedeck::fcgi
