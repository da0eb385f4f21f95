#include "pages/account_pages.hpp"

#include <ctime>
#include <string>
#include <utility>

#include "auth/messages.hpp"
#include "base/signer.hpp"
#include "instance/paths.hpp"
#include "pages/answer.hpp"
#include "pages/json_page.hpp"
#include "render/html_form_page.hpp"

namespace tapedeck::pages {

namespace {

using auth::MessageKind;
using http::RequestError;

http::Response to_home(const Call& call) {
  return http::redirect_response(302, instance::site_path(call.settings()));
}

void add_messages(const Call& call, http::Response& response,
                  const std::vector<auth::Message>& messages) {
  response.headers.add("Set-Cookie",
                       auth::add_messages_cookie(call.request, call.configuration(), messages));
}

bool is_root(const auth::Actor* actor) {
  const boost::json::value* id = actor == nullptr ? nullptr : actor->if_contains("id");
  return id != nullptr && *id == "root";
}

/// Takes the one use of the root token, for all processes together; false when it is gone.
bool use_root_token(const Call& call) {
  instance::Scoreboard* scoreboard = call.instance.options().scoreboard;
  return scoreboard != nullptr && !scoreboard->header().root_token_used.exchange(true);
}

}  // namespace

http::Response actor_page(Call& call) {
  const auth::Actor* actor = call.access.actor();
  return json_page(call, "Actor",
                   boost::json::object{{"ok", true},
                                       {"actor", actor == nullptr ? boost::json::value()
                                                                  : boost::json::value(*actor)}});
}

http::Response auth_token_page(Call& call) {
  call.is_repeatable = false;
  if (is_root(call.access.actor())) return to_home(call);
  const std::string& expected = call.configuration().root_token;
  const std::string_view token = call.request.query.value("token");
  if (expected.empty() || !base::equals_in_constant_time(token, expected)) {
    throw RequestError(403, "Invalid token");
  }
  if (!use_root_token(call)) throw RequestError(403, "Root token has already been used");
  http::Response response = to_home(call);
  response.headers.add("Set-Cookie", auth::sign_in_cookie(call.configuration(), call.request,
                                                          {{"id", "root"}}, std::time(nullptr)));
  response.headers.set("Cache-Control", "private, no-store");
  return response;
}

http::Response logout_page(Call& call) {
  call.is_repeatable = false;
  const auth::Actor* actor = call.access.actor();
  if (actor == nullptr) return to_home(call);
  render::FormPage page;
  page.heading = "Log out";
  page.paragraphs = {"You are logged in as " + auth::display_name(*actor)};
  page.submit = "Log out";
  page.method = "post";
  page.action = own_path(call);
  render::PageFrame frame = make_frame(call, page.heading, "logout", {"form_page.html"});
  add_crumbs(call, frame);
  return html_only_answer(render::form_page_html(call.instance, frame, page));
}

http::Response log_out(Call& call) {
  http::Response response = to_home(call);
  response.headers.add(
      "Set-Cookie", auth::set_cookie(call.configuration(), call.request, auth::kActorCookie, ""));
  add_messages(call, response, {{"You are now logged out", MessageKind::kWarning}});
  return response;
}

http::Response messages_page(Call& call) {
  require_instance(call);
  render::FormPage page;
  page.heading = "Messages";
  page.paragraphs = {"Leaves a message for the next page."};
  page.submit = "Add message";
  page.method = "post";
  page.action = own_path(call);
  page.fields = {
      {.name = "message", .label = "Message", .value = {}, .options = {}},
      {.kind = render::FormField::Kind::kSelect,
       .name = "message_type",
       .label = "Kind",
       .value = "INFO",
       .options = {{"INFO", "INFO"}, {"WARNING", "WARNING"}, {"ERROR", "ERROR"}, {"all", "all"}}}};
  render::PageFrame frame = make_frame(call, page.heading, "messages", {"form_page.html"});
  add_crumbs(call, frame);
  return html_only_answer(render::form_page_html(call.instance, frame, page));
}

http::Response add_message(Call& call) {
  require_instance(call);
  const http::QueryString form(call.request.body);
  const std::string text(form.value("message"));
  std::string_view kind = form.value("message_type");
  if (kind.empty()) kind = "INFO";
  std::vector<auth::Message> messages;
  const bool is_all = kind == "all";
  if (is_all || kind == "INFO") messages.push_back({text, MessageKind::kInfo});
  if (is_all || kind == "WARNING") messages.push_back({text, MessageKind::kWarning});
  if (is_all || kind == "ERROR") messages.push_back({text, MessageKind::kError});
  if (messages.empty()) {
    throw RequestError(400, "message_type must be INFO, WARNING, ERROR or all");
  }
  http::Response response = to_home(call);
  add_messages(call, response, messages);
  return response;
}

}  // namespace tapedeck::pages
