#include "pages/permission_pages.hpp"

#include <algorithm>
#include <chrono>
#include <ctime>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "auth/action.hpp"
#include "auth/json_text.hpp"
#include "auth/rules.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "base/utc_time.hpp"
#include "data/stored_query.hpp"
#include "instance/paths.hpp"
#include "pages/answer.hpp"
#include "pages/permission_check.hpp"
#include "render/html_form_page.hpp"
#include "render/json_text.hpp"

namespace tapedeck::pages {

namespace {

namespace json = boost::json;
using auth::Action;
using http::RequestError;

constexpr std::int64_t kDefaultSize = 50;
constexpr std::int64_t kLargestSize = 200;

void require(const Call& call, std::string_view action) {
  if (!call.access.allows(action)) throw RequestError(403, std::string(action));
}

/// The asked action; nullptr where the page is asked without one and shows its empty form.
const Action* asked_action(const Call& call, std::string_view name) {
  if (name.empty()) {
    if (call.format.empty()) return nullptr;
    throw RequestError(400, "action parameter is required");
  }
  const Action* action = auth::find_action(name);
  if (action == nullptr) throw RequestError(404, "Unknown action: " + std::string(name));
  return action;
}

// ---- pages of a list --------------------------------------------------------------------------

struct Paging {
  std::int64_t page = 1;
  std::int64_t size = kDefaultSize;
};

Paging read_paging(const Call& call) {
  const http::QueryString& query = call.request.query;
  Paging paging;
  if (const std::string_view text = query.value("_page"); !text.empty()) {
    const auto page = base::parse_int64(text);
    if (!page || *page < 1 || *page > std::int64_t{1} << 40U) {
      throw RequestError(400, "_page must be a positive integer");
    }
    paging.page = *page;
  }
  if (const std::string_view text = query.value("_size"); text == "max") {
    paging.size = kLargestSize;
  } else if (!text.empty()) {
    const auto size = base::parse_int64(text);
    if (!size || *size < 1) throw RequestError(400, "_size must be a positive integer");
    if (*size > kLargestSize) throw RequestError(400, "_size must be <= 200");
    paging.size = *size;
  }
  return paging;
}

std::string page_path(const Call& call, Paging paging, std::int64_t page) {
  http::QueryString query = call.request.query;
  query.remove("_page");
  query.remove("_size");
  query.add("_page", std::to_string(page));
  query.add("_size", std::to_string(paging.size));
  return own_path_with(call, query);
}

/// Document with one page of `items`.
json::object paged(const Call& call, const Action& action, Paging paging,
                   const json::array& items) {
  const auto total = static_cast<std::int64_t>(items.size());
  const std::int64_t first = std::min((paging.page - 1) * paging.size, total);
  const std::int64_t last = std::min(first + paging.size, total);
  json::array shown;
  for (std::int64_t i = first; i < last; ++i) shown.push_back(items[static_cast<std::size_t>(i)]);
  json::object document{{"ok", true},
                        {"action", action.name},
                        {"actor_id", id_of(call.access.actor())},
                        {"page", paging.page},
                        {"page_size", paging.size},
                        {"total", total},
                        {"items", std::move(shown)}};
  if (last < total) document["next_url"] = page_path(call, paging, paging.page + 1);
  if (paging.page > 1) document["previous_url"] = page_path(call, paging, paging.page - 1);
  return document;
}

// ---- HTML -------------------------------------------------------------------------------------

render::FormField action_field(const std::string& name, const std::string& value) {
  render::FormField field{.kind = render::FormField::Kind::kSelect,
                          .name = name,
                          .label = "Action",
                          .value = value,
                          .options = {}};
  for (const Action& action : auth::actions()) {
    field.options.emplace_back(std::string(action.name), std::string(action.name));
  }
  return field;
}

render::FormField text_field(std::string name, std::string label, std::string value) {
  return {
      .name = std::move(name), .label = std::move(label), .value = std::move(value), .options = {}};
}

render::FormField text_area(std::string name, std::string label, std::string value) {
  return {.kind = render::FormField::Kind::kTextArea,
          .name = std::move(name),
          .label = std::move(label),
          .value = std::move(value),
          .options = {}};
}

std::string text_of(const json::value& value) {
  if (value.is_null()) return {};
  if (value.is_string()) return std::string(value.get_string());
  return base::to_json(value);
}

/// Rows of `keys` out of a list of objects.
render::FormTable table_of(const json::array& items, const std::vector<std::string>& keys) {
  render::FormTable table{.headings = keys, .rows = {}};
  for (const json::value& item : items) {
    std::vector<std::string> row;
    for (const std::string& key : keys) {
      const json::value* value = item.get_object().if_contains(key);
      row.push_back(value == nullptr ? "" : text_of(*value));
    }
    table.rows.push_back(std::move(row));
  }
  return table;
}

/// The permission tools side by side, for those who may use them all.
std::vector<render::FormPage::Link> tabs(const Call& call) {
  std::vector<render::FormPage::Link> links;
  if (!call.access.allows("permissions-debug")) return links;
  const std::string own = own_path(call);
  for (const auto& [label, rest] :
       {std::pair("Last checks", "-/permissions"), std::pair("Check", "-/check"),
        std::pair("Allowed resources", "-/allowed"), std::pair("Rules", "-/rules"),
        std::pair("Actions", "-/actions"), std::pair("Allow blocks", "-/allow-debug")}) {
    std::string path = instance::site_path(call.settings(), rest);
    links.push_back({.label = label, .path = path == own ? std::string() : std::move(path)});
  }
  return links;
}

http::Response html(Call& call, render::FormPage page, bool has_json) {
  page.tabs = tabs(call);
  render::PageFrame frame = make_frame(call, page.heading, "permission-tool", {"form_page.html"});
  add_crumbs(call, frame);
  frame.noindex = true;
  if (has_json) frame.alternate_json_url = path_with_format(call, "json");
  std::string body = render::form_page_html(call.instance, frame, page);
  return has_json ? html_answer(call, std::move(body)) : html_only_answer(std::move(body));
}

/// A list with its form: rules and allowed resources.
http::Response list_answer(Call& call, std::string heading, const json::object* document,
                           const std::vector<std::string>& keys,
                           std::vector<render::FormField> fields) {
  if (call.format == "json") return json_answer(*document);
  render::FormPage page;
  page.heading = std::move(heading);
  page.submit = "Show";
  page.action = own_path(call);
  page.fields = std::move(fields);
  if (document != nullptr) {
    page.result_heading = text_of(document->at("total")) + " in all";
    page.table = table_of(document->at("items").as_array(), keys);
    if (const auto* next = document->if_contains("next_url")) page.next_path = text_of(*next);
    if (const auto* previous = document->if_contains("previous_url")) {
      page.previous_path = text_of(*previous);
    }
  }
  return html(call, std::move(page), document != nullptr);
}

// ---- what one may do --------------------------------------------------------------------------

struct Allowed {
  const Call& call;
  const Action& action;
  bool with_reasons;
  json::array items = {};

