#include <string>
#include <vector>

#include <gmock/gmock.h>

#include "auth/actor.hpp"
#include "auth/token.hpp"
#include "base/signer.hpp"
#include "support/site.hpp"

/// Who one is and may do: cookies, tokens, messages, the permission tools.
namespace tapedeck {
namespace {

using support::body_of;
using support::error_of;
using support::json_of;
using support::Site;
using testing::HasSubstr;
using testing::Not;

class AccountTest : public testing::Test {
 protected:
  AccountTest() {
    site_.add_database("db",
                       "create table t(id integer primary key); create table u(a);"
                       "insert into t values (1)");
    site_.configure(R"({"permissions": {"permissions-debug": {"id": "ann"}},
                        "databases": {"db": {"tables": {"u": {"allow": {"id": "ann"}}}}}})");
    site_.configuration().secret = "s3cret";
  }

  static std::string cookie_of(const std::string& actor_json) {
    return "ds_actor=" + base::Signer("s3cret", "actor").sign("{\"a\":" + actor_json + "}");
  }
  http::Response get(std::string_view target, const std::string& cookie = {}) {
    if (cookie.empty()) return site_.get(target);
    return site_.get(target, {{"cookie", cookie}});
  }
  http::Response post(std::string_view target, const std::string& body, const std::string& cookie,
                      Site::Fields headers = {}) {
    http::Request request = support::make_request("POST", target, headers);
    request.body = body;
    if (!request.headers.has("content-type")) {
      request.headers.set("content-type", "application/x-www-form-urlencoded");
    }
    if (!cookie.empty()) request.headers.set("cookie", cookie);
    requests_.push_back(std::make_unique<http::Request>(std::move(request)));
    return site_.send(*requests_.back());
  }
  static std::vector<std::string> cookies_set(const http::Response& response) {
    std::vector<std::string> values;
    for (const auto& [name, value] : response.headers.fields()) {
      if (name == "Set-Cookie") values.push_back(value);
    }
    return values;
  }

