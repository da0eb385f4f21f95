#include <string>

#include <gmock/gmock.h>

#include "sqlite/connection.hpp"
#include "support/site.hpp"

namespace tapedeck {
namespace {

using support::Site;

constexpr const char* kSql = R"(
  create table t(id integer primary key, name text, day text, ref integer references clock(id));
  insert into t values (1, 'a', '2024-01-01', 1), (2, 'b', '2024-01-02', null);
  create view plain as select id, name from t;
  create view chance as select random() as r;
  create view clock as select 1 as id, datetime('now') as name;
  create view over_clock as select * from clock;
  create table other(id integer primary key, ref integer references t(id));
  insert into other values (1, 1);
  create virtual table words using fts5(body);
  insert into words values ('one');
)";

class FreshnessTest : public testing::Test {
 protected:
  FreshnessTest() {
    site_.add_database("db", kSql);
    site_.add_database("second", "create table t(id integer primary key)");
  }
  std::string etag(std::string_view target) {
    const http::Response response = site_.get(target);
    EXPECT_EQ(response.status, 200) << target << response.body.substr(0, 300);
    return std::string(response.headers.value("ETag"));
  }
  Site& site() { return site_; }

 private:
  Site site_;
};

TEST_F(FreshnessTest, AStarIsNoETagAndStreamsHaveNone) {
  EXPECT_EQ(site().get("/db/t.json", {{"If-None-Match", "*"}}).status, 200);
  EXPECT_EQ(site().get("/db/nosuch.json", {{"If-None-Match", "*"}}).status, 404);
  EXPECT_FALSE(site().get("/db/t.csv?_stream=on").headers.has("ETag"));
}

TEST_F(FreshnessTest, UnchangedContentIs304WithoutAnySql) {
  for (const char* target :
       {"/", "/.json", "/-/", "/db", "/db.json", "/db/other", "/db/t.json", "/db/t.csv",
        "/db/t.json?_sort=name&_size=1", "/db/other/1", "/db/t/1.json", "/db/plain.json",
        "/db/t.json?_where=id=1", "/-/versions.json", "/-/databases.json", "/-/settings"}) {
    const std::string tag = etag(target);
    ASSERT_FALSE(tag.empty()) << target;
    EXPECT_TRUE(tag.starts_with('"')) << "strong";
    EXPECT_EQ(site().get(target).headers.value("X-Accel-Expires"), "1") << target;
    const std::uint64_t before = sqlite::statements_run();
    const http::Response again = site().get(target, {{"If-None-Match", tag}});
    EXPECT_EQ(again.status, 304) << target;
    EXPECT_EQ(again.body, "") << target;
    EXPECT_EQ(again.headers.value("ETag"), tag) << target;
    EXPECT_EQ(sqlite::statements_run(), before) << target;
    EXPECT_EQ(site().get(target, {{"If-None-Match", "\"x\", " + tag}}).status, 304) << target;
    EXPECT_EQ(site().get(target, {{"If-None-Match", "\"x\""}}).status, 200) << target;
  }
}

TEST_F(FreshnessTest, AChangeMakesANewTag) {
  const std::string table = etag("/db/t.json");
  const std::string index = etag("/.json");
  const std::string second = etag("/second/t.json");
  support::run_sql(site().folder() / "db.db", "insert into t values (3, 'c', '', null)");
  EXPECT_NE(etag("/db/t.json"), table);
  EXPECT_NE(etag("/.json"), index);
  EXPECT_EQ(etag("/second/t.json"), second);
  EXPECT_EQ(site().get("/db/t.json", {{"If-None-Match", table}}).status, 200);
}

TEST_F(FreshnessTest, UrlSchemeAndHostArePartOfTheTag) {
  const std::string tag = etag("/db/t.json");
  EXPECT_NE(etag("/db/t.json?_size=1"), tag);
  EXPECT_NE(etag("/db/t"), tag);
  EXPECT_NE(site().get("/db/t.json", {{"Host", "other.example"}}).headers.value("ETag"), tag);
  http::Request secure = support::make_request("GET", "/db/t.json");
  secure.scheme = "https";
  EXPECT_NE(site().send(secure).headers.value("ETag"), tag);
}

TEST_F(FreshnessTest, WhatIsNoFunctionOfTheDataHasNoTag) {
  for (const char* target :
       {"/db/chance", "/db/chance.json", "/db/chance.csv", "/db/clock.json", "/db/over_clock.json",
        "/db/t.json?day__date=2024-01-01", "/db/t?day__date=2024-01-01",
        "/db/t.json?_where=random()>0+or+1", "/db/t.json?_where=id<strftime('%25s')",
        "/db/t.json?_where=current_timestamp>''", "/-/health.json",
        // The labels of these come from a view over the clock.
        "/db/t", "/db/t/1",
        // The hidden column called like the table holds a number of SQLite's cursor.
        "/db/words", "/db/words.json", "/db/words.csv"}) {
    const http::Response response = site().get(target);
    EXPECT_EQ(response.status, 200) << target << response.body.substr(0, 300);
    EXPECT_EQ(response.headers.value("ETag"), "") << target;
    EXPECT_EQ(response.headers.value("X-Accel-Expires"), "0") << target;
  }
}

TEST_F(FreshnessTest, ErrorsAndRedirectsHaveNoTag) {
  for (const char* target : {"/db/nope.json", "/nope", "/db/t.json?_size=x", "/db/t/9",
                             "/db/t?_sort=id&_sort_by_desc=1", "/db/t/", "/-"}) {
    const http::Response response = site().get(target);
    EXPECT_EQ(response.headers.value("ETag"), "") << target;
    EXPECT_EQ(response.headers.value("X-Accel-Expires"), "0") << target;
  }
}

TEST_F(FreshnessTest, ADownloadIsTaggedWithItsHash) {
  Site immutable;
  immutable.add_database("db", kSql, /*immutable=*/true);
  const http::Response response = immutable.get("/db.db");
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.headers.value("Content-Disposition"), "attachment; filename=\"db.db\"");
  const std::string tag(response.headers.value("ETag"));
  EXPECT_EQ(tag.size(), 66U);
  EXPECT_EQ(immutable.get("/db.db", {{"If-None-Match", tag}}).status, 304);
  EXPECT_EQ(site().get("/db.db").status, 403) << "files that may change are not handed out";
  EXPECT_EQ(site().get("/nope.db").status, 404);
}

