#include "http/cookie.hpp"

#include "base/text.hpp"

namespace tapedeck::http {
namespace {

using CookieView = std::pair<std::string_view, std::string_view>;

/// The next pair of `rest`, which loses what was read; false at the end.
bool next_cookie(std::string_view& rest, CookieView& cookie) {
  while (!rest.empty()) {
    const std::size_t end = rest.find(';');
    const std::string_view piece = rest.substr(0, end);
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    const std::size_t equals = piece.find('=');
    if (equals == std::string_view::npos) continue;
    std::string_view value = base::trim(piece.substr(equals + 1));
    if (value.size() >= 2 && value.front() == '"' && value.back() == '"') {
      value = value.substr(1, value.size() - 2);
    }
    cookie = {base::trim(piece.substr(0, equals)), value};
    return true;
  }
  return false;
}

}  // namespace

std::vector<std::pair<std::string, std::string>> parse_cookies(std::string_view header) {
  std::vector<std::pair<std::string, std::string>> cookies;
  for (CookieView cookie; next_cookie(header, cookie);) {
    cookies.emplace_back(cookie.first, cookie.second);
  }
  return cookies;
}

std::string cookie_value(std::string_view header, std::string_view name) {
  for (CookieView cookie; next_cookie(header, cookie);) {
    if (cookie.first == name) return std::string(cookie.second);
  }
  return {};
}

}  // namespace tapedeck::http
