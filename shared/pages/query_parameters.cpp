#include "pages/query_parameters.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <ctime>
#include <optional>
#include <set>

#include "base/digest.hpp"
#include "base/text.hpp"
#include "base/utc_time.hpp"
#include "data/query_text.hpp"
#include "http/cookie.hpp"
#include "http/request_error.hpp"

namespace tapedeck::pages {

namespace {

using http::RequestError;

/// Most digits of `:_random_chars_N`.
constexpr std::int64_t kMostRandomCharacters = 1024;

[[noreturn]] void refuse_unbound(std::string_view name) {
  throw RequestError(400,
                     "You did not supply a value for binding parameter :" + std::string(name) + ".",
                     http::ErrorForm::kFailedQuery);
}

[[noreturn]] void refuse_magic(std::string_view name) {
  throw RequestError(400, "Missing magic parameter " + std::string(name),
                     http::ErrorForm::kFailedQuery);
}

/// Name of parameter `index` without its mark.
std::string_view name_of(const sqlite::Statement& statement, int index) {
  const std::string_view name = statement.parameter_name(index);
  if (name.empty()) {
    throw RequestError(400,
                       "Binding " + std::to_string(index) +
                           " has no name, but you supplied a dictionary (which has only names).",
                       http::ErrorForm::kFailedQuery);
  }
  return name.substr(1);
}

std::optional<sqlite::Value> clock_parameter(std::string_view key) {
  const std::time_t now = std::time(nullptr);
  if (key == "epoch") return std::int64_t{now};
  if (key == "date_utc") return base::format_utc(now, "%Y-%m-%d");
  if (key == "datetime_utc") return base::format_utc(now, base::kUtcDateTime);
  return std::nullopt;
}

/// A name that stands for something about the request; it cannot be set from outside.
bool is_magic(std::string_view name) {
  return name.starts_with('_') && name.find('_', 1) != std::string_view::npos;
}

/// Parameters that are empty text where nobody gives them: those that forms offer.
class BlankParameters {
 public:
  explicit BlankParameters(const std::vector<std::string>& offered)
      : names_(offered.begin(), offered.end()) {}
  [[nodiscard]] bool contain(std::string_view name) const {
    return !name.starts_with('_') && names_.contains(name);
  }

 private:
  std::set<std::string, std::less<>> names_;
};

/// Value of a magic parameter ("_header_user_agent"); nothing for one that is unknown.
std::optional<sqlite::Value> magic_value(Call& call, std::string_view name) {
  const auto after = [name](std::string_view prefix) -> std::optional<std::string_view> {
    if (!name.starts_with(prefix)) return std::nullopt;
    return name.substr(prefix.size());
  };
  if (const auto header = after("_header_")) {
    const std::string field = base::replace_all(*header, "_", "-");
    if (base::equals_ignoring_case(field, "cookie") ||
        base::equals_ignoring_case(field, "authorization")) {
      call.is_personal = true;
    }
    call.varies_by += call.varies_by.empty() ? field : ", " + field;
    return std::string(call.request.headers.value(field));
  }
  if (const auto cookie = after("_cookie_")) {
    const std::string value = http::cookie_value(call.request.headers.value("cookie"), *cookie);
    if (value.empty()) refuse_magic(name);
    call.is_personal = true;
    return value;
  }
  if (const auto key = after("_actor_")) {
    const auth::Actor* actor = call.access.actor();
    const boost::json::value* value = actor == nullptr ? nullptr : actor->if_contains(*key);
    if (value == nullptr) refuse_magic(name);
    return data::value_of(*value);
  }
  if (const auto key = after("_now_")) {
    auto value = clock_parameter(*key);
    if (!value) refuse_magic(name);
    return value;
  }
  if (const auto digits = after("_random_chars_")) {
    const auto count = base::parse_int64(*digits);
    if (!count || *count < 0 || *count > kMostRandomCharacters) refuse_magic(name);
    const auto length = static_cast<std::size_t>(*count);
    return base::random_hex((length + 1) / 2).substr(0, length);
  }
  return std::nullopt;
}

}  // namespace

void bind_custom(const Call& call, sqlite::Statement& statement) {
  const int count = statement.parameter_count();
  if (count == 0) return;
  const BlankParameters blank(data::named_parameters(statement.sql()));
  for (int index = 1; index <= count; ++index) {
    const std::string_view name = name_of(statement, index);
    // The statement itself is no argument of its own.
    const auto given = name == "sql" ? std::nullopt : call.request.query.get(name);
    if (!given && !blank.contain(name)) refuse_unbound(name);
    statement.bind(index, std::string(given.value_or("")));
  }
}

void bind_stored(Call& call, const data::StoredQuery& query, sqlite::Statement& statement) {
  const int count = statement.parameter_count();
  if (count == 0) return;
  const BlankParameters blank(query.parameters.empty() ? data::named_parameters(query.sql)
                                                       : query.parameters);
  for (int index = 1; index <= count; ++index) {
    const std::string_view name = name_of(statement, index);
    if (is_magic(name)) {
      call.is_repeatable = false;
      statement.bind(index, magic_value(call, name).value_or(sqlite::Null{}));
      continue;
    }
    const auto given = call.request.query.get(name);
    const auto configured =
        std::ranges::find(query.defaults, name, &std::pair<std::string, sqlite::Value>::first);
    if (given) {
      statement.bind(index, std::string(*given));
    } else if (configured != query.defaults.end()) {
      statement.bind(index, configured->second);
    } else if (blank.contain(name)) {
      statement.bind(index, std::string());
    } else {
      refuse_unbound(name);
    }
  }
}

std::vector<std::pair<std::string, sqlite::Value>> offered_parameters(
    const Call& call, const std::string& sql, const data::StoredQuery* query) {
  std::vector<std::string> names = data::named_parameters(sql);
  if (query != nullptr && !query->parameters.empty()) names = query->parameters;
  std::vector<std::pair<std::string, sqlite::Value>> offered;
  std::set<std::string_view> known;
  for (const std::string& name : names) {
    // The configuration may list one twice.
    if (name.starts_with('_') || !known.insert(name).second) continue;
    // A visitor's statement is no argument of its own.
    const bool is_statement = query == nullptr && name == "sql";
    sqlite::Value value(std::string(is_statement ? "" : call.request.query.value(name)));
    if (query != nullptr && !call.request.query.has(name)) {
      for (const auto& [key, configured] : query->defaults) {
        if (key == name) value = configured;
      }
    }
    offered.emplace_back(name, std::move(value));
  }
  return offered;
}

}  // namespace tapedeck::pages
