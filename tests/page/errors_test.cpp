#include <cstdint>
#include <string>

#include <gmock/gmock.h>
#include <sqlite3.h>

#include "app/dispatch.hpp"
#include "support/site.hpp"

namespace tapedeck {
namespace {

using support::error_of;
using support::Site;
using testing::HasSubstr;
using testing::Not;

class ErrorsTest : public testing::Test {
 protected:
  ErrorsTest() {
    site_.add_database("db", R"(
      create table t(id integer primary key, "a.b" text);
      insert into t values (1, 'x');
      create table "we ird/table.csv%"(id integer primary key);
      create view slow as with recursive c(i) as (select 1 union all select i + 1 from c)
        select i from c where i < 0;
      create view broken as select * from gone;
      create table closed(id integer primary key);
    )");
    site_.configure(R"({"databases": {"db": {"tables": {"closed": {"allow": false}}}}})");
    site_.settings().sql_time_limit_ms = 50;
  }
  Site& site() { return site_; }

 private:
  Site site_;
};

struct ErrorCase {
  const char* target;
  int status;
  const char* message;
};

TEST_F(ErrorsTest, JsonPathsHaveTheCanonicalDocument) {
  const ErrorCase cases[] = {
      {"/nope.json", 404, "Database not found"},
      {"/db/nope.json", 404, "Table not found"},
      {"/db/t/9.json", 404, "Row not found"},
      {"/db/t/9.json?_shape=foo", 404, "Row not found"},
      {"/db/t/1.json?_shape=foo", 400, "Invalid _shape: foo"},
      {"/db/t/-/x.json", 404, "404"},
      {"/db/closed.json", 403, "You do not have permission to view this table"},
      {"/db/t.json?_size=x", 400, "_size must be a positive integer"},
      {"/db/slow.json", 400,
       "SQL query took too long. The time limit is controlled by the sql_time_limit_ms setting."},
      {"/db/broken.json", 400, "no such table: main.gone"},
      {"/db/-/query.json?sql=select+1&_shape=foo", 400, "Invalid _shape: foo"},
      {"/db/-/query.json?sql=select+1&_shape=object", 400,
       "_shape=object is only available on tables"},
  };
  for (const auto& [target, status, message] : cases) {
    const http::Response response = site().get(target);
    EXPECT_EQ(response.status, status) << target;
    EXPECT_EQ(response.headers.value("Content-Type"), "application/json; charset=utf-8");
    EXPECT_EQ(response.body, std::string(R"({"ok":false,"error":")") + message +
                                 R"(","errors":[")" + message + R"("],"status":)" +
                                 std::to_string(status) + "}")
        << target;
    EXPECT_FALSE(response.headers.has("ETag")) << target;
    // Somebody else might have been allowed.
    EXPECT_EQ(response.headers.value("Cache-Control"), status == 403 ? "private, no-store" : "")
        << target;
    EXPECT_EQ(response.headers.value("X-Accel-Expires"), "0") << target;
  }
}

TEST_F(ErrorsTest, WhatSqliteRefusesIsToldToTheLog) {
  const std::pair<const char*, const char*> cases[] = {
      {"/db/t.json?_where=zz=1", "no such"},
      {"/db/-/query.json?sql=select+bad", "no such"},
      {"/db/-/query?sql=select+bad", "no such"},
      {"/db/-/query.csv?sql=select+bad", "no such"},
      {"/db/-/query.json?sql=select+*+from+slow", "interrupted"},
      {"/db/-/query?sql=select+*+from+slow", "interrupted"},
      {"/db/slow.json", "interrupted"},
  };
  for (const auto& [target, error] : cases) {
    testing::internal::CaptureStderr();
    site().get(target);
    const std::string log = testing::internal::GetCapturedStderr();
    EXPECT_THAT(log, HasSubstr("event=sql_error")) << target;
    EXPECT_THAT(log, HasSubstr(error)) << target;
  }
}

TEST_F(ErrorsTest, OtherPathsHaveAPage) {
  const ErrorCase cases[] = {
      {"/nope", 404, "Database not found"},
      {"/db/nope.csv", 404, "Table not found"},
      {"/db/t/1.blob", 400, "?_blob_column= is required"},
      {"/db/closed", 403, "You do not have permission to view this table"},
      {"/db/slow", 400, "SQL Interrupted"},
      {"/db/broken", 400, "Invalid SQL"},
  };
  for (const auto& [target, status, message] : cases) {
    const http::Response response = site().get(target);
    EXPECT_EQ(response.status, status) << target;
    EXPECT_EQ(response.headers.value("Content-Type"), "text/html; charset=utf-8") << target;
    EXPECT_THAT(response.body, HasSubstr(message)) << target;
    EXPECT_THAT(response.body, HasSubstr("noindex")) << target;
    EXPECT_THAT(std::string(response.headers.value("Content-Security-Policy")),
                HasSubstr("default-src 'self'"));
  }
}

TEST_F(ErrorsTest, A403IsJsonForThoseWhoAccept) {
  EXPECT_EQ(error_of(site().get("/db/closed", {{"Accept", "text/html, application/json"}})),
            "You do not have permission to view this table");
  EXPECT_EQ(error_of(site().get("/db/closed", {{"Content-Type", "application/json"}})),
            "You do not have permission to view this table");
  EXPECT_EQ(site().get("/nope", {{"Accept", "application/json"}}).headers.value("Content-Type"),
            "text/html; charset=utf-8");
}

TEST_F(ErrorsTest, StaticFilesAnswerBare) {
  const ErrorCase cases[] = {
      {"/-/static/nope.css", 404, "404: File not found"},
      {"/-/static/", 403, "403: Directory listing is not allowed"},
      {"/-/static/../CMakeLists.txt", 404, "404: Path not inside root path"},
      {"/-/static/%2e%2e/CMakeLists.txt", 404, "404: Path not inside root path"},
      {"/-/static/%2e%2e%2fCMakeLists.txt", 404, "404: Path not inside root path"},
      {"/-/static//etc/passwd", 404, "404: File not found"},
      {"/-/static/app.css%00.png", 404, "404: Path not inside root path"},
      {"/-/static/../static-other", 404, "404: Path not inside root path"},
  };
  for (const auto& [target, status, message] : cases) {
    const http::Response response = site().get(target);
    EXPECT_EQ(response.status, status) << target;
    EXPECT_EQ(response.body, message) << target;
    EXPECT_EQ(response.headers.value("Content-Type"), "text/html; charset=utf-8") << target;
    EXPECT_FALSE(response.headers.has("Location")) << target;
  }
}

TEST_F(ErrorsTest, StaticFilesHaveTagsOfTheirOwn) {
  const http::Response first = site().get("/-/static/app.css");
  EXPECT_EQ(first.status, 200);
  EXPECT_EQ(first.headers.value("Content-Type"), "text/css");
  EXPECT_FALSE(support::body_of(first).empty());
  const std::string etag(first.headers.value("ETag"));
  EXPECT_EQ(site().get("/-/static/app.css", {{"If-None-Match", etag}}).status, 304);
  EXPECT_EQ(site().get("/-/static/app.css", {{"If-None-Match", "\"other\""}}).status, 200);
  EXPECT_EQ(site().get("/favicon.ico").headers.value("Content-Type"), "image/png");
}

TEST(StaticMounts, ServeTheirFolderAndNothingElse) {
  Site site;
  site.add_database("db", "create table t(id)");
  const std::string page = site.folder().write("mount/a.html", "<b>");
  const std::string secret = site.folder().write("secret.txt", "secret");
  std::filesystem::create_symlink(secret, site.folder() / "mount/link.txt");
  std::filesystem::create_symlink(page, site.folder() / "mount/inside.html");
  site.configuration().static_mounts.push_back({"files", site.folder() / "mount"});
  EXPECT_EQ(support::body_of(site.get("/files/a.html")), "<b>");
  EXPECT_EQ(site.get("/files/a.html").headers.value("Content-Type"), "text/html");
  EXPECT_EQ(site.get("/files/inside.html").status, 200);
  for (const char* target : {"/files/link.txt", "/files/../secret.txt", "/files/%2e%2e/secret.txt",
                             "/files/x/../../secret.txt"}) {
    const http::Response response = site.get(target);
    EXPECT_EQ(response.status, 404) << target;
    EXPECT_EQ(response.body, "404: Path not inside root path") << target;
  }
  EXPECT_EQ(site.get("/files").status, 404);
}

TEST_F(ErrorsTest, MethodsThatAreNotReads) {
  struct Case {
    const char* method;
    const char* target;
    const char* type;
  };
  const Case cases[] = {
      {"POST", "/db/t", "text/plain; charset=utf-8"},
      {"POST", "/db/t.json", "text/plain; charset=utf-8"},
      {"DELETE", "/db/t.json", "text/plain; charset=utf-8"},
      {"POST", "/db.json", "application/json; charset=utf-8"},
      {"PUT", "/", "text/plain; charset=utf-8"},
      {"get", "/", "text/plain; charset=utf-8"},
      {"", "/", "text/plain; charset=utf-8"},
      {"POST", "/-/static/app.css", "text/plain; charset=utf-8"},
      {"POST", "/nope/x/y/z", "text/plain; charset=utf-8"},
  };
  for (const auto& [method, target, type] : cases) {
    const http::Response response = site().send(method, target);
    EXPECT_EQ(response.status, 405) << method << target;
    EXPECT_EQ(response.headers.value("Content-Type"), type) << method << target;
    EXPECT_EQ(response.headers.value("Allow"), "GET, HEAD, OPTIONS") << method << target;
    const std::string_view plain = "Method not allowed";
    EXPECT_EQ(response.body == plain, std::string_view(type).starts_with("text/")) << target;
  }
  EXPECT_EQ(site().send("PUT", "/-/messages").headers.value("Allow"), "GET, HEAD, OPTIONS, POST");
  EXPECT_EQ(error_of(site().send("POST", "/", {{"Content-Type", "application/json"}})),
            "Method not allowed");
  http::Request large = support::make_request("POST", "/db/t.json");
  large.body_too_large = true;
  EXPECT_EQ(site().send(large).status, 413);
  EXPECT_EQ(error_of(site().send(large)), "Request body exceeded maximum size of 2097152 bytes");
}

TEST_F(ErrorsTest, OptionsAndHead) {
  const http::Response database = site().send("OPTIONS", "/db");
  EXPECT_EQ(database.status, 200);
  EXPECT_EQ(database.body, "ok");
  EXPECT_EQ(database.headers.value("Allow"), "HEAD, GET");
  EXPECT_EQ(site().send("OPTIONS", "/db/t.json").body, "ok");
  EXPECT_FALSE(site().send("OPTIONS", "/db/t.json").headers.has("Allow"));
  site().configure(R"({"databases": {"db": {"queries": {
      "q": "select 1", "shut": {"sql": "select 1", "allow": false}, "t": "select 1"}}}})");
  EXPECT_EQ(site().send("OPTIONS", "/db/q.json").headers.value("Allow"), "HEAD, GET, POST");
  EXPECT_FALSE(site().send("OPTIONS", "/db/shut").headers.has("Allow"));
  EXPECT_FALSE(site().send("OPTIONS", "/db/t").headers.has("Allow"));
  EXPECT_EQ(site().send("HEAD", "/db/t.json").body, site().get("/db/t.json").body)
      << "the entrance drops it: nginx stores a HEAD's answer for the next GET";
}

