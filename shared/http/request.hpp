#pragma once

#include <map>
#include <string>
#include <string_view>

#include "http/headers.hpp"
#include "http/query_string.hpp"

namespace tapedeck::http {

/// Who stands before the process. nginx understands X-Accel-Redirect and drops the body of a HEAD
/// answer itself; nobody else does.
enum class Front { kNone, kNginx };

/// One request, however it arrived. Everything is as the client sent it, so everything is hostile.
struct Request {
  std::string method = "GET";
  /// The raw path, still percent-encoded, cut at the first "?". Begins with "/".
  std::string raw_path = "/";
  /// What stands after the first "?", as sent; `query` is the same, parsed.
  std::string raw_query;
  QueryString query;
  Headers headers;
  /// "http" or "https", as the front server knows it.
  std::string scheme = "http";
  /// Of the front server's client; nginx writes "unix:" for one on a Unix socket.
  std::string remote_address;
  std::string body;
  /// The body was longer than max_post_body_bytes; `body` is empty then.
  bool body_too_large = false;
  Front front = Front::kNone;

  /// Sets raw_path, raw_query and query from a request target ("/a?b=c" or "http://h/a?b=c").
  void set_target(std::string_view target);
  /// Host header, or "localhost" when there is none.
  [[nodiscard]] std::string_view host() const;
  /// The front server's client is a process of this machine: 127.0.0.0/8, ::1 or a Unix socket.
  /// That may be a proxy.
  [[nodiscard]] bool is_from_this_machine() const;
  /// raw_path, and "?" and raw_query when that is not empty.
  [[nodiscard]] std::string target() const;
};

}  // namespace tapedeck::http
