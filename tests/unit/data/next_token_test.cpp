#include "data/next_token.hpp"

#include <limits>

#include <gmock/gmock.h>

namespace tapedeck::data {
namespace {

using sqlite::Value;
using testing::ElementsAre;

TEST(NextToken, IsMadeOfSortValueAndRowPath) {
  struct Case {
    Value sort_value;
    std::string_view token;
  };
  const Case cases[] = {
      {Value(4.2), "4~2E2,17"},
      {Value(1.0), "1~2E0,17"},
      {Value(1e100), "1e~2B100,17"},
      {Value(std::numeric_limits<double>::infinity()), "inf,17"},
      {Value(std::int64_t{-5}), "-5,17"},
      {Value(std::int64_t{5}), "5,17"},
      {Value(std::numeric_limits<std::int64_t>::min()), "-9223372036854775808,17"},
      {Value(sqlite::Null{}), "$null,17"},
      {Value(std::string("$null")), "~24null,17"},
      {Value(std::string("a,b \u00E9")), "a~2Cb+~C3~A9,17"},
      {Value(std::string()), ",17"},
      {Value(sqlite::Blob{"xy"}), "xy,17"},
  };
  for (const auto& [sort_value, token] : cases) {
    EXPECT_EQ(make_next_token(&sort_value, "17"), token);
  }
  EXPECT_EQ(make_next_token(nullptr, "a,b"), "a,b");
}

TEST(NextToken, SplitsAtCommasThenDecodes) {
  const NextToken token = parse_next_token("4~2E2,a~2Cb,c", true);
  EXPECT_EQ(token.sort_value, "4.2");
  EXPECT_THAT(token.keys, ElementsAre("a,b", "c"));
  EXPECT_THAT(parse_next_token("4~2E2,a", false).keys, ElementsAre("4.2", "a"));
  EXPECT_FALSE(parse_next_token("4~2E2,a", false).sort_value.has_value());
}

TEST(NextToken, OnlyTheBareWordMeansNull) {
  EXPECT_FALSE(parse_next_token("$null,1", true).sort_value.has_value());
  EXPECT_EQ(parse_next_token("~24null,1", true).sort_value, "$null");
  EXPECT_EQ(parse_next_token("None,1", true).sort_value, "None");
}

TEST(NextToken, ASingleComponentIsTheKey) {
  const NextToken token = parse_next_token("7", true);
  EXPECT_FALSE(token.sort_value.has_value());
  EXPECT_THAT(token.keys, ElementsAre("7"));
}

TEST(NextToken, AnyTextIsSomeToken) {
  EXPECT_THAT(parse_next_token("", true).keys, ElementsAre(""));
  EXPECT_THAT(parse_next_token(",", true).keys, ElementsAre(""));
  EXPECT_THAT(parse_next_token(",,,", false).keys, ElementsAre("", "", "", ""));
  EXPECT_THAT(parse_next_token("~,~Z,~2", false).keys, ElementsAre("%", "%Z", "%2"));
}

TEST(KeyText, NullIsNoneAsWithThePeer) {
  std::string text;
  append_key_text(text, sqlite::view_of(Value(sqlite::Null{})));
  EXPECT_EQ(text, "None");
}

}  // namespace
}  // namespace tapedeck::data
