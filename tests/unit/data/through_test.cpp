#include "data/through.hpp"

#include <gtest/gtest.h>

#include "http/request_error.hpp"
#include "support/temporary_database.hpp"

namespace tapedeck::data {
namespace {

std::string refusal_of(const auto& action) {
  try {
    static_cast<void>(action());
    return "";
  } catch (const http::RequestError& error) {
    EXPECT_EQ(error.status, 400);
    return error.message;
  }
}

std::string argument(std::string_view json) {
  http::QueryString query;
  query.add("_through", std::string(json));
  return query.encoded();
}

TEST(Through, IsAnObjectOfTableColumnAndValue) {
  const auto list = parse_through(
      http::QueryString(argument(R"({"table": "t", "column": "c", "value": "x", "more": []})") +
                        "&" + argument(R"({"table": "u", "column": "d", "value": 7})") + "&" +
                        argument(R"({"table": "u", "column": "d", "value": null})")));
  ASSERT_EQ(list.size(), 3U);
  EXPECT_EQ(list[0].table + "." + list[0].column, "t.c");
  EXPECT_EQ(list[0].value, sqlite::Value(std::string("x")));
  EXPECT_EQ(list[1].value, sqlite::Value(std::int64_t{7}));
  EXPECT_EQ(list[2].value, sqlite::Value());
  EXPECT_TRUE(parse_through(http::QueryString("a=1")).empty());
}

TEST(Through, RefusesWhatIsNoSuchObject) {
  const char* const bad[] = {"",
                             "{",
                             "[]",
                             "1",
                             "null",
                             "{}",
                             R"({"table": "t", "column": "c"})",
                             R"({"table": "t", "value": "v"})",
                             R"({"column": "c", "value": "v"})",
                             R"({"table": 1, "column": "c", "value": "v"})",
                             R"({"table": "t", "column": "c", "value": ["v"]})"};
  for (const char* json : bad) {
    const http::QueryString query(argument(json));
    EXPECT_NE(refusal_of([&] { return parse_through(query); }), "") << json;
  }
}

class ThroughWayTest : public testing::Test {
 protected:
  ThroughWayTest() {
    support::run_sql(folder_ / "db.db", R"(
      create table site(id integer primary key, parent integer references site(id));
      create table "odd ""tag"(slug text primary key);
      create table link(site integer references site, "the tag" text references "odd ""tag"(slug),
                        second integer references SITE(ID));
      create table alone(a);
      create table keyless_child(a integer references alone);
    )");
    connection_ =
        std::make_unique<sqlite::Connection>(sqlite::OpenOptions{.path = folder_ / "db.db"});
    catalogue_ = sqlite::read_catalogue(*connection_);
  }
  ThroughFilter way(const char* to, Through through) {
    return find_way(catalogue_, *catalogue_.find(to), std::move(through));
  }

 private:
  support::TemporaryFolder folder_;
  std::unique_ptr<sqlite::Connection> connection_;
  sqlite::Catalogue catalogue_;
};

TEST_F(ThroughWayTest, FollowsTheFirstKeyToTheTable) {
  NamedParams params;
  params.add(std::string("a filter's"));
  EXPECT_EQ(way("site", {"link", "the tag", "x"}).sql(params),
            R"(id in (select second from link where "the tag" = :p1))");
  EXPECT_EQ(way("odd \"tag", {"link", "site", 1}).sql(params),
            R"(slug in (select "the tag" from link where site = :p2))");
  EXPECT_EQ(way("site", {"site", "id", 2}).sql(params),
            "id in (select parent from site where id = :p3)");
  EXPECT_EQ(way("site", {"link", "rowid", 1}).description(), "link.rowid = \"1\"");
}

TEST_F(ThroughWayTest, RefusesWaysThatAreNotThere) {
  const struct {
    const char* to;
    Through through;
    const char* message;
  } cases[] = {
      {"site", {"nope", "a", "x"}, "Invalid _through - could not find corresponding foreign key"},
      {"site", {"alone", "a", "x"}, "Invalid _through - could not find corresponding foreign key"},
      {"alone",
       {"keyless_child", "a", "x"},
       "Invalid _through - could not find corresponding foreign key"},
      {"site", {"link", "nope", "x"}, "no such column: nope"},
  };
  for (const auto& one : cases) {
    EXPECT_EQ(refusal_of([&] { return way(one.to, one.through); }), one.message)
        << one.through.table;
  }
}

}  // namespace
}  // namespace tapedeck::data
