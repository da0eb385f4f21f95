#include "auth/token.hpp"

#include <limits>
#include <utility>

#include "auth/action.hpp"
#include "auth/json_text.hpp"
#include "base/json.hpp"
#include "base/signer.hpp"

namespace tapedeck::auth {

namespace {

namespace json = boost::json;

constexpr std::string_view kSalt = "token";

/// How long a token lives: its own lifetime, at most the setting's; nothing for ever. A lifetime of
/// 0 is none: the peer takes it for "never" and lets it escape the setting.
std::optional<std::int64_t> lifetime(const json::value* own, int limit) {
  std::optional<std::int64_t> seconds;
  if (own != nullptr && own->is_int64() && own->get_int64() != 0) seconds = own->get_int64();
  if (limit > 0 && (!seconds || *seconds > limit)) seconds = limit;
  return seconds;
}

/// Stops at the ends of the range instead of running over them.
std::int64_t saturating_sum(std::int64_t one, std::int64_t other) {
  std::int64_t result = 0;
  if (!__builtin_add_overflow(one, other, &result)) return result;
  using Limits = std::numeric_limits<std::int64_t>;
  return other < 0 ? Limits::min() : Limits::max();
}

}  // namespace

json::object token_content(const json::value& actor_id, std::int64_t now,
                           std::optional<std::int64_t> seconds, const json::object& restrictions) {
  json::object content{{"a", actor_id}, {"t", now}};
  if (seconds) content["d"] = *seconds;
  if (!restrictions.empty()) content["_r"] = restrictions;
  return content;
}

void allow_action(json::object& restrictions, std::string_view action, std::string_view database,
                  std::string_view child) {
  const auto object_at = [](json::object& object, std::string_view key) -> json::object& {
    json::value& value = object[key];
    return value.is_object() ? value.get_object() : value.emplace_object();
  };
  const Action* known = find_action(action);
  json::value* list = nullptr;
  if (database.empty()) {
    list = &restrictions["a"];
  } else if (child.empty()) {
    list = &object_at(restrictions, "d")[database];
  } else {
    list = &object_at(object_at(restrictions, "r"), database)[child];
  }
  json::array& names = list->is_array() ? list->get_array() : list->emplace_array();
  names.emplace_back(known == nullptr ? action : known->abbreviation);
}

std::string make_token(std::string_view secret, const json::object& content) {
  return std::string(kTokenPrefix) + base::Signer(secret, kSalt).sign(base::to_json(content));
}

base::Result<Actor> read_token(const config::Settings& settings, std::string_view secret,
                               std::string_view token, std::int64_t now) {
  using base::Error;
  if (!settings.allow_signed_tokens) {
    return Error("Signed tokens are not enabled for this Datasette instance");
  }
  token.remove_prefix(kTokenPrefix.size());
  const auto text = base::Signer(secret, kSalt).unsign(token);
  const auto content = text ? parse_object(*text) : std::nullopt;
  const json::value* id = content ? content->if_contains("a") : nullptr;
  if (id == nullptr) return Error("Invalid token signature");
  const json::value* created = content->if_contains("t");
  if (created == nullptr) return Error("Invalid token: no timestamp");
  if (!created->is_int64()) return Error("Invalid token: invalid timestamp");
  const json::value* duration = content->if_contains("d");
  if (duration != nullptr && !duration->is_null() && !duration->is_int64()) {
    return Error("Invalid token: invalid duration");
  }
  Actor actor{{"id", *id}, {"token", "dstok"}};
  if (const json::value* restrictions = content->if_contains("_r")) actor["_r"] = *restrictions;
  if (const auto seconds = lifetime(duration, settings.max_signed_tokens_ttl)) {
    const std::int64_t expires = saturating_sum(created->get_int64(), *seconds);
    if (now > expires) return Error("Token has expired");
    actor["token_expires"] = expires;
  }
  return actor;
}

}  // namespace tapedeck::auth
