#include "commands/healthcheck.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <netdb.h>
#include <stdexcept>
#include <string_view>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include <boost/url/parse.hpp>

#include "config/config_error.hpp"

namespace tapedeck::commands {

namespace {

constexpr time_t kPatienceSeconds = 5;
constexpr std::string_view kHealthPath = "/-/health";
constexpr std::string_view kUnixPrefix = "unix:";

struct Target {
  std::string host;
  std::string port = "80";
  /// In place of both.
  std::string socket;
  std::string path{kHealthPath};
};

Target target_of(const std::string& url) {
  Target target;
  if (url.starts_with(kUnixPrefix)) {
    target.socket = url.substr(kUnixPrefix.size());
    target.host = "localhost";
    if (target.socket.empty() || target.socket.size() >= sizeof(sockaddr_un::sun_path)) {
      throw config::UsageError("healthcheck: '" + url + "' names no socket");
    }
    return target;
  }
  const auto parsed = boost::urls::parse_uri(url);
  if (parsed.has_error() || parsed->scheme() != "http" || parsed->encoded_host().empty()) {
    throw config::UsageError("healthcheck: '" + url +
                             "' should be http://HOST:PORT or unix:SOCKET");
  }
  target.host = parsed->host_address();
  if (parsed->has_port() && !parsed->port().empty()) target.port = parsed->port();
  const std::string path(parsed->encoded_resource());
  if (!path.empty() && path != "/") target.path = path;
  return target;
}

[[noreturn]] void fail(const std::string& what) {
  throw std::runtime_error(what + ": " + std::strerror(errno));
}

class Connection {
 public:
  explicit Connection(const Target& target) {
    if (target.socket.empty()) {
      connect_tcp(target);
    } else {
      sockaddr_un address{};
      address.sun_family = AF_UNIX;
      target.socket.copy(address.sun_path, sizeof(address.sun_path) - 1);
      connect_to(AF_UNIX, reinterpret_cast<const sockaddr*>(&address), sizeof(address));
    }
    if (descriptor_ < 0) fail("no connection");
  }
  ~Connection() { disconnect(); }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  void send_all(std::string_view text) const {
    while (!text.empty()) {
      const ssize_t sent = send(descriptor_, text.data(), text.size(), MSG_NOSIGNAL);
      if (sent <= 0) fail("the request was not taken");
      text.remove_prefix(static_cast<std::size_t>(sent));
    }
  }
  [[nodiscard]] std::string first_line() const {
    constexpr std::size_t kLongest = 1000;
    std::string text;
    std::array<char, 512> buffer;
    while (text.find('\n') == std::string::npos && text.size() < kLongest) {
      const ssize_t got = recv(descriptor_, buffer.data(), buffer.size(), 0);
      if (got < 0) fail("no answer");
      if (got == 0) break;
      text.append(buffer.data(), static_cast<std::size_t>(got));
    }
    return text.substr(0, text.find_first_of("\r\n"));
  }

 private:
  void connect_tcp(const Target& target) {
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    const int status = getaddrinfo(target.host.c_str(), target.port.c_str(), &hints, &found);
    if (status != 0) throw std::runtime_error(target.host + ": " + gai_strerror(status));
    const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> addresses(found, &freeaddrinfo);
    // "localhost" may be ::1 first, where nobody listens.
    for (const addrinfo* it = addresses.get(); it != nullptr && descriptor_ < 0; it = it->ai_next) {
      connect_to(it->ai_family, it->ai_addr, it->ai_addrlen);
    }
  }
  void connect_to(int family, const sockaddr* address, socklen_t size) {
    descriptor_ = socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (descriptor_ < 0) return;
    const timeval patience{kPatienceSeconds, 0};
    setsockopt(descriptor_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
    setsockopt(descriptor_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
    if (connect(descriptor_, address, size) != 0) disconnect();
  }
  void disconnect() {
    const int reason = errno;
    if (descriptor_ >= 0) close(descriptor_);
    descriptor_ = -1;
    errno = reason;
  }

  int descriptor_ = -1;
};

/// "HTTP/1.1 200 OK"
std::string status_line(const Target& target) {
  const Connection connection(target);
  connection.send_all("GET " + target.path + " HTTP/1.0\r\nHost: " + target.host +
                      "\r\nAccept: application/json\r\n\r\n");
  return connection.first_line();
}

}  // namespace

int healthcheck(const std::string& url) {
  const Target target = target_of(url);
  std::string complaint;
  try {
    const std::string line = status_line(target);
    const bool is_well = line.starts_with("HTTP/1.") && line.find(" 200") == 8;
    if (is_well) return 0;
    complaint = line.empty() ? "closed without an answer" : line;
    std::ranges::replace_if(
        complaint, [](char c) { return c < ' ' || c > '~'; }, '?');
  } catch (const std::runtime_error& error) {
    complaint = error.what();
  }
  std::fprintf(stderr, "Error: %s: %s\n", url.c_str(), complaint.c_str());
  return 1;
}

}  // namespace tapedeck::commands
