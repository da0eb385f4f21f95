#include <string>
#include <vector>

#include <gmock/gmock.h>

#include "support/site.hpp"

namespace tapedeck {
namespace {

using support::Site;
using testing::ElementsAre;
using testing::IsEmpty;

class JumpTest : public testing::Test {
 protected:
  JumpTest() {
    site_.add_database("shop", R"(create table item(id integer primary key);
                                  create table item_tag(id integer primary key);
                                  create table "100%"(id integer primary key);
                                  create view tag_of_item as select 1 as a;)");
    site_.configure(R"({"databases": {"shop": {"queries": {"item list": "select 1"}}}})");
  }
  std::vector<std::string> names(const std::string& target) {
    std::vector<std::string> list;
    const boost::json::value document = support::json_of(site_.get(target));
    for (const auto& match : document.at("matches").as_array()) {
      list.emplace_back(match.at("name").as_string());
    }
    return list;
  }

  Site site_;
};

TEST_F(JumpTest, WordsMatchInTheirOrderAndInEitherCase) {
  EXPECT_THAT(names("/-/jump.json?q=ITEM+tag"), ElementsAre("shop: item_tag"));
  EXPECT_THAT(names("/-/jump.json?q=tag+item"), ElementsAre("shop: tag_of_item"));
  EXPECT_THAT(names("/-/jump?q=shop+100"), ElementsAre("shop: 100%"));
  EXPECT_THAT(names("/-/jump.json?q=nothing"), IsEmpty());
}

TEST_F(JumpTest, ExactNamesComeFirstThenBeginningsThenTypesThenShortNames) {
  EXPECT_THAT(names("/-/jump.json?q=shop:+item"), IsEmpty());
  EXPECT_THAT(names("/-/jump.json?q=item"),
              ElementsAre("shop: item", "shop: item_tag", "shop: tag_of_item", "shop: item list"));
  EXPECT_THAT(names("/-/jump.json?q="),
              ElementsAre("shop", "shop: 100%", "shop: item", "shop: item_tag", "shop: tag_of_item",
                          "shop: item list"));
}

TEST_F(JumpTest, ToolsAreFoundByThoseWhoMaySeeThem) {
  EXPECT_THAT(names("/-/jump.json?q=debug"), IsEmpty());
  Site site;
  site.configure(R"({"permissions": {"debug-menu": true}})");
  const boost::json::value document = support::json_of(site.get("/-/jump.json?q=debug+settings"));
  EXPECT_EQ(boost::json::serialize(document.at("matches")),
            R"([{"name":"Settings","url":"/-/settings","type":"debug",)"
            R"("description":"The value that every setting has"}])");
  EXPECT_EQ(support::json_of(site.get("/-/jump.json?q=worker")).at("matches").as_array().size(), 1U)
      << "found by what is said of it";
  EXPECT_EQ(support::json_of(site.get("/-/jump.json?q=debug")).at("matches").as_array().size(),
            11U);
}

TEST_F(JumpTest, WhatIsOpenInAClosedDatabaseIsFound) {
  site_.configure(R"({"databases": {"shop": {
    "allow": false,
    "tables": {"item": {"allow": true}},
    "queries": {"open": {"sql": "select 1", "allow": true}, "closed": "select 2"}}}})");
  EXPECT_THAT(names("/-/jump.json?q=shop"), ElementsAre("shop: item", "shop: open"));
  for (const char* target : {"/-/queries.json", "/shop/-/queries.json"}) {
    const http::Response response = site_.get(target);
    ASSERT_EQ(response.status, 200) << target;
    const boost::json::value document = support::json_of(response);
    ASSERT_EQ(document.at("queries").as_array().size(), 1U) << target;
    EXPECT_EQ(document.at("queries").at(0).at("name"), "open") << target;
  }
  EXPECT_EQ(site_.get("/nope/-/queries.json").status, 404);
}

TEST_F(JumpTest, AHundredMatchesAreTheMost) {
  std::string sql;
  for (int i = 0; i < 150; ++i) sql += "create table many" + std::to_string(i) + "(id);";
  Site site;
  site.add_database("big", sql);
  const boost::json::value document = support::json_of(site.get("/-/jump.json?q=many"));
  EXPECT_EQ(document.at("matches").as_array().size(), 100U);
  EXPECT_EQ(document.at("truncated"), true);
}

}  // namespace
}  // namespace tapedeck
