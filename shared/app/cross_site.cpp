#include "app/cross_site.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/text.hpp"
#include "http/request_error.hpp"

namespace tapedeck::app {

namespace {

/// "https://example.com:443" taken apart. A port of 0 is the scheme's own.
struct Origin {
  std::string scheme;
  std::string host;
  int port = 0;
  friend bool operator==(const Origin&, const Origin&) = default;
};

int default_port(std::string_view scheme) {
  if (scheme == "http") return 80;
  return scheme == "https" ? 443 : 0;
}

/// Nothing for what is no origin of a website ("null", "file://").
std::optional<Origin> parse_origin(std::string_view text) {
  const std::size_t end = text.find("://");
  if (end == std::string_view::npos) return std::nullopt;
  Origin origin{.scheme = base::to_lower(text.substr(0, end)), .host = {}, .port = 0};
  std::string_view rest = text.substr(end + 3);
  origin.port = default_port(origin.scheme);
  // The colons of an IPv6 address stand inside of its brackets.
  const std::size_t colon = rest.rfind(':');
  if (colon != std::string_view::npos && rest.find(']', colon) == std::string_view::npos) {
    const auto port = base::parse_int64(rest.substr(colon + 1));
    constexpr int kHighestPort = 65535;
    if (!base::is_all_digits(rest.substr(colon + 1)) || !port || *port > kHighestPort) {
      return std::nullopt;
    }
    origin.port = static_cast<int>(*port);
    rest = rest.substr(0, colon);
  }
  if (rest.empty() || origin.port == 0 || rest.find_first_of("/?#@") != std::string_view::npos) {
    return std::nullopt;
  }
  origin.host = base::to_lower(rest);
  return origin;
}

[[noreturn]] void refuse(std::string reason) {
  http::RequestError error(403, std::move(reason), http::ErrorForm::kHtml);
  error.title = "Form origin check failed";
  throw error;
}

std::string quoted(std::string_view text) {
  return "'" + std::string(text) + "'";
}

bool has_bearer_token(const http::Headers& headers) {
  constexpr std::string_view kBearer = "bearer ";
  return base::equals_ignoring_case(headers.value("authorization").substr(0, kBearer.size()),
                                    kBearer);
}

}  // namespace

void require_same_origin(const http::Request& request, bool force_https) {
  const http::Headers& headers = request.headers;
  if (has_bearer_token(headers) && !headers.has("cookie")) return;
  if (const auto site = headers.get("sec-fetch-site")) {
    if (*site == "same-origin" || *site == "none") return;
    refuse("Sec-Fetch-Site was " + quoted(*site) + ", expected 'same-origin' or 'none'");
  }
  const auto sent = headers.get("origin");
  if (!sent) return;
  const auto origin = parse_origin(*sent);
  const std::string scheme = force_https ? "https" : request.scheme;
  const auto own = parse_origin(scheme + "://" + std::string(request.host()));
  if (!origin || !own) {
    refuse("Malformed Origin " + quoted(*sent) + " or Host " + quoted(request.host()));
  }
  if (*origin != *own) {
    refuse("Origin " + quoted(*sent) + " does not match Host " + quoted(request.host()));
  }
}

}  // namespace tapedeck::app
