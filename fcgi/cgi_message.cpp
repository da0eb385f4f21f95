#include "fcgi/cgi_message.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <memory>
#include <stdexcept>
#include <system_error>
#include <vector>

#include "base/text.hpp"
#include "http/percent.hpp"

namespace tapedeck::fcgi {

namespace {

constexpr std::string_view kInternalFileLocation = "/-/internal-file";

/// "HTTP_ACCEPT_ENCODING" without its prefix -> "Accept-Encoding"; empty for what is no such name
/// (a server other than nginx may let other bytes through).
std::string header_name(std::string_view variable) {
  std::string name;
  name.reserve(variable.size());
  bool begins_word = true;
  for (const char c : variable) {
    if (c == '_') {
      name += '-';
      begins_word = true;
      continue;
    }
    const bool upper = c >= 'A' && c <= 'Z';
    if (!upper && !(c >= '0' && c <= '9')) return {};
    name += upper && !begins_word ? static_cast<char>(c - 'A' + 'a') : c;
    begins_word = false;
  }
  return name;
}

void append_number(std::string& out, std::uint64_t number) {
  std::array<char, 20> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  out.append(digits.data(), end);
}

void append_field(std::string& out, std::string_view name, std::string_view value) {
  out.append(name).append(": ").append(value).append("\r\n");
}

/// Every segment encoded, the slashes kept: nginx decodes the target of X-Accel-Redirect once.
void append_internal_file(std::string& out, std::string_view path) {
  out.append(kInternalFileLocation);
  for (std::size_t at = 0; at < path.size();) {
    const std::size_t slash = path.find('/', at);
    const std::size_t end = slash == std::string_view::npos ? path.size() : slash;
    out.append(http::percent_encode(path.substr(at, end - at)));
    if (slash == std::string_view::npos) break;
    out += '/';
    at = slash + 1;
  }
}

}  // namespace

void take_variable(http::Request& request, std::string_view name, std::string_view value) {
  using namespace std::string_view_literals;
  if (name.starts_with("HTTP_"sv)) {
    // HTTP_PROXY would be a client's way to set the proxy of whoever reads the environment.
    if (name == "HTTP_PROXY"sv) return;
    const std::string header = header_name(name.substr(5));
    if (!header.empty() && !value.empty()) request.headers.add(header, value);
  } else if (name == "REQUEST_URI"sv) {
    request.set_target(value);
  } else if (name == "REQUEST_METHOD"sv) {
    request.method = value;
  } else if (name == "REQUEST_SCHEME"sv) {
    request.scheme = value == "https"sv ? "https" : "http";
  } else if (name == "HTTPS"sv) {
    if (base::equals_ignoring_case(value, "on")) request.scheme = "https";
  } else if (name == "REMOTE_ADDR"sv) {
    request.remote_address = value;
  } else if (name == "CONTENT_TYPE"sv) {
    if (!value.empty()) request.headers.set("Content-Type", value);
  } else if (name == "TAPEDECK_FRONT"sv) {
    request.front = value == "nginx"sv ? http::Front::kNginx : http::Front::kNone;
  }
}

bool may_have_body(std::string_view method) {
  return method != "GET" && method != "HEAD" && method != "OPTIONS" && method != "TRACE";
}

bool status_has_content(int status) {
  return status >= 200 && status != 204 && status != 304;
}

void append_head(std::string& out, const http::Response& response, const HeadOptions& options) {
  using base::equals_ignoring_case;
  const bool is_stream = !options.content_length.has_value() && !response.file;
  const bool behind_nginx = options.front == http::Front::kNginx;
  out.append("Status: ");
  append_number(out, static_cast<std::uint64_t>(response.status));
  out.append(" ").append(http::reason_phrase(response.status)).append("\r\n");
  bool has_expiry = false;
  for (const auto& [name, value] : response.headers.fields()) {
    if (equals_ignoring_case(name, "Content-Length")) continue;
    if (is_stream && equals_ignoring_case(name, "ETag")) continue;
    if (equals_ignoring_case(name, "X-Accel-Expires")) {
      if (is_stream || !behind_nginx) continue;
      has_expiry = true;
    }
    append_field(out, name, value);
  }
  if (behind_nginx && !has_expiry) append_field(out, "X-Accel-Expires", "0");
  if (response.file && behind_nginx) {
    out.append("X-Accel-Redirect: ");
    append_internal_file(out, response.file->path);
    out.append("\r\n");
  } else if (options.content_length && status_has_content(response.status)) {
    out.append("Content-Length: ");
    append_number(out, *options.content_length);
    out.append("\r\n");
  }
  out.append("\r\n");
}

void copy_file(const http::FileBody& file, http::BodySink& sink) {
  const auto close_file = [](std::FILE* stream) { std::fclose(stream); };
  const std::unique_ptr<std::FILE, decltype(close_file)> stream(
      std::fopen(file.path.c_str(), "rbe"), close_file);
  if (!stream) throw std::system_error(errno, std::generic_category(), file.path);
  std::vector<char> buffer(65536);
  for (auto left = static_cast<std::size_t>(file.size); left > 0;) {
    const std::size_t got =
        std::fread(buffer.data(), 1, std::min(left, buffer.size()), stream.get());
    if (got == 0) throw std::runtime_error(file.path + " is shorter than announced");
    sink.write({buffer.data(), got});
    left -= got;
  }
}

}  // namespace tapedeck::fcgi
