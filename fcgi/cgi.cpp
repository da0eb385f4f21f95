#include "fcgi/cgi.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

#include "base/digest.hpp"
#include "base/log.hpp"
#include "base/text.hpp"
#include "config/configuration.hpp"
#include "config/serve_key.hpp"
#include "fcgi/cgi_message.hpp"
#include "fcgi/installation.hpp"
#include "fcgi/single_request.hpp"
#include "http/percent.hpp"
#include "instance/create_databases.hpp"

namespace tapedeck::fcgi {

namespace {

std::string_view variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string_view() : value;
}

/// A server without REQUEST_URI has decoded the path; names with "%2F" are lost with it.
std::string rebuilt_target() {
  const std::string path =
      std::string(variable("SCRIPT_NAME")) + std::string(variable("PATH_INFO"));
  std::string target;
  for (const std::string_view segment : base::split(path, '/')) {
    if (!target.empty() || segment.data() != path.data()) target += '/';
    target += http::percent_encode(segment);
  }
  if (!target.starts_with('/')) target.insert(0, "/");
  if (!variable("QUERY_STRING").empty()) target.append("?").append(variable("QUERY_STRING"));
  return target;
}

/// Reads CONTENT_LENGTH bytes; the rest of a body that is too large is left to the server.
void read_body(http::Request& request, std::size_t max_body_bytes) {
  const auto length = base::parse_int64(variable("CONTENT_LENGTH"));
  if (!length || *length <= 0 || !may_have_body(request.method)) return;
  auto left = static_cast<std::size_t>(*length);
  if (max_body_bytes != 0 && left > max_body_bytes) {
    request.body_too_large = true;
    return;
  }
  std::array<char, 65536> buffer;
  while (left > 0) {
    const ssize_t got = read(STDIN_FILENO, buffer.data(), std::min(left, buffer.size()));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) break;
    request.body.append(buffer.data(), static_cast<std::size_t>(got));
    left -= static_cast<std::size_t>(got);
  }
}

http::Request read_request(std::size_t max_body_bytes) {
  http::Request request;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text(*entry);
    const std::size_t equals = text.find('=');
    if (equals == std::string_view::npos) continue;
    take_variable(request, text.substr(0, equals), text.substr(equals + 1));
  }
  if (variable("REQUEST_URI").empty()) request.set_target(rebuilt_target());
  // X-Accel-Redirect would reach the client: a CGI server is not the nginx of our configuration.
  request.front = http::Front::kNone;
  read_body(request, max_body_bytes);
  return request;
}

std::string cgi_head(const http::Response& response, std::optional<std::uint64_t> length) {
  std::string head;
  append_head(head, response, {.front = http::Front::kNone, .content_length = length});
  return head;
}

int refuse(std::string_view reason) {
  base::log(base::LogLevel::kError, "configuration_refused", {{"reason", reason}});
  http::Response response =
      http::text_response(500, "text/plain; charset=utf-8", "The site is not configured.\n");
  OutputSink output;
  output.write(cgi_head(response, response.body.size()));
  output.write(response.body);
  return 1;
}

}  // namespace

bool is_cgi() {
  if (std::getenv("GATEWAY_INTERFACE") == nullptr) return false;
  int listening = 0;
  socklen_t size = sizeof(listening);
  return getsockopt(STDIN_FILENO, SOL_SOCKET, SO_ACCEPTCONN, &listening, &size) != 0 ||
         listening == 0;
}

int answer_cgi() try {
  if (variable("TAPEDECK_CONFIG").empty()) {
    return refuse("TAPEDECK_CONFIG names no configuration file");
  }
  config::ServeOptions options;
  options.config = std::string(variable("TAPEDECK_CONFIG"));
  options = config::merge_serve_key(std::move(options));
  instance::create_missing_databases(options);
  const Installation installation = find_installation();
  auto configuration = std::make_shared<config::Configuration>(config::load(options, &std::getenv));
  if (configuration->secret.empty()) configuration->secret = base::random_hex(kSecretBytes);
  const auto max_body = static_cast<std::size_t>(configuration->settings.max_post_body_bytes);
  const http::Request request = read_request(max_body);
  answer_single(std::move(configuration), installation.assets, request, cgi_head);
  return 0;
} catch (const config::ConfigError& error) {
  return refuse(error.what());
} catch (const http::ClientGone&) {
  return 1;
}

}  // namespace tapedeck::fcgi
