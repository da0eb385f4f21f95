#include "fcgi/lane_sockets.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <string_view>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>
#include <utility>

#include <systemd/sd-daemon.h>

#include "config/config_error.hpp"

namespace tapedeck::fcgi {

namespace {

using config::ConfigError;
using instance::Lane;

constexpr mode_t kSocketMode = 0660;

std::optional<Lane> lane_of_name(std::string_view name) {
  constexpr std::string_view kPrefix = "tapedeck-";
  if (name.starts_with(kPrefix)) name.remove_prefix(kPrefix.size());
  const auto found = std::ranges::find(instance::kLanes, name, instance::lane_name);
  return found == instance::kLanes.end() ? std::nullopt : std::optional(*found);
}

/// ConfigError with the reason of errno.
ConfigError socket_error(const std::string& path) {
  return ConfigError(path + ": " + std::strerror(errno));
}

sockaddr_un address_of(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof(address.sun_path)) {
    throw ConfigError(path + ": longer than the " + std::to_string(sizeof(address.sun_path) - 1) +
                      " bytes that a socket's path may have");
  }
  path.copy(address.sun_path, path.size());
  return address;
}

/// A socket file stays when its process is killed; one that somebody listens on is in use.
void remove_stale(const std::string& path, const sockaddr_un& address) {
  struct stat status {};
  if (lstat(path.c_str(), &status) != 0) return;
  if (!S_ISSOCK(status.st_mode)) throw ConfigError(path + ": exists and is no socket");
  const int probe = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  const int result = connect(probe, reinterpret_cast<const sockaddr*>(&address), sizeof(address));
  const int reason = errno;
  close(probe);
  if (result == 0 || reason == EAGAIN) throw ConfigError(path + ": another pool listens here");
  unlink(path.c_str());
}

int listen_on(const std::string& path) {
  const sockaddr_un address = address_of(path);
  remove_stale(path, address);
  const int descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (descriptor < 0) throw socket_error(path);
  const mode_t mask = umask(static_cast<mode_t>(~kSocketMode & 0777));
  const int bound = bind(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof(address));
  umask(mask);
  if (bound != 0 || listen(descriptor, LaneSockets::kBacklog) != 0) {
    const ConfigError error = socket_error(path);
    close(descriptor);
    throw error;
  }
  return descriptor;
}

struct NameList {
  char** names = nullptr;
  NameList() = default;
  NameList(const NameList&) = delete;
  NameList& operator=(const NameList&) = delete;
  ~NameList() {
    if (names == nullptr) return;
    for (char** name = names; *name != nullptr; ++name) std::free(*name);
    std::free(names);
  }
};

}  // namespace

std::optional<LaneSockets> LaneSockets::inherit() {
  NameList list;
  const int count = sd_listen_fds_with_names(/*unset_environment=*/1, &list.names);
  if (count <= 0) return std::nullopt;
  LaneSockets sockets;
  for (int i = 0; i < count; ++i) {
    const std::string name = list.names[i];
    const std::optional<Lane> lane = lane_of_name(name);
    if (!lane) throw ConfigError("LISTEN_FDNAMES: '" + name + "' is no lane of workers");
    int& socket = sockets.sockets_.at(static_cast<std::size_t>(*lane));
    if (socket >= 0) throw ConfigError("LISTEN_FDNAMES: '" + name + "' is there twice");
    socket = SD_LISTEN_FDS_START + i;
    if (sd_is_socket(socket, AF_UNSPEC, SOCK_STREAM, /*listening=*/1) <= 0) {
      throw ConfigError("LISTEN_FDS: '" + name + "' is no listening stream socket");
    }
    fcntl(socket, F_SETFL, fcntl(socket, F_GETFL) | O_NONBLOCK);
    fcntl(socket, F_SETFD, FD_CLOEXEC);
  }
  for (const Lane lane : kServedLanes) {
    if (sockets.of(lane) < 0) {
      throw ConfigError("LISTEN_FDNAMES: no socket named '" +
                        std::string(instance::lane_name(lane)) + "'");
    }
  }
  return sockets;
}

LaneSockets LaneSockets::make(const std::string& folder) {
  LaneSockets sockets;
  for (const Lane lane : kServedLanes) {
    const auto index = static_cast<std::size_t>(lane);
    const std::string path = folder + "/" + std::string(instance::lane_name(lane)) + ".sock";
    sockets.sockets_.at(index) = listen_on(path);
    sockets.files_.at(index) = path;
  }
  return sockets;
}

LaneSockets::LaneSockets(LaneSockets&& other) noexcept
    : sockets_(other.sockets_), files_(std::exchange(other.files_, {})) {
  other.sockets_.fill(-1);
}

LaneSockets::~LaneSockets() {
  for (const int descriptor : sockets_) {
    if (descriptor >= 0) close(descriptor);
  }
  for (const std::string& file : files_) {
    if (!file.empty()) unlink(file.c_str());
  }
}

void LaneSockets::close_others(Lane lane) {
  for (std::size_t i = 0; i < sockets_.size(); ++i) {
    if (i == static_cast<std::size_t>(lane) || sockets_[i] < 0) continue;
    close(sockets_[i]);
    sockets_[i] = -1;
  }
}

}  // namespace tapedeck::fcgi
