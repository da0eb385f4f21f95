#include "pages/permission_check.hpp"

#include <algorithm>
#include <optional>
#include <tuple>
#include <utility>

#include "auth/json_text.hpp"
#include "auth/restrictions.hpp"
#include "base/text.hpp"
#include "http/request_error.hpp"

namespace tapedeck::pages {

namespace {

namespace json = boost::json;
using auth::Action;
using auth::Scope;
using http::RequestError;

constexpr std::string_view kUnstable =
    "This API is not part of Datasette's stable interface and may change at any time";

json::value actor_or_null(const auth::Actor* actor) {
  if (actor == nullptr) return nullptr;
  return *actor;
}

std::string_view scope_name(Scope scope) {
  switch (scope) {
    case Scope::kGlobal:
      return "global";
    case Scope::kParent:
      return "parent";
    case Scope::kResource:
      return "resource";
  }
  return "";
}

json::array explain_rules(const std::vector<auth::Rule>& rules, bool allowed) {
  json::array list;
  for (const auth::Rule& rule : rules) {
    json::value ignored;
    if (rule.scope() != rules.front().scope()) {
      ignored = "A more specific rule matched";
    } else if (!allowed && rule.allow) {
      ignored = "A deny rule matched at the same scope";
    }
    list.push_back(json::object{{"scope", scope_name(rule.scope())},
                                {"effect", rule.allow ? "allow" : "deny"},
                                {"source", kRuleSource},
                                {"reason", rule.reason},
                                {"decisive", ignored.is_null()},
                                {"ignored_because", std::move(ignored)}});
  }
  return list;
}

json::array explain_restrictions(const auth::Asker& asker, const Check& check, bool allowed) {
  json::array list;
  if (!auth::is_restricted(asker.actor) ||
      auth::restrictions_allow(asker.actor, check.action, {}, {})) {
    return list;
  }
  list.push_back(
      json::object{{"source", kRuleSource},
                   {"allowed", allowed},
                   {"reason", allowed ? "Resource is included in this restriction allowlist"
                                      : "Resource is not included in this restriction allowlist"}});
  return list;
}

json::object explain(const auth::Asker& asker, const Check& check) {
  const std::vector<auth::Rule> rules = sorted_rules(asker, check);
  const bool by_rules = !rules.empty() && rules.front().allow;
  const bool by_restrictions = auth::restrictions_allow(
      asker.actor, check.action, check.resource.database, check.resource.child);
  const std::string_view scope = rules.empty() ? "" : scope_name(rules.front().scope());
  json::array required;
  std::string summary;
  if (const Action* other = auth::find_action(check.action.also_requires)) {
    json::object explained = explain(asker, {*other, check.resource});
    if (!explained.at("allowed").as_bool()) {
      summary = "Denied because " + std::string(check.action.name) + " also requires " +
                std::string(other->name) + ", which was denied.";
    }
    required.push_back(std::move(explained));
  }
  const bool allowed = by_rules && by_restrictions && summary.empty();
  if (!summary.empty()) {
    // Said already.
  } else if (rules.empty()) {
    summary = "Denied because no permission rule matched this actor and resource.";
  } else if (!by_rules) {
    summary = "Denied by a " + std::string(scope) +
              "-level rule. Deny rules take precedence over allow rules at the same scope.";
  } else if (!by_restrictions) {
    summary = "Denied because the resource is not included in the actor's restrictions.";
  } else {
    summary = "Allowed by the matching " + std::string(scope) + "-level rule.";
  }
  return {{"action", check.action.name},
          {"rule_allowed", by_rules},
          {"restriction_allowed", by_restrictions},
          {"winning_scope", text_or_null(scope)},
          {"matched_rules", explain_rules(rules, by_rules)},
          {"restrictions", explain_restrictions(asker, check, by_restrictions)},
          {"required_actions", std::move(required)},
          {"allowed", allowed},
          {"summary", summary}};
}

/// A full-text index or shadow table is as closed as the table whose content it shows.
void apply_inheritance(const Call& call, const auth::Access& access, const Check& check,
                       json::object& explanation) {
  if (check.action.name != "view-table" || check.resource.child.empty()) return;
  instance::Database* database = call.instance.find_database(check.resource.database);
  if (database == nullptr || !explanation.at("allowed").as_bool()) return;
  database->current();
  if (access.may_view_table(*database, check.resource.child)) return;
  explanation["allowed"] = false;
  explanation["summary"] =
      "Denied because the table shows content of another one that is not allowed.";
}

/// The argument `actor`, or who asks. Null stands for nobody.
std::optional<auth::Actor> asked_actor(const Call& call, std::string_view text) {
  if (text.empty()) {
    const auth::Actor* actor = call.access.actor();
    return actor == nullptr ? std::nullopt : std::optional<auth::Actor>(*actor);
  }
  auto value = auth::parse_json(text);
  if (!value) throw RequestError(400, "Invalid actor JSON: it is no JSON value");
  if (value->is_null()) return std::nullopt;
  if (!value->is_object()) throw RequestError(400, "actor must be a JSON object or null");
  return std::move(value->get_object());
}

}  // namespace

json::value text_or_null(std::string_view text) {
  if (text.empty()) return nullptr;
  return json::value(text);
}

json::value id_of(const auth::Actor* actor) {
  const json::value* id = actor == nullptr ? nullptr : actor->if_contains("id");
  return id == nullptr ? json::value() : *id;
}

std::string shown_path(std::string_view database, std::string_view child) {
  std::string path = "/";
  path += database;
  if (!child.empty()) path.append("/").append(child);
  return path;
}

std::vector<auth::Rule> sorted_rules(const auth::Asker& asker, const Check& check) {
  std::vector<auth::Rule> rules = auth::matching_rules(asker, check.action, check.resource);
  std::ranges::sort(rules, {}, [](const auth::Rule& rule) {
    return std::tuple(-static_cast<int>(rule.scope()), rule.allow, rule.reason);
  });
  return rules;
}

json::object check_document(const Call& call, const Action& action,
                            const CheckArguments& arguments) {
  if (arguments.parent.empty() && !arguments.child.empty()) {
    throw RequestError(400, "parent is required when child is provided");
  }
  const auth::Access access(call.configuration(), asked_actor(call, arguments.actor));
  const Check check{action, {arguments.parent, arguments.child}};
  json::object explanation = explain(access.asker(), check);
  apply_inheritance(call, access, check, explanation);
  return {{"ok", true},
          {"unstable", kUnstable},
          {"action", action.name},
          {"allowed", explanation.at("allowed")},
          {"actor", actor_or_null(access.actor())},
          {"resource", json::object{{"parent", text_or_null(arguments.parent)},
                                    {"child", text_or_null(arguments.child)},
                                    {"path", shown_path(arguments.parent, arguments.child)}}},
          {"explanation", std::move(explanation)},
          {"actor_id", id_of(access.actor())}};
}

}  // namespace tapedeck::pages
