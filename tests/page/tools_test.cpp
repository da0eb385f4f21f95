#include <string>

#include <gmock/gmock.h>

#include "support/site.hpp"

/// Autocomplete, single rows of a table's HTML, and the pages for those who build on a site.
namespace tapedeck {
namespace {

using support::body_of;
using support::json_of;
using support::Site;
using testing::HasSubstr;
using testing::Not;

class ToolsTest : public testing::Test {
 protected:
  ToolsTest() {
    site_.add_database("db", R"(
        create table book(id integer primary key, title text);
        insert into book values (1, 'Solaris'), (2, 'Sol'), (3, '100% <b>'), (12, 'Dune');
        create table pairs(a text, b integer, primary key (a, b));
        insert into pairs values ('x,y', 1), ('x', 2);
        create table keyless(v text);
        insert into keyless values ('first'), ('second');
        create view seen as select * from book;
        create table closed(id integer primary key, title text);
        insert into closed values (1, 'topsecret');)");
    site_.configure(R"({"databases": {"db": {"tables": {"closed": {"allow": false}}}}})");
  }
  std::string suggestions(const std::string& target) {
    return boost::json::serialize(json_of(site_.get(target)).at("rows"));
  }

  Site site_;
};

TEST_F(ToolsTest, AutocompleteFindsKeysAndLabels) {
  const std::string path = "/db/book/-/autocomplete?q=";
  EXPECT_EQ(suggestions(path + "sol"),
            R"([{"pks":{"id":2},"label":"Sol"},{"pks":{"id":1},"label":"Solaris"}])");
  EXPECT_EQ(suggestions(path + "1"),
            R"([{"pks":{"id":1},"label":"Solaris"},{"pks":{"id":12},"label":"Dune"},)"
            R"({"pks":{"id":3},"label":"100% <b>"}])");
  EXPECT_EQ(suggestions(path + "%25"), R"([{"pks":{"id":3},"label":"100% <b>"}])");
  EXPECT_EQ(suggestions(path + "_"), "[]");
  EXPECT_EQ(suggestions(path), "[]");
  EXPECT_EQ(suggestions("/db/keyless/-/autocomplete?q=2"), R"([{"pks":{"rowid":2}}])");
  EXPECT_EQ(suggestions("/db/pairs/-/autocomplete?_initial=1"),
            R"([{"pks":{"a":"x,y","b":1}},{"pks":{"a":"x","b":2}}])");
}

TEST_F(ToolsTest, AutocompleteIsForTablesThatOneMaySee) {
  EXPECT_EQ(site_.get("/db/seen/-/autocomplete?q=s").status, 400);
  EXPECT_EQ(site_.get("/db/closed/-/autocomplete?q=t").status, 403);
  EXPECT_EQ(site_.get("/db/nope/-/autocomplete?q=t").status, 404);
}

TEST_F(ToolsTest, AutocompleteKeepsToTheSizeOfAnswers) {
  site_.add_database("long", R"(
      create table t(id text primary key);
      insert into t values ('a' || printf('%.*c', 50000, 'x')), ('b' || printf('%.*c', 200000, 'x'));)");
  site_.settings().max_answer_mb = 1;
  EXPECT_EQ(site_.get("/long/t/-/autocomplete?q=a").status, 200);
  EXPECT_EQ(site_.get("/long/t/-/autocomplete?q=b").status, 400);
  EXPECT_EQ(site_.get("/long/t/-/autocomplete?_initial=1").status, 400);
  EXPECT_THAT(body_of(site_.get("/-/debug/autocomplete?database=long&table=t&q=b")),
              HasSubstr("The answer is too large"));
}

TEST_F(ToolsTest, AFragmentIsTheRowsWithoutAPage) {
  const std::string all = body_of(site_.get("/db/book/-/fragment?_sort=title"));
  EXPECT_THAT(all, HasSubstr("Solaris"));
  EXPECT_THAT(all, HasSubstr("100% &lt;b&gt;"));
  EXPECT_THAT(all, Not(HasSubstr("<html")));
  const std::string one = body_of(site_.get("/db/book/-/fragment?_row=2&title=Dune"));
  EXPECT_THAT(one, HasSubstr("Sol<"));
  EXPECT_THAT(one, Not(HasSubstr("Dune")));
  EXPECT_THAT(body_of(site_.get("/db/pairs/-/fragment?_row=x~2Cy,1")), HasSubstr("x,y"));
  const std::string second = body_of(site_.get("/db/keyless/-/fragment?_row=2"));
  EXPECT_THAT(second, HasSubstr("second"));
  EXPECT_THAT(second, Not(HasSubstr("first")));
}

TEST_F(ToolsTest, FragmentsRefuseWhatNamesNoRow) {
  EXPECT_EQ(site_.get("/db/seen/-/fragment?_row=1").status, 400);
  EXPECT_EQ(site_.get("/db/pairs/-/fragment?_row=x").status, 400);
  EXPECT_EQ(site_.get("/db/book/-/fragment?_row=1,2").status, 400);
  EXPECT_EQ(site_.get("/db/closed/-/fragment").status, 403);
  EXPECT_EQ(site_.get("/db/closed/-/fragment?_row=1").status, 403);
  // A condition may be any SQL that reads nothing closed.
  EXPECT_EQ(site_.get("/db/book/-/fragment?_where=1").status, 200);
  EXPECT_EQ(site_.get("/db/book/-/fragment?_where=exists(select+1+from+closed)").status, 400);
}

TEST_F(ToolsTest, TheExplorerShowsAddressesOfThisSiteAlone) {
  EXPECT_THAT(body_of(site_.get("/-/api?path=/db/book.json%3F_size%3D1")),
              HasSubstr(R"(src="/db/book.json?_size=1")"));
  for (const char* path : {"//evil.example/", "https://evil.example/", "/%5Cevil.example",
                           "javascript:alert(1)", "/-/api?path=/"}) {
    const std::string body = body_of(site_.get("/-/api?path=" + std::string(path)));
    EXPECT_THAT(body, Not(HasSubstr("<iframe"))) << path;
  }
  const std::string links = body_of(site_.get("/-/api"));
  EXPECT_THAT(links, HasSubstr(R"(href="/db/book.json")"));
  EXPECT_THAT(links, Not(HasSubstr("closed")));
}

TEST_F(ToolsTest, TheTesterSaysWhatIsWrong) {
  EXPECT_THAT(body_of(site_.get("/-/debug/autocomplete?database=db&table=book&q=sol")),
              HasSubstr("Solaris"));
  EXPECT_THAT(body_of(site_.get("/-/debug/autocomplete?database=db&table=closed&q=t")),
              HasSubstr("permission"));
  EXPECT_THAT(body_of(site_.get("/-/debug/autocomplete?database=no&table=x&q=%3Cb%3E")),
              HasSubstr("&lt;b&gt;"));
  EXPECT_EQ(site_.get("/-/patterns").status, 200);
}

}  // namespace
}  // namespace tapedeck
