#include "auth/token.hpp"

#include <limits>
#include <string>

#include <gtest/gtest.h>

#include "auth/actor.hpp"
#include "base/signer.hpp"
#include "http/request_error.hpp"

namespace tapedeck::auth {
namespace {

constexpr std::int64_t kNow = 1'700'000'000;

std::string token_of(std::string_view json, std::string_view secret = "s",
                     std::string_view salt = "token") {
  return std::string(kTokenPrefix) + base::Signer(secret, salt).sign(json);
}

/// The actor as JSON text, or the message.
std::string read(std::string_view token, const config::Settings& settings = {}) {
  const auto actor = read_token(settings, "s", token, kNow);
  return actor ? boost::json::serialize(*actor) : actor.error().message();
}

TEST(Token, NamesAnActor) {
  struct Case {
    const char* content;
    const char* result;
  };
  const Case cases[] = {
      {R"({"a":"x","t":1700000000})", R"({"id":"x","token":"dstok"})"},
      {R"({"a":"x","token":"dstok","t":1,"z":0})", R"({"id":"x","token":"dstok"})"},
      {R"({"a":"x","t":1700000000,"_r":{}})", R"({"id":"x","token":"dstok","_r":{}})"},
      {R"({"a":"x","t":1699999000,"d":1000})",
       R"({"id":"x","token":"dstok","token_expires":1700000000})"},
      {R"({"a":"x","t":1699998999,"d":1000})", "Token has expired"},
      {R"({"a":"x","t":1700000000,"d":-1})", "Token has expired"},
      {R"({"a":"x","t":-9223372036854775808,"d":-1})", "Token has expired"},
      {R"({"a":"x","t":1,"d":null})", R"({"id":"x","token":"dstok"})"},
      {R"({"a":"x","t":1,"d":0})", R"({"id":"x","token":"dstok"})"},
      {R"({"a":"x"})", "Invalid token: no timestamp"},
      {R"({"a":"x","t":"1"})", "Invalid token: invalid timestamp"},
      {R"({"a":"x","t":1.5})", "Invalid token: invalid timestamp"},
      {R"({"a":"x","t":1,"d":"9"})", "Invalid token: invalid duration"},
      {R"({"t":1})", "Invalid token signature"},
      {R"(["a"])", "Invalid token signature"},
      {"no json", "Invalid token signature"},
  };
  for (const auto& [content, result] : cases) EXPECT_EQ(read(token_of(content)), result) << content;
}

TEST(Token, IsRefusedWhenNotSignedAsAToken) {
  const std::string content = R"({"a":"x","t":1})";
  EXPECT_EQ(read(token_of(content, "other")), "Invalid token signature");
  EXPECT_EQ(read(token_of(content, "s", "actor")), "Invalid token signature");
  EXPECT_EQ(read("dstok_"), "Invalid token signature");
  EXPECT_EQ(read("dstok_abc"), "Invalid token signature");
}

TEST(Token, LivesNoLongerThanTheSettingAllows) {
  config::Settings settings;
  settings.max_signed_tokens_ttl = 100;
  EXPECT_EQ(read(token_of(R"({"a":"x","t":1699999901})"), settings),
            R"({"id":"x","token":"dstok","token_expires":1700000001})");
  EXPECT_EQ(read(token_of(R"({"a":"x","t":1699999899})"), settings), "Token has expired");
  EXPECT_EQ(read(token_of(R"({"a":"x","t":1699999899,"d":1000})"), settings), "Token has expired");
  EXPECT_EQ(read(token_of(R"({"a":"x","t":1699999899,"d":0})"), settings), "Token has expired");
  settings.allow_signed_tokens = false;
  EXPECT_EQ(read(token_of(R"({"a":"x","t":1700000000})"), settings),
            "Signed tokens are not enabled for this Datasette instance");
}

TEST(Token, IsMadeAsDatasetteMakesIt) {
  const auto content = token_content("x", 5, 7, {{"a", boost::json::array{"vi"}}});
  EXPECT_EQ(boost::json::serialize(content), R"({"a":"x","t":5,"d":7,"_r":{"a":["vi"]}})");
  EXPECT_EQ(boost::json::serialize(token_content("x", 5, std::nullopt, {})), R"({"a":"x","t":5})");
  EXPECT_EQ(boost::json::serialize(token_content(7, 5, std::nullopt, {})), R"({"a":7,"t":5})");
  EXPECT_EQ(make_token("s", token_content("x", 5, std::nullopt, {})),
            token_of(R"({"a":"x","t":5})"));
}

http::Request with(std::string_view name, std::string_view value) {
  http::Request request;
  request.headers.add(name, value);
  return request;
}

config::Configuration site() {
  config::Configuration configuration;
  configuration.secret = "s3cret";
  return configuration;
}

/// JSON text of the actor that a ds_actor cookie with this content names; "" for nobody.
std::string cookie_actor(std::string_view content, std::string_view salt = "actor") {
  const std::string cookie = "ds_actor=" + base::Signer("s3cret", salt).sign(content);
  const auto actor = actor_of(with("cookie", cookie), site(), 1'600'000'000);
  return actor ? boost::json::serialize(*actor) : "";
}

TEST(ActorCookie, IsReadOrIgnored) {
  struct Case {
    const char* content;
    const char* actor;
  };
  const Case cases[] = {
      {R"({"a":{"id":"root"}})", R"({"id":"root"})"},
      {R"({"a":{}})", "{}"},
      {R"({"a":{"id":"x"},"e":"BkR1Fc"})", R"({"id":"x"})"},  // 1600000000
      {R"({"a":{"id":"x"},"e":"BkR1Fb"})", ""},
      {R"({"a":{"id":"x"},"e":""})", R"({"id":"x"})"},
      {R"({"a":{"id":"x"},"e":0})", R"({"id":"x"})"},
      {R"({"a":{"id":"x"},"e":"zzzzzzzzzzzzzzzzzzzzzz"})", ""},
      {R"({"a":{"id":"x"},"e":"B-"})", ""},
      {R"({"a":{"id":"x"},"e":5})", ""},
      {R"({"a":"str"})", ""},
      {R"({"a":["x"]})", ""},
      {R"({"b":1})", ""},
      {R"("a")", ""},
      {"no json", ""},
  };
  for (const auto& [content, actor] : cases) EXPECT_EQ(cookie_actor(content), actor) << content;
  EXPECT_EQ(cookie_actor(R"({"a":{"id":"root"}})", "token"), "") << "a token is no cookie";
}

TEST(ActorCookie, SurvivesTheRoundTrip) {
  const std::string cookie =
      sign_in_cookie(site(), http::Request{}, {{"id", "x"}}, 1'600'000'000, 60);
  const std::string pair = cookie.substr(0, cookie.find(';'));
  EXPECT_TRUE(actor_of(with("cookie", pair), site(), 1'600'000'060));
  EXPECT_FALSE(actor_of(with("cookie", pair), site(), 1'600'000'061));
  EXPECT_EQ(cookie.substr(cookie.find(';')), "; Path=/; SameSite=lax; HttpOnly");
  http::Request secure;
  secure.scheme = "https";
  EXPECT_TRUE(sign_in_cookie(site(), secure, {}, 0).ends_with("; HttpOnly; Secure"));
}

TEST(ActorOf, ABadTokenEndsTheRequestEvenBesideAGoodCookie) {
  http::Request request =
      with("cookie", "ds_actor=" + base::Signer("s3cret", "actor").sign(R"({"a":{"id":"x"}})"));
  EXPECT_TRUE(actor_of(request, site(), 0));
  request.headers.set("authorization", "Bearer other_scheme");
  EXPECT_TRUE(actor_of(request, site(), 0)) << "not ours to judge";
  request.headers.set("authorization", "bearer dstok_x");
  EXPECT_TRUE(actor_of(request, site(), 0)) << "the word is compared with case";
  request.headers.set("authorization", "Bearer dstok_x");
  try {
    const auto actor = actor_of(request, site(), 0);
    FAIL() << "taken";
  } catch (const http::RequestError& error) {
    EXPECT_EQ(error.status, 401);
    EXPECT_EQ(error.form, http::ErrorForm::kJson);
    EXPECT_EQ(error.headers.value("WWW-Authenticate"), R"(Bearer error="invalid_token")");
  }
}

TEST(ActorOf, TellsPersonalRequests) {
  EXPECT_FALSE(is_personal(http::Request{}));
  EXPECT_FALSE(is_personal(with("cookie", "other=1")));
  EXPECT_TRUE(is_personal(with("cookie", "a=1; ds_actor=forged")));
  EXPECT_TRUE(is_personal(with("cookie", "ds_messages=x")));
  EXPECT_TRUE(is_personal(with("authorization", "Basic x")));
}

TEST(DisplayName, IsTheFirstThatIsThere) {
  EXPECT_EQ(display_name({{"id", "root"}}), "root");
  EXPECT_EQ(display_name({{"id", 5}}), "5");
  EXPECT_EQ(display_name({{"id", "x"}, {"name", "Name"}}), "Name");
  EXPECT_EQ(display_name({{"id", "x"}, {"display", ""}, {"login", "L"}}), "L");
  EXPECT_EQ(display_name({{"role", "staff"}}), R"({"role":"staff"})");
}

}  // namespace
}  // namespace tapedeck::auth
