#include "auth/actor.hpp"

#include <array>
#include <limits>
#include <utility>

#include "auth/json_text.hpp"
#include "auth/token.hpp"
#include "base/json.hpp"
#include "base/signer.hpp"
#include "http/cookie.hpp"
#include "http/request_error.hpp"

namespace tapedeck::auth {

namespace {

namespace json = boost::json;

/// Digits of the expiry time in a cookie.
constexpr std::string_view kBase62 =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789abcdefghijklmnopqrstuvwxyz";

std::string encode_base62(std::int64_t number) {
  std::string digits;
  for (; number > 0; number /= 62) {
    digits.insert(digits.begin(), kBase62.at(static_cast<std::size_t>(number % 62)));
  }
  return digits;
}

/// Nothing for other digits or a number past the range.
std::optional<std::int64_t> decode_base62(std::string_view digits) {
  std::int64_t number = 0;
  for (const char c : digits) {
    const std::size_t digit = kBase62.find(c);
    if (digit == std::string_view::npos) return std::nullopt;
    if (number > (std::numeric_limits<std::int64_t>::max() - 61) / 62) return std::nullopt;
    number = number * 62 + static_cast<std::int64_t>(digit);
  }
  return number;
}

/// Whether a cookie's "e" is over; what cannot be read is.
bool is_expired(const json::value& expires, std::int64_t now) {
  if (expires.is_null() || expires == 0 || expires == "") return false;
  const json::string* digits = expires.if_string();
  if (digits == nullptr) return true;
  const auto time = decode_base62(*digits);
  return !time || now > *time;
}

std::optional<Actor> actor_of_cookie(std::string_view cookie, std::string_view secret,
                                     std::int64_t now) {
  const auto text = base::Signer(secret, "actor").unsign(cookie);
  if (!text) return std::nullopt;
  auto content = parse_object(*text);
  if (!content) return std::nullopt;
  if (const json::value* expires = content->if_contains("e");
      expires && is_expired(*expires, now)) {
    return std::nullopt;
  }
  json::value* actor = content->if_contains("a");
  if (actor == nullptr || !actor->is_object()) return std::nullopt;
  return std::move(actor->get_object());
}

/// The token after "Bearer "; the word is compared with case, as in Datasette.
std::string_view bearer_token(const http::Request& request) {
  constexpr std::string_view kBearer = "Bearer ";
  const std::string_view value = request.headers.value("authorization");
  return value.starts_with(kBearer) ? value.substr(kBearer.size()) : std::string_view();
}

std::string_view text_member(const Actor& actor, std::string_view key) {
  const json::value* value = actor.if_contains(key);
  const json::string* text = value == nullptr ? nullptr : value->if_string();
  return text == nullptr ? std::string_view() : std::string_view(*text);
}

}  // namespace

std::optional<Actor> actor_of(const http::Request& request,
                              const config::Configuration& configuration, std::int64_t now) {
  const std::string_view token = bearer_token(request);
  if (token.starts_with(kTokenPrefix)) {
    auto actor = read_token(configuration.settings, configuration.secret, token, now);
    if (!actor) {
      http::RequestError error(401, actor.error().message(), http::ErrorForm::kJson);
      error.headers.set("WWW-Authenticate", "Bearer error=\"invalid_token\"");
      throw error;
    }
    return *std::move(actor);
  }
  const std::string cookie = http::cookie_value(request.headers.value("cookie"), kActorCookie);
  if (cookie.empty()) return std::nullopt;
  return actor_of_cookie(cookie, configuration.secret, now);
}

bool is_personal(const http::Request& request) {
  if (request.headers.has("authorization")) return true;
  const std::string_view cookies = request.headers.value("cookie");
  if (cookies.empty()) return false;
  return !http::cookie_value(cookies, kActorCookie).empty() ||
         !http::cookie_value(cookies, kMessagesCookie).empty();
}

std::string sign_in_cookie(const config::Configuration& configuration, const http::Request& request,
                           const Actor& actor, std::int64_t now,
                           std::optional<std::int64_t> seconds) {
  json::object content{{"a", actor}};
  if (seconds) content["e"] = encode_base62(now + *seconds);
  return set_cookie(configuration, request, kActorCookie,
                    base::Signer(configuration.secret, "actor").sign(base::to_json(content)));
}

std::string set_cookie(const config::Configuration& configuration, const http::Request& request,
                       std::string_view name, std::string_view value) {
  std::string cookie(name);
  cookie += '=';
  if (value.empty()) {
    cookie += R"(""; expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0)";
  } else {
    cookie += value;
  }
  cookie += "; Path=/; SameSite=lax; HttpOnly";
  if (request.scheme == "https" || configuration.settings.force_https_urls) cookie += "; Secure";
  return cookie;
}

std::string display_name(const Actor& actor) {
  for (const std::string_view key : {"display", "name", "username", "login", "id"}) {
    const json::value* value = actor.if_contains(key);
    if (value == nullptr || value->is_null()) continue;
    if (const std::string_view text = text_member(actor, key); !text.empty()) {
      return std::string(text);
    }
    if (!value->is_string() && !value->is_structured()) return base::to_json(*value);
  }
  return base::to_json(actor);
}

}  // namespace tapedeck::auth