// ---- lanes, front servers, links -------------------------------------------------------------

struct LaneCase {
  instance::Lane lane;
  const char* target;
  const char* redirect;
};

TEST(Lanes, WorkOfAnotherLaneIsHandedOverUnread) {
  using enum instance::Lane;
  const LaneCase cases[] = {
      {kRead, "/db/t.json", ""},
      {kRead, "/db/t.json?_where=1", "@query"},
      {kRead, "/db/t.json?%5Fwhere=1", "@query"},
      {kRead, "/db/t.json?%5fwhere=syntax+error", "@query"},
      {kRead, "/db/t.csv?_stream=1", "@export"},
      {kRead, "/db/t.csv?%5Fstream=1&_where=1", "@export"},
      {kQuery, "/db/t.json?_where=1", ""},
      {kQuery, "/db/t.json", "@read"},
      {kExport, "/db/t.csv?_stream=1", ""},
      {kExport, "/", "@read"},
  };
  for (const auto& [lane, target, redirect] : cases) {
    Site site;
    site.add_database("db", kSql);
    site.set_lane(lane);
    http::Request request = support::make_request("GET", target);
    request.front = http::Front::kNginx;
    static_cast<void>(site.instance());
    const std::uint64_t before = sqlite::statements_run();
    const http::Response response = site.send(request);
    EXPECT_EQ(response.headers.value("X-Accel-Redirect"), redirect) << target;
    if (*redirect != '\0') {
      EXPECT_EQ(sqlite::statements_run(), before) << target;
      EXPECT_EQ(response.body, "") << target;
      EXPECT_FALSE(response.stream) << target;
    } else {
      EXPECT_EQ(response.status, 200) << target;
    }
    request.front = http::Front::kNone;
    EXPECT_FALSE(site.send(request).headers.has("X-Accel-Redirect")) << target;
  }
}

TEST(ForwardedScheme, CountsFromThisMachineOnly) {
  struct Case {
    const char* address;
    const char* header;
    const char* scheme;
  };
  const Case cases[] = {
      {"127.0.0.1", "https", "https"}, {"127.9.9.9", "https", "https"},
      {"::1", "https", "https"},       {"unix:", "https", "https"},
      {"192.0.2.1", "https", "http"},  {"::ffff:192.0.2.1", "https", "http"},
      {"", "https", "http"},           {"127.0.0.1", "http", "http"},
      {"127.0.0.1", "gopher", "http"}, {"127.0.0.1", "https://evil", "http"},
  };
  Site site;
  site.add_database("db", kSql);
  for (const auto& [address, header, scheme] : cases) {
    http::Request request =
        support::make_request("GET", "/db/t.json?_size=1", {{"X-Forwarded-Proto", header}});
    request.remote_address = address;
    const http::Response response = site.send(request);
    EXPECT_EQ(support::json_of(response).at("next_url").as_string(),
              std::string(scheme) + "://site.example/db/t.json?_size=1&_next=1")
        << address << header;
  }
}

TEST(AbsoluteUrls, AHostThatIsNoneIsNotRepeated) {
  Site site;
  site.add_database("db", kSql);
  for (const char* host : {"evil.example/path", "a b", "<script>", "user@evil.example", ""}) {
    const http::Response response = site.get("/db/t.json?_size=1", {{"Host", host}});
    EXPECT_EQ(support::json_of(response).at("next_url").as_string(),
              "http://localhost/db/t.json?_size=1&_next=1")
        << host;
  }
  site.settings().force_https_urls = true;
  EXPECT_EQ(support::json_of(site.get("/db/t.json?_size=1")).at("next_url").as_string(),
            "https://site.example/db/t.json?_size=1&_next=1");
}

