#include "http/etag.hpp"

#include <string_view>

#include <gtest/gtest.h>

namespace tapedeck::http {
namespace {

using namespace std::string_view_literals;

TEST(IfNoneMatch, FindsTheTagWeaklyInAList) {
  for (const std::string_view field :
       {"\"abc\"", "W/\"abc\"", " \"abc\" ", "\"x\", \"abc\"", "\"x\",W/\"abc\" , \"y\"",
        ",, \"abc\" ,,", "\"a,c\",\"abc\"", "*", " * "}) {
    EXPECT_TRUE(if_none_match(field, "\"abc\"")) << field;
  }
}

TEST(IfNoneMatch, OtherTagsDoNotMatch) {
  for (const std::string_view field :
       {"", "\"ABC\"", "\"ab\"", "\"abcd\"", "\"\"", "\"x\", W/\"y\"", "\"x,\"", ",", "\"*\""}) {
    EXPECT_FALSE(if_none_match(field, "\"abc\"")) << field;
  }
}

TEST(IfNoneMatch, ABrokenFieldMatchesNothing) {
  for (const std::string_view field :
       {"abc"sv, "\"abc"sv, "abc\""sv, "w/\"abc\""sv, "W/ \"abc\""sv, "W/"sv, "\"abc\" \"abc\""sv,
        "\"abc\"x"sv, "\"abc\", x"sv, "\"abc\", \"y"sv, "\"a c\", \"abc\""sv, "\"\0\", \"abc\""sv,
        "*, \"abc\""sv, "\"abc\", *"sv, "**"sv, "\"abc\";\"x\""sv}) {
    EXPECT_FALSE(if_none_match(field, "\"abc\"")) << field;
  }
}

TEST(IfNoneMatch, TakesOpaqueBytes) {
  EXPECT_TRUE(if_none_match("\"\xC3\xA9!#~\"", "\"\xC3\xA9!#~\""));
  EXPECT_TRUE(if_none_match("\"\"", "\"\""));
}

}  // namespace
}  // namespace tapedeck::http