  void add(const std::string& database, const std::string& child) {
    json::object item{{"parent", database},
                      {"child", text_or_null(child)},
                      {"resource", shown_path(database, child)}};
    if (with_reasons) {
      json::array reasons;
      const auto rules = sorted_rules(call.access.asker(), {action, {database, child}});
      for (const auth::Rule& rule : rules) {
        if (rule.scope() != rules.front().scope()) break;
        reasons.emplace_back(std::string(kRuleSource) + ": " + rule.reason);
      }
      item["reason"] = std::move(reasons);
    }
    items.emplace_back(std::move(item));
  }
};

void add_children(instance::Database& database, const std::string& wanted, Allowed& allowed) {
  const auth::Access& access = allowed.call.access;
  const auto is_wanted = [&wanted](const std::string& name) {
    return wanted.empty() || wanted == name;
  };
  if (allowed.action.level == auth::Level::kQuery) {
    std::vector<std::string> names;
    for (const auto& query : data::stored_queries(allowed.call.configuration(), database.name())) {
      names.push_back(query.name);
    }
    std::ranges::sort(names);
    for (const std::string& name : names) {
      if (is_wanted(name) && access.allows(allowed.action.name, database.name(), name)) {
        allowed.add(database.name(), name);
      }
    }
    return;
  }
  for (const auto& [name, table] : database.catalogue().tables) {
    const bool is_allowed = allowed.action.name == "view-table"
                                ? access.may_view_table(database, name)
                                : access.allows(allowed.action.name, database.name(), name);
    if (is_wanted(name) && is_allowed) allowed.add(database.name(), name);
  }
}

json::array allowed_resources(const Call& call, const Action& action) {
  const std::string parent(call.request.query.value("parent"));
  const std::string child(call.request.query.value("child"));
  if (parent.empty() && !child.empty()) {
    throw RequestError(400, "parent must be provided when child is specified");
  }
  Allowed allowed{
      .call = call, .action = action, .with_reasons = call.access.allows("permissions-debug")};
  if (!action.takes_database()) return {};
  std::vector<instance::Database*> databases;
  for (const auto& database : call.instance.databases()) databases.push_back(database.get());
  std::ranges::sort(databases, {}, [](const auto* database) { return database->name(); });
  for (instance::Database* database : databases) {
    if (!parent.empty() && parent != database->name()) continue;
    if (!action.takes_child()) {
      if (child.empty() && call.access.allows(action.name, database->name())) {
        allowed.add(database->name(), "");
      }
      continue;
    }
    try {
      database->current();
      add_children(*database, child, allowed);
    } catch (const http::RequestError&) {
      continue;  // its own pages tell what is wrong with it
    }
  }
  return std::move(allowed.items);
}

}  // namespace

http::Response actions_page(Call& call) {
  require(call, "permissions-debug");
  json::array list;
  for (const Action& action : auth::actions()) {
    constexpr std::string_view kClasses[] = {"", "DatabaseResource", "TableResource",
                                             "QueryResource"};
    list.push_back(json::object{
        {"name", action.name},
        {"abbr", action.abbreviation},
        {"description", action.description},
        {"takes_parent", action.takes_database()},
        {"takes_child", action.takes_child()},
        {"resource_class", text_or_null(kClasses[static_cast<std::size_t>(action.level)])},
        {"also_requires", text_or_null(action.also_requires)}});
  }
  if (call.format == "json") {
    return json_answer(json::object{{"ok", true}, {"actions", std::move(list)}});
  }
  render::FormPage page;
  page.heading = "Actions";
  page.paragraphs = {"What somebody can be allowed to do."};
  page.table = table_of(list, {"name", "abbr", "description", "resource_class", "also_requires"});
  return html(call, std::move(page), /*has_json=*/true);
}

http::Response check_page(Call& call) {
  require(call, "permissions-debug");
  const http::QueryString& query = call.request.query;
  const CheckArguments arguments{.action = std::string(query.value("action")),
                                 .parent = std::string(query.value("parent")),
                                 .child = std::string(query.value("child")),
                                 .actor = std::string(query.value("actor"))};
  const Action* action = asked_action(call, arguments.action);
  std::optional<json::object> document;
  if (action != nullptr) document = check_document(call, *action, arguments);
  if (call.format == "json") return json_answer(*document);
  render::FormPage page;
  page.heading = "Permission check";
  page.paragraphs = {"Whether an actor may do something, and which rules say so."};
  page.submit = "Check";
  page.action = own_path(call);
  page.fields = {
      action_field("action", arguments.action), text_field("parent", "Database", arguments.parent),
      text_field("child", "Table, view or query", arguments.child),
      text_area("actor", "Actor as JSON, null for nobody (you when empty)", arguments.actor)};
  if (document) {
    const json::object& explanation = document->at("explanation").as_object();
    page.result_heading = document->at("allowed").as_bool() ? "Allowed" : "Denied";
    page.result = text_of(explanation.at("summary"));
    page.table = table_of(explanation.at("matched_rules").as_array(),
                          {"scope", "effect", "reason", "decisive", "ignored_because"});
    page.details_heading = "Explanation";
    page.details = render::pretty_json(explanation);
  }
  return html(call, std::move(page), document.has_value());
}

/// The last checks of this worker; `filter` is "all", "exclude-yours" or "only-yours".
render::FormTable past_checks(const Call& call, std::string_view filter) {
  const auth::Actor* actor = call.access.actor();
  const std::string own = actor == nullptr ? "" : base::to_json(*actor);
  render::FormTable table{.headings = {"when", "action", "resource", "actor", "result"},
                          .rows = {}};
  for (const auto& check : call.instance.permission_log().checks()) {
    const bool is_own = check.actor == own;
    if ((filter == "only-yours" && !is_own) || (filter == "exclude-yours" && is_own)) continue;
    const std::time_t when = std::chrono::system_clock::to_time_t(check.time);
    table.rows.push_back({base::format_utc(when, base::kUtcDateTime), check.action,
                          check.database.empty() ? "" : shown_path(check.database, check.child),
                          check.actor.empty() ? "nobody" : check.actor,
                          check.allowed ? "allowed" : "denied"});
  }
  return table;
}

http::Response permissions_page(Call& call) {
  require_instance(call);
  require(call, "permissions-debug");
  const std::string_view asked = call.request.query.value("filter");
  const std::string_view filter = asked == "exclude-yours" || asked == "only-yours" ? asked : "all";
  render::FormPage page;
  page.heading = "Permissions";
  page.submit = "Check permission";
  page.action = instance::site_path(call.settings(), "-/check");
  page.fields = {text_area("actor", "Actor as JSON", R"({"id": "root"})"),
                 action_field("action", "view-instance"), text_field("parent", "Database", ""),
                 text_field("child", "Table, view or query", "")};
  page.result_heading = "Last checks of this worker process (each has its own list)";
  page.table = past_checks(call, filter);
  for (const auto& [name, label] :
       {std::pair("all", "All"), std::pair("exclude-yours", "Not yours"),
        std::pair("only-yours", "Yours alone")}) {
    std::string path;
    if (filter != name) {
      path = own_path_with(call, http::QueryString("filter=" + std::string(name)));
    }
    page.links.push_back({.label = label, .path = std::move(path)});
  }
  return html(call, std::move(page), /*has_json=*/false);
}

http::Response posted_check(Call& call) try {
  require_instance(call);
  require(call, "permissions-debug");
  const http::QueryString form(call.request.body);
  call.format = "json";
  const CheckArguments arguments{.action = std::string(form.value("permission")),
                                 .parent = std::string(form.value("resource_1")),
                                 .child = std::string(form.value("resource_2")),
                                 .actor = std::string(form.value("actor"))};
  return json_answer(check_document(call, *asked_action(call, arguments.action), arguments));
} catch (RequestError& error) {
  error.form = http::ErrorForm::kJson;
  throw;
}

http::Response rules_page(Call& call) {
  require_instance(call);
  require(call, "permissions-debug");
  const std::string name(call.request.query.value("action"));
  const Action* action = asked_action(call, name);
  std::optional<json::object> document;
  if (action != nullptr) {
    std::vector<auth::Rule> rules = auth::all_rules(call.access.asker(), *action);
    std::ranges::sort(rules, {}, [](const auth::Rule& rule) {
      return std::tuple(!rule.allow, rule.database, rule.child);
    });
    json::array items;
    for (const auth::Rule& rule : rules) {
      items.push_back(json::object{{"parent", text_or_null(rule.database)},
                                   {"child", text_or_null(rule.child)},
                                   {"resource", shown_path(rule.database, rule.child)},
                                   {"allow", rule.allow ? 1 : 0},
                                   {"reason", rule.reason},
                                   {"source_plugin", kRuleSource}});
    }
    document = paged(call, *action, read_paging(call), items);
  }
  return list_answer(call, "Permission rules", document ? &*document : nullptr,
                     {"resource", "allow", "reason"}, {action_field("action", name)});
}

http::Response allowed_page(Call& call) {
  const std::string name(call.request.query.value("action"));
  const Action* action = asked_action(call, name);
  std::optional<json::object> document;
  if (action != nullptr) {
    document = paged(call, *action, read_paging(call), allowed_resources(call, *action));
  }
  const http::QueryString& query = call.request.query;
  std::vector<std::string> keys = {"parent", "child", "resource"};
  if (call.access.allows("permissions-debug")) keys.emplace_back("reason");
  return list_answer(
      call, "Allowed resources", document ? &*document : nullptr, keys,
      {action_field("action", name),
       text_field("parent", "Database", std::string(query.value("parent"))),
       text_field("child", "Table, view or query", std::string(query.value("child")))});
}

http::Response allow_debug_page(Call& call) {
  const http::QueryString& query = call.request.query;
  const auto text_or = [&query](std::string_view name, std::string_view otherwise) {
    const std::string_view text = query.value(name);
    return std::string(text.empty() ? otherwise : text);
  };
  const std::string actor_text = text_or("actor", R"({"id": "root"})");
  const std::string allow_text = text_or("allow", R"({"id": "*"})");
  const auto actor = auth::parse_json(actor_text);
  const auto allow = auth::parse_json(allow_text);
  std::vector<std::string> errors;
  if (!actor) {
    errors.emplace_back("Actor JSON error");
  } else if (!actor->is_null() && !actor->is_object()) {
    errors.emplace_back("The actor must be a JSON object or null");
  }
  if (!allow) {
    errors.emplace_back("Allow JSON error");
  } else if (allow->is_string() || allow->is_array() || allow->is_double()) {
    errors.emplace_back("The allow block must be an object, true, false or null");
  }
  render::FormPage page;
  page.heading = "Debug allow rules";
  page.paragraphs = {"Tries an allow block of the configuration against an actor."};
  page.submit = "Apply allow rules to actor";
  page.action = own_path(call);
  page.fields = {text_area("allow", "Allow block", allow_text),
                 text_area("actor", "Actor", actor_text)};
  page.error = base::join(errors, "; ");
  if (errors.empty()) {
    const bool is_match = allow->is_null() || auth::matches(*allow, actor->if_object());
    page.result = is_match ? "Result: allow" : "Result: deny";
  }
  return html(call, std::move(page), /*has_json=*/false);
}

}  // namespace tapedeck::pages
