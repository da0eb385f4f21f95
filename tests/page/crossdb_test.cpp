#include <gmock/gmock.h>

#include "support/site.hpp"

/// `--crossdb`: SQL of `_memory` over several files, each only for those who may query it.
namespace tapedeck {
namespace {

using support::error_of;
using support::json_of;
using support::rows_of;
using support::Site;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

class CrossdbTest : public testing::Test {
 protected:
  CrossdbTest() {
    site_.configuration().databases.push_back({.name = "_memory", .path = ""});
    site_.add_database("one", "create table t(a); insert into t values (1), (2);");
    site_.add_database("odd name", "create table t(a); insert into t values (2), (3);");
    site_.add_database("closed", "create table t(a); insert into t values ('secret');");
    site_.configure(R"({"databases": {"closed": {"allow": false}}})");
    site_.configuration().crossdb = true;
  }

  http::Response query(const std::string& sql, Site::Fields headers = {}) {
    http::QueryString arguments;
    arguments.add("sql", sql);
    arguments.add("_shape", "arrays");
    return site_.get("/_memory/-/query.json?" + arguments.encoded(), headers);
  }

  Site site_;
};

TEST_F(CrossdbTest, JoinsFilesByTheirNames) {
  EXPECT_THAT(rows_of(json_of(query("select o.a from one.t o join \"odd name\".t using (a)"))),
              ElementsAre("[2]"));
  EXPECT_THAT(rows_of(json_of(query("select count(*) from [odd name].t"))), ElementsAre("[2]"));
}

TEST_F(CrossdbTest, OnlyWhatTheVisitorMayQueryIsThere) {
  EXPECT_THAT(rows_of(json_of(query("select name from pragma_database_list order by name"))),
              ElementsAre("[\"main\"]", "[\"odd name\"]", "[\"one\"]"));
  EXPECT_EQ(error_of(query("select * from closed.t")), "no such table: closed.t");
  const http::Response page = site_.get("/_memory");
  EXPECT_THAT(page.body, HasSubstr("/odd+name#tables"));
  EXPECT_THAT(page.body, Not(HasSubstr("/closed")));
}

TEST_F(CrossdbTest, AClosedTableOfAnOpenDatabaseIsClosedHereToo) {
  site_.add_database("Partly",
                     "create table open(a); insert into open values (1);"
                     "create table shut(a); insert into shut values ('secret');");
  site_.configure(R"({"databases": {"closed": {"allow": false},
                                    "Partly": {"tables": {"shut": {"allow": false}}}}})");
  EXPECT_THAT(rows_of(json_of(query("select * from Partly.open"))), ElementsAre("[1]"));
  for (const char* sql :
       {"select * from Partly.shut", "select * from partly.SHUT", "select * from shut",
        "select count(*) from [Partly].[shut]", "select sql from Partly.sqlite_master"}) {
    const http::Response response = query(sql);
    EXPECT_THAT(response.body, Not(HasSubstr("secret"))) << sql;
    EXPECT_THAT(response.body, Not(HasSubstr("create table shut"))) << sql;
  }
  EXPECT_EQ(query("select * from Partly.shut").status, 400);
}

/// Ten at most can be attached, and names compare without case: closed ones are none of them.
TEST_F(CrossdbTest, ClosedDatabasesTakeNoPlaceAndNoName) {
  std::string closed = R"("closed": {"allow": false}, "ONE": {"allow": false})";
  site_.add_database("ONE", "create table t(a);");
  for (int i = 0; i < 8; ++i) {
    site_.add_database("d" + std::to_string(i), "create table t(a);");
    closed += ", \"d" + std::to_string(i) + R"(": {"allow": false})";
  }
  site_.add_database("last", "create table t(a); insert into t values (9);");
  site_.configure(R"({"databases": {)" + closed + "}}");
  EXPECT_THAT(rows_of(json_of(query("select a from last.t"))), ElementsAre("[9]"));
  EXPECT_THAT(rows_of(json_of(query("select count(*) from one.t"))), ElementsAre("[2]"));
}

TEST_F(CrossdbTest, VisitorsAttachNothing) {
  for (const char* sql : {"attach 'x' as y", "select 1; attach ':memory:' as y",
                          "with x as (select 1) insert into one.t select * from x", "detach one"}) {
    EXPECT_EQ(query(sql).status, 400) << sql;
  }
  // Nor do single databases reach each other.
  EXPECT_EQ(error_of(site_.get("/one/-/query.json?sql=select+*+from+[odd+name].t")),
            "no such table: odd name.t");
}

TEST_F(CrossdbTest, AChangeOfAnyFileIsANewAnswer) {
  const std::string sql =
      "select (select count(*) from one.t) + (select count(*) from [odd name].t)";
  const http::Response before = query(sql);
  const std::string etag(before.headers.value("ETag"));
  EXPECT_NE(etag, "");
  EXPECT_EQ(query(sql, {{"If-None-Match", etag}}).status, 304);
  support::run_sql(site_.folder() / "odd name.db", "insert into t values (4)");
  const http::Response after = query(sql, {{"If-None-Match", etag}});
  EXPECT_EQ(after.status, 200);
  EXPECT_THAT(rows_of(json_of(after)), ElementsAre("[5]"));
}

TEST_F(CrossdbTest, AReplacedFileIsAttachedAnew) {
  EXPECT_EQ(query("select * from one.t").status, 200);
  support::run_sql(site_.folder() / "new.db", "create table t(a, b); insert into t values (7, 8);");
  std::filesystem::rename(site_.folder() / "new.db", site_.folder() / "one.db");
  EXPECT_THAT(rows_of(json_of(query("select b from one.t"))), ElementsAre("[8]"));
}

TEST_F(CrossdbTest, AFileThatIsGoneTakesOnlyItselfAway) {
  EXPECT_EQ(query("select * from one.t").status, 200);
  std::filesystem::remove(site_.folder() / "one.db");
  EXPECT_EQ(error_of(query("select * from one.t")), "no such table: one.t");
  EXPECT_THAT(rows_of(json_of(query("select count(*) from [odd name].t"))), ElementsAre("[2]"));
}

}  // namespace
}  // namespace tapedeck
