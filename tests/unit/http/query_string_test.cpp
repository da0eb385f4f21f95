#include "http/query_string.hpp"

#include <string>
#include <string_view>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tapedeck::http {
namespace {

using namespace std::string_view_literals;
using testing::ElementsAre;
using testing::Pair;

using Pairs = std::vector<QueryString::Pair>;

TEST(QueryString, ReadsEveryTextAsSomePairs) {
  struct {
    std::string_view raw;
    Pairs pairs;
  } const cases[] = {
      {"", {}},
      {"&&", {}},
      {"a=1", {{"a", "1"}}},
      {"a=1&b=2&a=3", {{"a", "1"}, {"b", "2"}, {"a", "3"}}},
      {"a", {{"a", ""}}},
      {"a=&b=1", {{"a", ""}, {"b", "1"}}},
      {"=", {{"", ""}}},
      {"=v", {{"", "v"}}},
      {"a=b=c", {{"a", "b=c"}}},
      {"a=1;b=2", {{"a", "1;b=2"}}},
      {"&a=1&&b=2&", {{"a", "1"}, {"b", "2"}}},
      {"a+b=c+d%2B", {{"a b", "c d+"}}},
      {"%61%3D=%26", {{"a=", "&"}}},
      {"a=%", {{"a", "%"}}},
      {"a=%FF", {{"a", "\uFFFD"}}},
      {"a=%00b", {{"a", std::string("\0b", 2)}}},
      {"a?b=c#d", {{"a?b", "c#d"}}},
  };
  for (const auto& [raw, pairs] : cases) EXPECT_EQ(QueryString(raw).pairs(), pairs) << raw;
}

TEST(QueryString, GivesTheFirstOrAllValues) {
  const QueryString query("a=1&b=&a=2");
  EXPECT_EQ(query.get("a"), "1");
  EXPECT_EQ(query.value("a"), "1");
  EXPECT_THAT(query.get_all("a"), ElementsAre("1", "2"));
  EXPECT_EQ(query.get("b"), "");
  EXPECT_TRUE(query.has("b"));
  EXPECT_EQ(query.get("A"), std::nullopt);
  EXPECT_EQ(query.value("c"), "");
  EXPECT_FALSE(query.has("c"));
  EXPECT_TRUE(query.get_all("c").empty());
  EXPECT_FALSE(query.empty());
  EXPECT_TRUE(QueryString().empty());
}

TEST(QueryString, SetReplacesInPlaceAndRemovesTheRest) {
  struct {
    std::string_view raw;
    std::string_view encoded;
  } const cases[] = {
      {"", "a=x"},
      {"b=1", "b=1&a=x"},
      {"a=1&b=2", "a=x&b=2"},
      {"b=1&a=2&c=3&a=4&a=5&d=6", "b=1&a=x&c=3&d=6"},
  };
  for (const auto& [raw, encoded] : cases) {
    QueryString query(raw);
    query.set("a", "x");
    EXPECT_EQ(query.encoded(), encoded) << raw;
  }
}

TEST(QueryString, RemovesByKeyOrByPair) {
  QueryString query("a=1&b=1&a=2&a=1");
  query.remove("a", "1");
  EXPECT_EQ(query.encoded(), "b=1&a=2");
  query.remove("a", "9");
  query.remove("c");
  EXPECT_EQ(query.encoded(), "b=1&a=2");
  query.remove("a");
  EXPECT_EQ(query.encoded(), "b=1");
}

TEST(QueryString, RemovesAKeyNamedByItsOwnPairs) {
  QueryString query("_sort=x&x=1&y=2&x=3&z=4");
  query.remove(query.value("_sort"));
  EXPECT_EQ(query.encoded(), "_sort=x&y=2&z=4");
  query.remove(query.pairs().front().first);
  EXPECT_EQ(query.encoded(), "y=2&z=4");
}

TEST(QueryString, LinksStartWithoutBlankValues) {
  EXPECT_EQ(QueryString("a=&b=1&c&b=&b=2").without_blanks().encoded(), "b=1&b=2");
  EXPECT_TRUE(QueryString("a=&b").without_blanks().empty());
}

TEST(QueryString, EncodesWhatItHolds) {
  QueryString query;
  query.add("_next", "$null,7");
  query.add("na me", "a&b=c");
  query.add("", "");
  EXPECT_EQ(query.encoded(), "_next=%24null%2C7&na+me=a%26b%3Dc&=");
  EXPECT_THAT(QueryString(query.encoded()).pairs(),
              ElementsAre(Pair("_next", "$null,7"), Pair("na me", "a&b=c"), Pair("", "")));
}

}  // namespace
}  // namespace tapedeck::http
