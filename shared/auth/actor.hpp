#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "auth/allow_block.hpp"
#include "config/configuration.hpp"
#include "http/request.hpp"

/// Who makes a request. Source: spec/auth-permissions.md sections 1, 3 and 8.
namespace tapedeck::auth {

inline constexpr std::string_view kActorCookie = "ds_actor";
inline constexpr std::string_view kMessagesCookie = "ds_messages";

/// By bearer token, else by cookie; nothing for anonymous visitors. A cookie that is wrong, expired
/// or names no object is nobody's, silently; a bad token ends the request even beside a good
/// cookie. Throws http::RequestError 401 in JSON, with WWW-Authenticate.
[[nodiscard]] std::optional<Actor> actor_of(const http::Request& request,
                                            const config::Configuration& configuration,
                                            std::int64_t now);

/// Whether the request carries anything that may say who makes it or what to show him: its answer
/// must never be kept for somebody else.
[[nodiscard]] bool is_personal(const http::Request& request);

/// Set-Cookie that signs `actor` in until the browser closes, or for `seconds`.
[[nodiscard]] std::string sign_in_cookie(const config::Configuration& configuration,
                                         const http::Request& request, const Actor& actor,
                                         std::int64_t now,
                                         std::optional<std::int64_t> seconds = std::nullopt);
/// Set-Cookie with the attributes that all of ours have: whole site, no scripts, SameSite=lax, and
/// Secure on https. An empty value deletes the cookie.
[[nodiscard]] std::string set_cookie(const config::Configuration& configuration,
                                     const http::Request& request, std::string_view name,
                                     std::string_view value);

/// How an actor is called on pages: the first that is not empty of display, name, username, login
/// and id, else all of it.
[[nodiscard]] std::string display_name(const Actor& actor);

}  // namespace tapedeck::auth