  const std::string ann_ = cookie_of(R"({"id":"ann"})");
  const std::string bob_ = cookie_of(R"({"id":"bob"})");
  Site site_;
  std::vector<std::unique_ptr<http::Request>> requests_;
};

TEST_F(AccountTest, TheActorIsShown) {
  EXPECT_EQ(body_of(get("/-/actor.json")), R"({"ok":true,"actor":null})");
  EXPECT_EQ(body_of(get("/-/actor.json", ann_)), R"({"ok":true,"actor":{"id":"ann"}})");
  EXPECT_EQ(body_of(get("/-/actor.json", ann_ + "x")), R"({"ok":true,"actor":null})");
  EXPECT_EQ(body_of(get("/-/actor.json", cookie_of(R"("text")"))), R"({"ok":true,"actor":null})");
  const std::string page = body_of(get("/", cookie_of(R"({"id":"<b>"})")));
  EXPECT_THAT(page, HasSubstr("&lt;b&gt;</strong>"));
  EXPECT_THAT(page, HasSubstr("action=\"/-/logout\""));
  EXPECT_THAT(body_of(get("/")), Not(HasSubstr("/-/logout")));
}

TEST_F(AccountTest, LogOutForgetsTheCookieAndSaysSo) {
  EXPECT_EQ(get("/-/logout").status, 302);
  EXPECT_THAT(body_of(get("/-/logout", ann_)), HasSubstr("You are logged in as ann"));
  const http::Response response = post("/-/logout", "", ann_);
  EXPECT_EQ(response.status, 302);
  EXPECT_EQ(response.headers.value("location"), "/");
  const auto cookies = cookies_set(response);
  ASSERT_EQ(cookies.size(), 2U);
  EXPECT_THAT(cookies[0], HasSubstr("ds_actor=\"\"; expires="));
  EXPECT_THAT(cookies[0], HasSubstr("Max-Age=0; Path=/; SameSite=lax"));
  const std::string message = cookies[1].substr(0, cookies[1].find(';'));
  const http::Response next = get("/", message);
  EXPECT_THAT(next.body, HasSubstr("class=\"message-warning\""));
  EXPECT_THAT(next.body, HasSubstr("You are now logged out"));
  ASSERT_EQ(cookies_set(next).size(), 1U);
  EXPECT_THAT(cookies_set(next)[0], HasSubstr("ds_messages=\"\"; expires="));
  EXPECT_EQ(next.headers.value("Cache-Control"), "private, no-store");
  // JSON shows none, and keeps the cookie as it is.
  EXPECT_TRUE(cookies_set(get("/.json", message)).empty());
  EXPECT_THAT(body_of(get("/", message + "x")), Not(HasSubstr("logged out")));
}

TEST_F(AccountTest, MessagesWaitTogether) {
  EXPECT_EQ(post("/-/messages", "message=a&message_type=nope", "").status, 400);
  const auto first = cookies_set(post("/-/messages", "message=%3Ci%3E&message_type=all", ""));
  ASSERT_EQ(first.size(), 1U);
  const auto second = cookies_set(
      post("/-/messages", "message=b&message_type=ERROR", first[0].substr(0, first[0].find(';'))));
  ASSERT_EQ(second.size(), 1U);
  const std::string page = body_of(get("/", second[0].substr(0, second[0].find(';'))));
  EXPECT_THAT(page, HasSubstr("message-info\" role=\"status\">&lt;i&gt;<"));
  EXPECT_THAT(page, HasSubstr("message-error\" role=\"status\">b<"));
}

TEST_F(AccountTest, FormsOfOtherSitesAreRefused) {
  const std::pair<std::pair<const char*, const char*>, const char*> cases[] = {
      {{"sec-fetch-site", "cross-site"},
       "Sec-Fetch-Site was &#39;cross-site&#39;, expected &#39;same-origin&#39; or &#39;none&#39;"},
      {{"sec-fetch-site", "same-site"}, "Sec-Fetch-Site was"},
      {{"origin", "http://evil.com"},
       "Origin &#39;http://evil.com&#39; does not match Host &#39;site.example&#39;"},
      {{"origin", "https://site.example"}, "does not match"},
      {{"origin", "http://site.example:81"}, "does not match"},
      {{"origin", "null"}, "Malformed Origin &#39;null&#39; or Host &#39;site.example&#39;"},
  };
  for (const auto& [header, reason] : cases) {
    const http::Response response = post("/-/logout", "", ann_, {{header.first, header.second}});
    EXPECT_EQ(response.status, 403) << header.second;
    EXPECT_THAT(response.body, HasSubstr("Form origin check failed"));
    EXPECT_THAT(response.body, HasSubstr(reason));
    EXPECT_TRUE(cookies_set(response).empty()) << header.second;
  }
  for (const auto& [name, value] : {std::pair{"sec-fetch-site", "same-origin"},
                                    {"sec-fetch-site", "none"},
                                    {"origin", "http://site.example"},
                                    {"origin", "http://SITE.example:80"}}) {
    EXPECT_EQ(post("/-/logout", "", ann_, {{name, value}}).status, 302) << value;
  }
  // A token is no ambient authority, unless a cookie stands beside it.
  EXPECT_EQ(
      post("/-/logout", "", "", {{"origin", "http://evil.com"}, {"authorization", "bearer x"}})
          .status,
      302);
  EXPECT_EQ(
      post("/-/logout", "", ann_, {{"origin", "http://evil.com"}, {"authorization", "Bearer x"}})
          .status,
      403);
}

TEST_F(AccountTest, TheRootTokenIsUsedOnce) {
  site_.configuration().root_token = "abc";
  for (const char* target : {"/-/auth-token", "/-/auth-token?token=", "/-/auth-token?token=abcd"}) {
    EXPECT_EQ(get(target).status, 403) << target;
    EXPECT_THAT(body_of(get(target)), HasSubstr("Invalid token"));
  }
  const http::Response again = get("/-/auth-token?token=abc", cookie_of(R"({"id":"root"})"));
  EXPECT_EQ(again.status, 302);
  EXPECT_TRUE(cookies_set(again).empty());
}

TEST_F(AccountTest, TokensAreMadeForWhoIsSignedIn) {
  struct Case {
    std::string cookie;
    const char* message;
  };
  const Case refused[] = {
      {"", "You must be logged in to create a token"},
      {cookie_of(R"({"name":"x"})"), "You must be logged in as an actor with an ID"},
      {cookie_of(R"({"id":""})"), "You must be logged in as an actor with an ID"},
      {cookie_of(R"({"id":0})"), "You must be logged in as an actor with an ID"},
      {cookie_of(R"({"id":true})"), "You must be logged in as an actor with an ID"},
      {cookie_of(R"({"id":"x","token":"dstok"})"), "Token authentication cannot be used"},
      {cookie_of(R"({"id":"x","_r":{"a":["vi"]}})"), "A restricted session cannot create tokens"},
  };
  for (const auto& [cookie, message] : refused) {
    EXPECT_EQ(get("/-/create-token", cookie).status, 403) << message;
    const http::Response response = post("/-/create-token", "", cookie);
    EXPECT_EQ(response.status, 403) << message;
    EXPECT_THAT(response.body, HasSubstr(message));
  }
  const std::string form = body_of(get("/-/create-token", bob_));
  EXPECT_THAT(form, HasSubstr("name=\"all:view-table\""));
  EXPECT_THAT(form, HasSubstr("name=\"resource:db:t:view-table\""));
  EXPECT_THAT(form, Not(HasSubstr("resource:db:u:"))) << "a table that he may not see";

  const std::string page =
      body_of(post("/-/create-token",
                   "expire_type=hours&expire_duration=2&resource%3Adb%3At%3Aview-table=on", bob_));
  EXPECT_THAT(page, HasSubstr("Your API token"));
  const std::size_t start = page.find("value=\"dstok_") + 7;
  const std::string token = page.substr(start, page.find('"', start) - start);
  const http::Response actor = site_.get("/-/actor.json", {{"authorization", "Bearer " + token}});
  const boost::json::value shown = json_of(actor);
  const auto& found = shown.at("actor").as_object();
  EXPECT_EQ(found.at("id"), "bob");
  EXPECT_EQ(boost::json::serialize(found.at("_r")), R"({"r":{"db":{"t":["vt"]}}})");
  EXPECT_TRUE(found.contains("token_expires"));
  const auto with_token = [&](std::string_view target) {
    return site_.get(target, {{"authorization", "Bearer " + token}}).status;
  };
  EXPECT_EQ(with_token("/db/t.json"), 200);
  EXPECT_EQ(with_token("/db.json"), 403);
  EXPECT_EQ(with_token("/.json"), 403);
  EXPECT_EQ(with_token("/-/create-token"), 403);

  EXPECT_THAT(body_of(post("/-/create-token", "", cookie_of(R"({"id":5})"))),
              HasSubstr("&quot;a&quot;: 5,"));

  const std::pair<const char*, const char*> restrictions[] = {
      {"all:vt=1", R"({&quot;a&quot;:[&quot;vt&quot;]})"},
      {"all:no-such-action=1", R"([&quot;no-such-action&quot;])"},
      {"database:other~20db:vt=1", R"({&quot;otherdb&quot;:[&quot;vt&quot;]})"},
      {"resource:db:t:nothing=1", R"({&quot;t&quot;:[&quot;nothing&quot;]})"},
  };
  for (const auto& [field, expected] : restrictions) {
    std::string body = body_of(post("/-/create-token", field, bob_));
    std::erase_if(body, [](char c) { return c == '\n' || c == ' '; });
    EXPECT_THAT(body, HasSubstr(expected)) << "nothing that is asked for is left out: " << field;
  }
  for (const char* field : {"all:=1", "all:x:y=1", "database:db=1", "database::vt=1",
                            "resource:db:vt=1", "resource:db::vt=1"}) {
    const http::Response response = post("/-/create-token", field, bob_);
    EXPECT_EQ(response.status, 400) << field;
    EXPECT_THAT(response.body, Not(HasSubstr("dstok_"))) << field;
  }
  for (const char* type : {"multipart/form-data; boundary=x", "text/plain"}) {
    const http::Response response =
        post("/-/create-token", "all:vt=1", bob_, {{"content-type", type}});
    EXPECT_EQ(response.status, 415) << type;
    EXPECT_THAT(response.body, Not(HasSubstr("dstok_"))) << type;
  }
  for (const char* bad :
       {"expire_type=hours&expire_duration=x", "expire_type=hours",
        "expire_type=hours&expire_duration=-1", "expire_type=years&expire_duration=1"}) {
    const std::string body = body_of(post("/-/create-token", bad, bob_));
    EXPECT_THAT(body, HasSubstr("Invalid expire duration")) << bad;
    EXPECT_THAT(body, Not(HasSubstr("dstok_"))) << bad;
  }
  site_.settings().allow_signed_tokens = false;
  EXPECT_EQ(get("/-/create-token", bob_).status, 403);
}

TEST_F(AccountTest, PermissionToolsAreForHoldersOfTheRight) {
  for (const char* target :
       {"/-/actions.json", "/-/actions", "/-/check.json?action=view-table", "/-/check",
        "/-/rules.json?action=view-table", "/-/rules", "/-/permissions"}) {
    EXPECT_EQ(get(target).status, 403) << target;
    EXPECT_EQ(get(target, bob_).status, 403) << target;
    EXPECT_EQ(get(target, ann_).status, 200) << target;
  }
  EXPECT_EQ(post("/-/permissions", "permission=view-instance", bob_).status, 403);
  const http::Response checked =
      post("/-/permissions", "permission=view-table&resource_1=db&resource_2=u&actor=null", ann_);
  EXPECT_EQ(checked.status, 200);
  EXPECT_EQ(json_of(checked).at("allowed"), false);
}

TEST_F(AccountTest, PermissionToolsLeadToEachOther) {
  const char* const tools[] = {"/-/permissions", "/-/check",   "/-/allowed",
                               "/-/rules",       "/-/actions", "/-/allow-debug"};
  for (const char* target : tools) {
    const std::string html = body_of(get(target, ann_));
    for (const char* other : tools) {
      const std::string link = "<a href=\"" + std::string(other) + "\">";
      EXPECT_EQ(html.find(link) != std::string::npos, target != other) << target << other;
    }
  }
  for (const char* target : {"/-/allowed", "/-/allow-debug"}) {
    EXPECT_THAT(body_of(get(target, bob_)), Not(HasSubstr("class=\"tabs\""))) << target;
  }
  // The form leads to a page, not to JSON.
  EXPECT_THAT(body_of(get("/-/permissions", ann_)), HasSubstr("action=\"/-/check\""));
}

TEST_F(AccountTest, PermissionChecksOfTheProcessAreListed) {
  // Without the labels of the cells.
  const auto cells = [&](std::string_view target) {
    std::string html = body_of(get(target, ann_));
    for (std::size_t at = html.find("<td "); at != std::string::npos; at = html.find("<td ", at)) {
      html.erase(at + 3, html.find('>', at) - at - 3);
    }
    return html;
  };
  get("/db/u");
  const std::string all = cells("/-/permissions");
  EXPECT_THAT(all, HasSubstr("<td>view-table</td><td>/db/u</td><td>nobody</td><td>denied</td>"));
  const std::string mine =
      "<td>view-instance</td><td></td><td>{&quot;id&quot;:&quot;ann&quot;}</td>";
  EXPECT_THAT(all, HasSubstr(mine));
  const std::string others = cells("/-/permissions?filter=exclude-yours");
  EXPECT_THAT(others, HasSubstr("<td>/db/u</td>"));
  EXPECT_THAT(others, Not(HasSubstr(mine)));
  const std::string own = cells("/-/permissions?filter=only-yours");
  EXPECT_THAT(own, Not(HasSubstr("<td>/db/u</td>")));
  EXPECT_THAT(own, HasSubstr(mine));
}

TEST_F(AccountTest, ToolsAreOfferedToHoldersOfTheRight) {
  EXPECT_THAT(body_of(get("/", ann_)), Not(HasSubstr("class=\"tools\"")));
  site_.configure(
      R"({"permissions": {"debug-menu": {"id": "ann"}, "permissions-debug": {"id": "ann"}}})");
  const std::string home = body_of(get("/", ann_));
  EXPECT_THAT(home, HasSubstr("class=\"tools\""));
  EXPECT_THAT(home, HasSubstr("<a href=\"/-/permissions\">Debug permissions</a>"));
  EXPECT_THAT(body_of(get("/", bob_)), Not(HasSubstr("class=\"tools\"")));
  EXPECT_THAT(body_of(get("/")), Not(HasSubstr("class=\"tools\"")));
}

TEST_F(AccountTest, BadArgumentsOfThePermissionTools) {
  const std::pair<const char*, const char*> cases[] = {
      {"/-/check.json", "action parameter is required"},
      {"/-/check.json?action=vt", "Unknown action: vt"},
      {"/-/check.json?action=view-table&child=t", "parent is required when child is provided"},
      {"/-/check.json?action=view-table&actor=x", "Invalid actor JSON: it is no JSON value"},
      {"/-/check.json?action=view-table&actor=[]", "actor must be a JSON object or null"},
      {"/-/allowed.json?action=view-table&child=t",
       "parent must be provided when child is specified"},
      {"/-/allowed.json?action=view-table&_page=0", "_page must be a positive integer"},
      {"/-/allowed.json?action=view-table&_page=99999999999999999999",
       "_page must be a positive integer"},
      {"/-/rules.json?action=view-table&_size=201", "_size must be <= 200"},
      {"/-/rules.json?action=view-table&_size=x", "_size must be a positive integer"},
  };
  for (const auto& [target, message] : cases)
    EXPECT_EQ(error_of(get(target, ann_)), message) << target;
}

TEST_F(AccountTest, AllowedResourcesAreThoseOfWhoAsks) {
  const auto resources = [&](std::string_view target, const std::string& cookie) {
    std::string text;
    const boost::json::value document = json_of(get(target, cookie));
    for (const auto& item : document.at("items").as_array()) {
      text += std::string(item.at("resource").as_string()) + " ";
    }
    return text;
  };
  EXPECT_EQ(resources("/-/allowed.json?action=view-table", ""), "/db/t ");
  EXPECT_EQ(resources("/-/allowed.json?action=view-table", ann_), "/db/t /db/u ");
  EXPECT_EQ(resources("/-/allowed.json?action=view-database", bob_), "/db ");
  EXPECT_EQ(resources("/-/allowed.json?action=insert-row", bob_), "");
  EXPECT_EQ(resources("/-/allowed.json?action=view-instance", bob_), "");
  EXPECT_EQ(resources("/-/allowed.json?action=view-table&_size=1&_page=2", ann_), "/db/u ");
  EXPECT_THAT(body_of(get("/-/allowed.json?action=view-table", bob_)), Not(HasSubstr("reason")));
  EXPECT_THAT(body_of(get("/-/allowed.json?action=view-table", ann_)), HasSubstr("\"reason\""));
}

TEST_F(AccountTest, AllowBlocksCanBeTried) {
  EXPECT_THAT(body_of(get("/-/allow-debug")), HasSubstr("Result: allow"));
  EXPECT_THAT(body_of(get("/-/allow-debug?actor=null&allow={%22id%22:%22*%22}")),
              HasSubstr("Result: deny"));
  EXPECT_THAT(body_of(get("/-/allow-debug?actor=&allow=")), HasSubstr("Result: allow"))
      << "blank is as good as none";
  const std::string bad = body_of(get("/-/allow-debug?actor=%3Cx&allow=%22a%22"));
  EXPECT_THAT(bad, HasSubstr("Actor JSON error; The allow block must be an object"));
  EXPECT_THAT(bad, Not(HasSubstr("Result:")));
  EXPECT_THAT(bad, Not(HasSubstr("<x")));
}

TEST_F(AccountTest, WhatIsPrivateIsMarked) {
  const boost::json::value database = json_of(get("/db.json", ann_));
  const auto& tables = database.at("tables").as_array();
  ASSERT_EQ(tables.size(), 2U);
  EXPECT_EQ(tables[0].at("private"), false);
  EXPECT_EQ(tables[1].at("private"), true);
  for (const char* target : {"/", "/db", "/db/u", "/db/u/1"}) {
    const bool has_page = std::string_view(target) != "/db/u/1" || get(target, ann_).status == 200;
    if (!has_page) continue;
    EXPECT_THAT(body_of(get(target, ann_)), HasSubstr("🔒")) << target;
  }
  for (const char* target : {"/", "/db", "/db/t", "/db/t/1"}) {
    EXPECT_THAT(body_of(get(target)), Not(HasSubstr("🔒"))) << target;
  }
  EXPECT_THAT(body_of(get("/db/t", ann_)), Not(HasSubstr("🔒")));
}

}  // namespace
}  // namespace tapedeck
