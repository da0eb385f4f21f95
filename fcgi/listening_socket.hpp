#pragma once

#include <string>

namespace tapedeck::fcgi {

/// A listening socket on one address, for nginx to inherit.
class ListeningSocket {
 public:
  /// `host` is an address or a name (its first address counts); port 0 takes a free one. Throws
  /// config::ConfigError naming host and port.
  ListeningSocket(const std::string& host, int port);
  /// On a Unix socket, mode 0660. One that nobody listens on any more is replaced; it is removed at
  /// the end. Throws config::ConfigError naming the path.
  explicit ListeningSocket(const std::string& unix_path);
  ~ListeningSocket();
  ListeningSocket(const ListeningSocket&) = delete;
  ListeningSocket& operator=(const ListeningSocket&) = delete;

  [[nodiscard]] int descriptor() const { return descriptor_; }
  [[nodiscard]] int port() const { return port_; }
  /// "127.0.0.1:8001" or "[::1]:8001", with the address in numbers; "unix:/run/site.sock".
  [[nodiscard]] const std::string& address() const { return address_; }
  /// Once nginx has it; otherwise connections would hang when nginx ends.
  void close();

 private:
  int descriptor_ = -1;
  int port_ = 0;
  std::string address_;
  /// "" for TCP.
  std::string unix_path_;
};

}  // namespace tapedeck::fcgi
