#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <boost/json.hpp>

#include "auth/action.hpp"
#include "auth/rules.hpp"
#include "pages/call.hpp"

/// One permission asked for, and the rules that say yes or no: what the permission tools show.
namespace tapedeck::pages {

/// What the peer calls the part of it that these rules come from; clients compare it.
inline constexpr std::string_view kRuleSource = "datasette.default_permissions";

struct Check {
  const auth::Action& action;
  auth::Resource resource;
};

/// The rules that fit, the most specific first, and among equals those that deny first.
[[nodiscard]] std::vector<auth::Rule> sorted_rules(const auth::Asker& asker, const Check& check);

/// What is asked, as it stands in a form; "" for nothing.
struct CheckArguments {
  std::string action;
  std::string parent;
  std::string child;
  /// JSON; "null" for nobody, "" for who makes the request.
  std::string actor;
};

/// The document of /-/check.json. Throws http::RequestError 400.
[[nodiscard]] boost::json::object check_document(const Call& call, const auth::Action& action,
                                                 const CheckArguments& arguments);

/// null for "".
[[nodiscard]] boost::json::value text_or_null(std::string_view text);
/// The actor's `id`; null for nobody.
[[nodiscard]] boost::json::value id_of(const auth::Actor* actor);
/// "/", "/db", "/db/table": names as they are, for people.
[[nodiscard]] std::string shown_path(std::string_view database, std::string_view child);

}  // namespace tapedeck::pages
