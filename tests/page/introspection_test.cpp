#include <string>

#include <gmock/gmock.h>

#include "support/site.hpp"

/// What the program tells about its configuration and its processes.
namespace tapedeck {
namespace {

using support::body_of;
using support::json_of;
using support::Site;
using testing::HasSubstr;
using testing::Not;

TEST(Config, MasksWhatStandsUnderSecretKeysAtAnyDepth) {
  Site site;
  site.add_database("db", "create table t(id integer primary key)");
  site.configure(R"({"plugins": {"p": {"client_secret": "s1", "list": [{"API_KEY": "s2"}],
                     "password_file": {"a": "s3"}, "shown": {"$env": "NAME"}}}})");
  const boost::json::value document = json_of(site.get("/-/config.json"));
  const boost::json::value& plugin = document.at("plugins").at("p");
  EXPECT_EQ(plugin.at("client_secret"), "***");
  EXPECT_EQ(plugin.at("list").at(0).at("API_KEY"), "***");
  EXPECT_EQ(plugin.at("password_file"), "***");
  EXPECT_EQ(plugin.at("shown").at("$env"), "NAME");
  for (const char* target : {"/-/config", "/-/config.json", "/-/metadata.json"}) {
    for (const char* secret : {"s1", "s2", "s3"}) {
      EXPECT_THAT(body_of(site.get(target)), Not(HasSubstr(secret))) << target;
    }
  }
}

TEST(Metadata, IsATreeOfWhatIsServedAndMayBeSeen) {
  Site site;
  site.add_database("db",
                    "create table t(id integer primary key, token text);"
                    "create table closed(id integer primary key)");
  site.add_database("plain", "create table t(id integer primary key)");
  site.add_database("hidden", "create table t(id integer primary key)");
  site.configure(R"({"databases": {"hidden": {"allow": false}, "db": {
      "tables": {"closed": {"allow": false}},
      "queries": {"q": {"sql": "select 1", "title": "Q"}, "short": "select 2",
                  "plugged": {"sql": "select 4", "plugins": {"p": {"key": "unseen"}}},
                  "closed_q": {"sql": "select 3", "allow": false}}}}})");
  site.describe(R"({"title": "All", "keywords": ["books"], "databases": {
      "db": {"title": "One", "tables": {"t": {"title": "T", "columns": {"token": "a word"}},
                                        "closed": {"title": "unseen"}}},
      "hidden": {"title": "unseen"}, "elsewhere": {"title": "not served"}}})");
  const boost::json::value expected =
      boost::json::parse(R"({"ok": true, "title": "All", "keywords": ["books"],
      "databases": {"db": {"title": "One",
          "tables": {"t": {"title": "T", "columns": {"token": "a word"}}},
          "queries": {"q": {"sql": "select 1", "title": "Q"}, "short": {"sql": "select 2"},
                      "plugged": {"sql": "select 4"}}},
        "plain": {}}})");
  EXPECT_EQ(json_of(site.get("/-/metadata.json")), expected);
  EXPECT_THAT(body_of(site.get("/-/metadata")), Not(HasSubstr("unseen")));
}

TEST(Plugins, AreAListWithTheBuiltInPartsOnRequest) {
  Site site;
  EXPECT_TRUE(json_of(site.get("/-/plugins.json")).as_array().empty());
  const boost::json::value all = json_of(site.get("/-/plugins.json?all=1"));
  ASSERT_FALSE(all.as_array().empty());
  for (const boost::json::value& part : all.as_array()) {
    for (const char* key : {"name", "static", "templates", "version", "hooks"}) {
      EXPECT_TRUE(part.as_object().contains(key)) << key;
    }
  }
}

TEST(Metrics, AreForThisMachineAndNotForPoolsOfOne) {
  Site site;
  http::Request request = support::make_request("GET", "/-/metrics");
  for (const char* address : {"", "10.0.0.1", "::2", "128.0.0.1", "unix", "127"}) {
    request.remote_address = address;
    EXPECT_EQ(site.send(request).status, 403) << address;
  }
  for (const char* address : {"127.0.0.1", "127.1.2.3", "::1", "::ffff:127.0.0.1", "unix:"}) {
    request.remote_address = address;
    EXPECT_EQ(site.send(request).status, 404) << address;
  }
  request.headers.set("X-Forwarded-For", "127.0.0.1");
  EXPECT_EQ(site.send(request).status, 403);
}

TEST(Threads, AreClosedWhereNothingIsPublic) {
  Site open;
  EXPECT_EQ(json_of(open.get("/-/threads.json")).at("num_threads"), 0);
  Site closed;
  closed.configuration().default_deny = true;
  EXPECT_EQ(closed.get("/-/threads.json").status, 403);
}

TEST(Openapi, ADescriptionOfVeryManyTablesIsAnAnswerTooLarge) {
  Site site;
  std::string sql;
  for (int i = 0; i < 150; ++i) {
    sql += "create table t" + std::to_string(i) + "(id integer primary key, a, b, c, d, e);";
  }
  site.add_database("db", sql);
  EXPECT_EQ(site.get("/-/openapi.json").status, 200);
  site.settings().max_answer_mb = 1;
  const http::Response refused = site.get("/-/openapi.json");
  EXPECT_EQ(refused.status, 400);
  EXPECT_THAT(refused.body, testing::HasSubstr("max_answer_mb"));
}

}  // namespace
}  // namespace tapedeck
