#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <boost/json.hpp>

#include "auth/allow_block.hpp"
#include "base/result.hpp"
#include "config/settings.hpp"

/// API tokens: "dstok_" and signed JSON that names an actor.
/// Source: spec/auth-permissions.md section 8.
namespace tapedeck::auth {

inline constexpr std::string_view kTokenPrefix = "dstok_";

/// What a token says: {"a": ID, "t": TIME, "d": SECONDS, "_r": RESTRICTIONS}. The id is a text or a
/// number.
[[nodiscard]] boost::json::object token_content(const boost::json::value& actor_id,
                                                std::int64_t now,
                                                std::optional<std::int64_t> seconds,
                                                const boost::json::object& restrictions);
/// Adds to the restrictions of a token that `action` is allowed: on everything, on one database, or
/// on one child of it. Known actions are written by their abbreviation.
void allow_action(boost::json::object& restrictions, std::string_view action,
                  std::string_view database = {}, std::string_view child = {});
/// With its prefix.
[[nodiscard]] std::string make_token(std::string_view secret, const boost::json::object& content);

/// The actor of `token` (with its prefix): {"id", "token": "dstok"}, "_r" when the token has it and
/// "token_expires" when it ends. Errors: the messages that clients get with status 401.
[[nodiscard]] base::Result<Actor> read_token(const config::Settings& settings,
                                             std::string_view secret, std::string_view token,
                                             std::int64_t now);

}  // namespace tapedeck::auth
