#pragma once

#include <array>
#include <optional>
#include <string>

#include "instance/lane.hpp"

namespace tapedeck::fcgi {

/// The listening sockets of the lanes: inherited from systemd, or made in a folder and removed
/// again from there. All are non-blocking.
class LaneSockets {
 public:
  /// Length of the queue before accept(). With 10, bursts became 502 (measured).
  static constexpr int kBacklog = 1024;

  /// Takes the descriptors of LISTEN_FDS by their LISTEN_FDNAMES ("read" or "tapedeck-read", ...),
  /// and unsets the variables. Nothing when there are none for this process. Throws
  /// config::ConfigError for a missing, doubled or unknown name.
  [[nodiscard]] static std::optional<LaneSockets> inherit();
  /// Makes DIR/read.sock and so on with mode 0660. A socket file that nobody listens on any more is
  /// replaced. Throws config::ConfigError.
  [[nodiscard]] static LaneSockets make(const std::string& folder);

  ~LaneSockets();
  LaneSockets(LaneSockets&& other) noexcept;
  LaneSockets& operator=(LaneSockets&&) = delete;

  /// -1 for the write lane when it has no socket: nothing needs it.
  [[nodiscard]] int of(instance::Lane lane) const {
    return sockets_.at(static_cast<std::size_t>(lane));
  }
  /// For a worker: its own lane's stays.
  void close_others(instance::Lane lane);

 private:
  LaneSockets() { sockets_.fill(-1); }

  std::array<int, instance::kLanes.size()> sockets_{};
  std::array<std::string, instance::kLanes.size()> files_;
};

/// The lanes that have workers. Nothing writes yet, so the write lane has none.
inline constexpr std::array kServedLanes{instance::Lane::kRead, instance::Lane::kQuery,
                                         instance::Lane::kExport};

}  // namespace tapedeck::fcgi
