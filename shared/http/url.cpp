#include "http/url.hpp"

#include <boost/url/authority_view.hpp>
#include <boost/url/parse.hpp>

#include "base/text.hpp"

namespace tapedeck::http {
namespace {

/// The longest name in the DNS is 253 characters; with a port this leaves room to spare.
constexpr std::size_t kMaxHostLength = 300;

/// Browsers drop control characters and leading spaces before they read a URL, so that
/// "/<tab>/evil.com" names another host as well.
bool may_lead_away(char character) {
  const auto byte = static_cast<unsigned char>(character);
  return byte == '/' || byte == '\\' || byte <= 0x20 || byte == 0x7F;
}

}  // namespace

std::string with_query(std::string_view path, const QueryString& query) {
  return with_query(path, query.encoded());
}

std::string with_query(std::string_view path, std::string_view query) {
  std::string result(path);
  if (query.empty()) return result;
  result += '?';
  result += query;
  return result;
}

std::string absolute_url(const Request& request, std::string_view path, bool force_https) {
  const bool is_https = force_https || request.scheme == "https";
  std::string result = is_https ? "https://" : "http://";
  result += is_plausible_host(request.host()) ? request.host() : std::string_view("localhost");
  result += path;
  return result;
}

std::string local_redirect_target(std::string_view path) {
  while (!path.empty() && may_lead_away(path.front())) path.remove_prefix(1);
  std::string result = "/";
  result += path;
  return result;
}

bool is_plausible_host(std::string_view host) {
  if (host.size() > kMaxHostLength) return false;
  const auto authority = boost::urls::parse_authority({host.data(), host.size()});
  if (authority.has_error()) return false;
  if (authority->has_userinfo() || authority->encoded_host().empty()) return false;
  const bool has_empty_port = authority->has_port() && authority->port().empty();
  return !authority->has_port() || has_empty_port || authority->port_number() != 0;
}

}  // namespace tapedeck::http