TEST_F(ErrorsTest, PathsThatLeadNowhereMayMeanAnother) {
  struct Case {
    const char* target;
    const char* location;
  };
  const Case cases[] = {
      {"/db/we%20ird%2Ftable.csv%25", "/db/we~20ird~2Ftable~2Ecsv~25"},
      {"/db/t%2Ejson?a=%20b", "/db/t~2Ejson?a=%20b"},
      {"/db/%7E~41", "/db/~7E~7E41"},
      {"/db/", "/db"},
      {"/db/t/?_size=1", "/db/t?_size=1"},
      {"/db/t///", "/db/t"},
      {"//evil.example/", "/evil.example"},
      {"//evil.example//", "/evil.example"},
      {"/\\evil.example/", "/evil.example"},
      {"/\t/evil.example/", "/evil.example"},
      {"//evil.example/%2f", "/evil~2Eexample/~2f"},
      {"//", "/"},
  };
  for (const auto& [target, location] : cases) {
    const http::Response response = site().get(target);
    EXPECT_EQ(response.status, 302) << target;
    EXPECT_EQ(response.headers.value("Location"), location) << target;
    EXPECT_EQ(response.headers.value("Content-Type"), "text/html; charset=utf-8");
    EXPECT_EQ(response.body, "");
  }
  EXPECT_EQ(site().get("/-").headers.value("Location"), "/-/");
  EXPECT_EQ(site().get("/:memory:/t?x=1").headers.value("Location"), "/_memory/t?x=1");
  EXPECT_EQ(site().get("/db?sql=select+1").headers.value("Location"), "/db/-/query?sql=select+1");
  EXPECT_EQ(site().get("/db.json?sql=select+1&a=b").headers.value("Location"),
            "/db/-/query.json?sql=select+1&a=b");
}

