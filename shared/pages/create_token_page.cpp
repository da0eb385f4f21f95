#include "pages/create_token_page.hpp"

#include <algorithm>
#include <ctime>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "auth/action.hpp"
#include "auth/restrictions.hpp"
#include "auth/token.hpp"
#include "base/text.hpp"
#include "http/tilde.hpp"
#include "pages/answer.hpp"
#include "render/html_form_page.hpp"
#include "render/json_text.hpp"

namespace tapedeck::pages {

namespace {

namespace json = boost::json;
using http::RequestError;

/// A number of seconds that no unit multiplies past the range.
constexpr std::int64_t kLongestDuration = 1'000'000'000;

/// Accounts that come from a table are often numbered.
bool names_an_actor(const json::value& id) {
  if (id.is_string()) return !id.get_string().empty();
  return (id.is_int64() || id.is_uint64()) && id != 0;
}

/// The id of whoever may have tokens made. Throws 403.
json::value require_token_maker(const Call& call) {
  if (!call.settings().allow_signed_tokens) {
    throw RequestError(403, "Signed tokens are not enabled for this Datasette instance");
  }
  const auth::Actor* actor = call.access.actor();
  if (actor == nullptr) throw RequestError(403, "You must be logged in to create a token");
  const json::value* id = actor->if_contains("id");
  if (id == nullptr || !names_an_actor(*id)) {
    throw RequestError(403, "You must be logged in as an actor with an ID to create a token");
  }
  if (actor->contains("token")) {
    throw RequestError(403, "Token authentication cannot be used to create additional tokens");
  }
  // The token would not carry the restrictions of the one who made it.
  if (auth::is_restricted(actor)) {
    throw RequestError(403, "A restricted session cannot create tokens");
  }
  return *id;
}

struct Lifetime {
  std::optional<std::int64_t> seconds;
  std::string error;
};

Lifetime read_lifetime(const http::QueryString& form) {
  const std::string_view unit = form.value("expire_type");
  if (unit.empty()) return {};
  int seconds = 0;
  if (unit == "minutes") seconds = 60;
  if (unit == "hours") seconds = 60 * 60;
  if (unit == "days") seconds = 24 * 60 * 60;
  if (seconds == 0) return {.seconds = {}, .error = "Invalid expire duration unit"};
  const std::string_view text = form.value("expire_duration");
  const auto count = base::parse_int64(text);
  if (!base::is_all_digits(text) || !count || *count < 1 || *count > kLongestDuration) {
    return {.seconds = {}, .error = "Invalid expire duration"};
  }
  return {.seconds = *count * seconds, .error = {}};
}

/// The names of check boxes: "all:ACTION", "database:DATABASE:ACTION" and
/// "resource:DATABASE:TABLE:ACTION", actions by name or abbreviation. What names no action stands
/// in the token as well and allows nothing: without it the token would allow everything.
json::object read_restrictions(const http::QueryString& form) {
  json::object restrictions;
  for (const auto& [name, value] : form.pairs()) {
    const auto parts = base::split(name, ':');
    const bool names_all = std::ranges::none_of(parts, &std::string_view::empty);
    if (names_all && parts[0] == "all" && parts.size() == 2) {
      auth::allow_action(restrictions, parts[1]);
    } else if (names_all && parts[0] == "database" && parts.size() == 3) {
      auth::allow_action(restrictions, parts[2], http::tilde_decode(parts[1]));
    } else if (names_all && parts[0] == "resource" && parts.size() == 4) {
      auth::allow_action(restrictions, parts[3], http::tilde_decode(parts[1]),
                         http::tilde_decode(parts[2]));
    } else if (parts[0] == "all" || parts[0] == "database" || parts[0] == "resource") {
      throw RequestError(400, "This is no restriction: " + name);
    }
  }
  return restrictions;
}

/// One box per action that `is_wanted`, named PREFIX:ACTION.
template <class IsWanted>
render::CheckBoxGroup group_of(std::string heading, const std::string& prefix,
                               const http::QueryString& form, const IsWanted& is_wanted) {
  render::CheckBoxGroup group{.heading = std::move(heading), .boxes = {}};
  for (const auth::Action& action : auth::actions()) {
    if (!is_wanted(action)) continue;
    std::string name = prefix + ":" + std::string(action.name);
    const bool is_checked = form.has(name);
    group.boxes.push_back({std::move(name), std::string(action.name), is_checked});
  }
  return group;
}

std::vector<render::CheckBoxGroup> restriction_groups(const Call& call,
                                                      const http::QueryString& form) {
  std::vector<render::CheckBoxGroup> groups;
  groups.push_back(group_of("All databases and tables", "all", form,
                            [](const auth::Action& /*action*/) { return true; }));
  std::vector<render::CheckBoxGroup> tables;
  for (instance::Database* database : visible_databases(call)) {
    if (database->is_memory()) continue;
    const std::string encoded = http::tilde_encode(database->name());
    groups.push_back(group_of("All tables in \"" + database->name() + "\"", "database:" + encoded,
                              form, [](const auth::Action& action) {
                                return action.takes_database() &&
                                       action.level != auth::Level::kQuery;
                              }));
    for (const auto& [name, table] : database->catalogue().tables) {
      if (table.hidden || !call.access.may_view_table(*database, name)) continue;
      tables.push_back(group_of(
          database->name() + ": " + name, "resource:" + encoded + ":" + http::tilde_encode(name),
          form, [](const auth::Action& action) { return action.level == auth::Level::kTable; }));
    }
  }
  std::move(tables.begin(), tables.end(), std::back_inserter(groups));
  return groups;
}

http::Response answer(Call& call, const http::QueryString& form, render::FormPage page) {
  page.heading = "Create an API token";
  page.paragraphs = {
      "This token will allow API access with the same abilities as your current user, " +
      auth::display_name(*call.access.actor())};
  page.submit = "Create token";
  page.method = "post";
  page.action = own_path(call);
  page.fields = {{.kind = render::FormField::Kind::kSelect,
                  .name = "expire_type",
                  .label = "Lifetime",
                  .value = std::string(form.value("expire_type")),
                  .options = {{"", "never expires"},
                              {"minutes", "expires after X minutes"},
                              {"hours", "expires after X hours"},
                              {"days", "expires after X days"}}},
                 {.name = "expire_duration",
                  .label = "X: how many minutes, hours or days",
                  .value = std::string(form.value("expire_duration")),
                  .options = {}}};
  page.groups_heading = "Restrict actions that can be performed using this token";
  page.groups = restriction_groups(call, form);
  render::PageFrame frame = make_frame(call, page.heading, "create-token", {"form_page.html"});
  add_crumbs(call, frame);
  frame.noindex = true;
  return html_only_answer(render::form_page_html(call.instance, frame, page));
}

}  // namespace

http::Response create_token_page(Call& call) {
  require_token_maker(call);
  return answer(call, {}, {});
}

http::Response create_token(Call& call) {
  const json::value id = require_token_maker(call);
  const http::QueryString form(call.request.body);
  const Lifetime lifetime = read_lifetime(form);
  render::FormPage page;
  page.error = lifetime.error;
  if (page.error.empty()) {
    const json::object restrictions = read_restrictions(form);
    const json::object content =
        auth::token_content(id, std::time(nullptr), lifetime.seconds, restrictions);
    page.result_heading = "Your API token";
    page.copyable = auth::make_token(call.configuration().secret, content);
    page.details_heading = "Token details";
    page.details = render::pretty_json(content);
  }
  return answer(call, form, std::move(page));
}

}  // namespace tapedeck::pages