TEST(BaseUrl, StandsOnceInEveryLinkWhetherOrNotTheRequestHasIt) {
  Site site;
  site.add_database("db", kSql);
  site.settings().base_url = "/pre/";
  for (const std::string prefix : {"", "/pre"}) {
    EXPECT_EQ(support::json_of(site.get(prefix + "/db/t.json?_size=1")).at("next_url").as_string(),
              "http://site.example/pre/db/t.json?_size=1&_next=1")
        << prefix;
    EXPECT_EQ(
        site.get(prefix + "/db/t?_filter_column=id&_filter_value=1").headers.value("Location"),
        "/pre/db/t?id__exact=1");
    EXPECT_EQ(site.get(prefix + "/-").headers.value("Location"), "/pre/-/");
    EXPECT_EQ(site.get(prefix + "/db/").headers.value("Location"), "/pre/db");
    EXPECT_EQ(site.get(prefix + "/db/a%20b").headers.value("Location"), "/pre/db/a~20b");
    EXPECT_EQ(site.get(prefix + "/db?sql=1").headers.value("Location"), "/pre/db/-/query?sql=1");
    for (const char* page : {"/", "/db", "/db/t", "/db/t/1", "/nope"}) {
      const std::string body = site.get(prefix + page).body;
      EXPECT_THAT(body, testing::HasSubstr("href=\"/pre/")) << page;
      EXPECT_THAT(body, testing::Not(testing::HasSubstr("/pre/pre"))) << page;
      EXPECT_THAT(body, testing::Not(testing::HasSubstr("href=\"/db"))) << page;
      EXPECT_THAT(body, testing::Not(testing::HasSubstr("href=\"/-/"))) << page;
    }
    EXPECT_EQ(
        support::json_of(site.get(prefix + "/.json")).at("databases").at(0).at("path").as_string(),
        "/pre/db");
  }
  EXPECT_EQ(site.get("/pre//evil.example/").headers.value("Location"), "/pre//evil.example");
}

TEST(CrossOrigin, HeadersStandOnDataAndItsErrors) {
  Site site;
  site.add_database("db", kSql);
  EXPECT_FALSE(site.get("/db/t.json").headers.has("Access-Control-Allow-Origin"));
  site.configuration().cors = true;
  for (const char* target :
       {"/db/t.json", "/db/t", "/db/t/1.json", "/.json", "/db.json", "/db/nope.json",
        "/db/t.json?_size=x", "/db/t/", "/db/t.csv", "/-/versions.json"}) {
    EXPECT_EQ(site.get(target).headers.value("Access-Control-Allow-Origin"), "*") << target;
  }
  EXPECT_FALSE(site.get("/db").headers.has("Access-Control-Allow-Origin"));
  const std::string tag(site.get("/db/t.json").headers.value("ETag"));
  site.settings().cors_origins = "https://a.example";
  const http::Response other =
      site.get("/db/t.json", {{"If-None-Match", tag}, {"Origin", "https://b.example"}});
  EXPECT_EQ(other.headers.value("Vary"), "Origin");
  EXPECT_FALSE(other.headers.has("Access-Control-Allow-Origin"));
  const http::Response listed =
      site.get("/db/t.json", {{"If-None-Match", tag}, {"Origin", "https://a.example"}});
  EXPECT_EQ(listed.status, 304);
  EXPECT_EQ(listed.headers.value("Access-Control-Allow-Origin"), "https://a.example");
}

TEST(Index, HasNoEtagWhileACountIsMissing) {
  Site site;
  site.add_database("db", kSql);
  EXPECT_TRUE(site.get("/.json").headers.has("ETag"));
  Site lacking;
  // A table whose module is not there cannot be counted, now.
  lacking.add_database("db", std::string(kSql) +
                                 "; pragma writable_schema = 1; insert into sqlite_master values "
                                 "('table', 'ghost', 'ghost', 0, "
                                 "'create virtual table ghost using nosuch(a)');");
  for (const char* target : {"/", "/.json", "/db", "/db.json"}) {
    const http::Response response = lacking.get(target);
    EXPECT_EQ(response.status, 200) << target;
    EXPECT_FALSE(response.headers.has("ETag")) << target;
    EXPECT_EQ(response.headers.value("X-Accel-Expires"), "0") << target;
  }
}

TEST(Freshness, HeadersThatTellWhoAsksMakeAnAnswerPrivate) {
  Site site;
  site.add_database("db", "create table t(a)");
  site.configure(R"json({"databases": {"db": {"queries": {
      "cookies": "select :_header_cookie", "credentials": "select :_header_authorization",
      "agent": "select :_header_user_agent"}}}})json");
  for (const char* query : {"cookies", "credentials"}) {
    const http::Response response = site.get("/db/" + std::string(query) + ".json");
    EXPECT_EQ(response.status, 200) << query;
    EXPECT_EQ(response.headers.value("Cache-Control"), "private, no-store") << query;
  }
  EXPECT_NE(site.get("/db/agent.json").headers.value("Cache-Control"), "private, no-store");
}

}  // namespace
}  // namespace tapedeck