TEST_F(ErrorsTest, ErrorsOfTheEntranceTakeTheSameForms) {
  const http::Request json = support::make_request("GET", "/db/t.json");
  const http::Response response =
      app::error_response(site().instance(), json, http::RequestError(400, "too \"long\""));
  EXPECT_EQ(response.status, 400);
  EXPECT_EQ(error_of(response), "too \"long\"");
  const http::Request page = support::make_request("GET", "/db/t");
  http::RequestError error(401, "bad token", http::ErrorForm::kJson);
  error.headers.set("WWW-Authenticate", "Bearer error=\"invalid_token\"");
  const http::Response refused = app::error_response(site().instance(), page, error);
  EXPECT_EQ(refused.headers.value("WWW-Authenticate"), "Bearer error=\"invalid_token\"");
  EXPECT_EQ(error_of(refused), "bad token");
}

TEST(Databases, AMissingOneDoesNotStopTheOthers) {
  Site site;
  site.add_database("here", "create table t(id)");
  site.add_database("gone", "create table t(id)");
  site.configuration().databases.push_back(
      {.name = "broken", .path = site.folder().write("broken.db", std::string(5000, 'x'))});
  std::filesystem::remove(site.folder() / "gone.db");
  EXPECT_EQ(site.get("/here/t.json").status, 200);
  const http::Response gone = site.get("/gone/t.json");
  EXPECT_EQ(gone.status, 503);
  EXPECT_EQ(gone.headers.value("Retry-After"), "5");
  EXPECT_EQ(error_of(gone), "Database gone is not available: its file is gone");
  EXPECT_EQ(site.get("/broken/t.json").status, 500);
  const http::Response index = site.get("/.json");
  EXPECT_EQ(index.status, 200);
  EXPECT_FALSE(index.headers.has("ETag"));
  for (const char* target : {"/-/health", "/-/health.json"}) {
    const http::Response health = site.get(target);
    EXPECT_EQ(health.status, 503) << target;
    EXPECT_EQ(health.headers.value("Content-Type"), "application/json; charset=utf-8") << target;
  }
  EXPECT_THAT(index.body, Not(HasSubstr(site.folder().path())));
}

/// Leaves SQLite so many bytes more than it has.
class TightMemory {
 public:
  explicit TightMemory(std::int64_t bytes) {
    sqlite3_hard_heap_limit64(sqlite3_memory_used() + bytes);
  }
  ~TightMemory() { sqlite3_hard_heap_limit64(0); }
  TightMemory(const TightMemory&) = delete;
  TightMemory& operator=(const TightMemory&) = delete;
};

TEST_F(ErrorsTest, MemoryThatIsShortNowIsNoFaultOfTheRequest) {
  ASSERT_EQ(site().get("/db/t.json").status, 200);
  {
    const TightMemory tight(512);
    const http::Response response = site().get("/db/t.json?_sort_desc=a.b&id__gt=0");
    EXPECT_EQ(response.status, 503);
    EXPECT_THAT(error_of(response), HasSubstr("There is not enough memory for this now"));
  }
  EXPECT_EQ(site().get("/db/t.json?_sort_desc=a.b&id__gt=0").status, 200);
}

}  // namespace
}  // namespace tapedeck
