#include "fcgi/listening_socket.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <memory>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <system_error>
#include <unistd.h>

#include "base/text.hpp"
#include "config/config_error.hpp"

namespace tapedeck::fcgi {

namespace {

using config::ConfigError;
using AddressList = std::unique_ptr<addrinfo, decltype(&freeaddrinfo)>;

/// nginx's own default.
constexpr int kBacklog = 511;
/// Others than owner and group have nothing to do with it.
constexpr mode_t kSocketUmask = 0117;

AddressList look_up(const std::string& host, int port) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
  addrinfo* found = nullptr;
  const int status = getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found);
  if (status != 0) throw ConfigError("--host " + host + ": " + gai_strerror(status));
  return {found, &freeaddrinfo};
}

bool is_listened_on(const sockaddr* address, socklen_t size) {
  const int probe = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const bool answers = probe >= 0 && connect(probe, address, size) == 0;
  if (probe >= 0) close(probe);
  return answers;
}

void enable(int descriptor, int level, int option) {
  const int on = 1;
  setsockopt(descriptor, level, option, &on, sizeof(on));
}

}  // namespace

ListeningSocket::ListeningSocket(const std::string& host, int port) {
  const AddressList found = look_up(host, port);
  const auto fail = [&] {
    return ConfigError("Cannot listen on " + host + " port " + std::to_string(port) + ": " +
                       std::strerror(errno));
  };
  descriptor_ = socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (descriptor_ < 0) throw fail();
  enable(descriptor_, SOL_SOCKET, SO_REUSEADDR);
  // As nginx does; a socket for both families would not match its "listen [::]".
  if (found->ai_family == AF_INET6) enable(descriptor_, IPPROTO_IPV6, IPV6_V6ONLY);
  if (bind(descriptor_, found->ai_addr, found->ai_addrlen) != 0 ||
      listen(descriptor_, kBacklog) != 0) {
    const ConfigError error = fail();
    close();
    throw error;
  }
  sockaddr_storage bound{};
  socklen_t size = sizeof(bound);
  auto* address = reinterpret_cast<sockaddr*>(&bound);
  getsockname(descriptor_, address, &size);
  std::array<char, NI_MAXHOST> number_of_host{};
  std::array<char, NI_MAXSERV> number_of_port{};
  getnameinfo(address, size, number_of_host.data(), number_of_host.size(), number_of_port.data(),
              number_of_port.size(), NI_NUMERICHOST | NI_NUMERICSERV);
  const bool is_v6 = found->ai_family == AF_INET6;
  address_ = (is_v6 ? "[" : "") + std::string(number_of_host.data()) + (is_v6 ? "]:" : ":") +
             number_of_port.data();
  port_ = static_cast<int>(base::parse_int64(number_of_port.data()).value_or(port));
}

ListeningSocket::ListeningSocket(const std::string& unix_path) {
  const auto fail = [&](const std::string& reason) {
    return ConfigError("--uds " + unix_path + ": " + reason);
  };
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::error_code error;
  const std::string path = std::filesystem::absolute(unix_path, error).string();
  if (path.size() >= sizeof(address.sun_path)) throw fail("the path is too long for a socket");
  path.copy(address.sun_path, sizeof(address.sun_path) - 1);
  const auto* bound = reinterpret_cast<const sockaddr*>(&address);
  if (std::filesystem::is_socket(path, error)) {
    if (is_listened_on(bound, sizeof(address))) throw fail("another server listens here");
    std::filesystem::remove(path, error);
  }
  descriptor_ = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (descriptor_ < 0) throw fail(std::strerror(errno));
  // Made with its mode: between bind() and chmod() anybody could connect.
  const mode_t before = umask(kSocketUmask);
  const bool is_bound = bind(descriptor_, bound, sizeof(address)) == 0;
  umask(before);
  if (!is_bound || listen(descriptor_, kBacklog) != 0) {
    const ConfigError failure = fail(std::strerror(errno));
    if (is_bound) std::filesystem::remove(path, error);
    close();
    throw failure;
  }
  unix_path_ = path;
  address_ = "unix:" + path;
}

ListeningSocket::~ListeningSocket() {
  close();
  std::error_code error;
  if (!unix_path_.empty()) std::filesystem::remove(unix_path_, error);
}

void ListeningSocket::close() {
  if (descriptor_ >= 0) ::close(descriptor_);
  descriptor_ = -1;
}

}  // namespace tapedeck::fcgi
