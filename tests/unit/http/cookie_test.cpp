#include "http/cookie.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace tapedeck::http {
namespace {

using Cookies = std::vector<std::pair<std::string, std::string>>;

TEST(Cookie, ReadsPairsInOrder) {
  struct {
    std::string_view header;
    Cookies cookies;
  } const cases[] = {
      {"", {}},
      {";;; ;", {}},
      {"a", {}},
      {"a=1", {{"a", "1"}}},
      {"a=1; b=2;c=3", {{"a", "1"}, {"b", "2"}, {"c", "3"}}},
      {"a=1; a=2", {{"a", "1"}, {"a", "2"}}},
      {" a = 1 ;\tb=2", {{"a", "1"}, {"b", "2"}}},
      {"a=", {{"a", ""}}},
      {"=1", {{"", "1"}}},
      {"a=b=c", {{"a", "b=c"}}},
      {"skipped; a=1", {{"a", "1"}}},
      {"a=\"x y\"", {{"a", "x y"}}},
      {"a=\"\"", {{"a", ""}}},
      {"a=\"", {{"a", "\""}}},
      {"a=\"x", {{"a", "\"x"}}},
      {"a=x\"y\"", {{"a", "x\"y\""}}},
      // A semicolon ends a cookie even between quotes.
      {"a=\"1;b=2\"", {{"a", "\"1"}, {"b", "2\""}}},
      {"a=1,b=2", {{"a", "1,b=2"}}},
      {"a=%41", {{"a", "%41"}}},
  };
  for (const auto& [header, cookies] : cases) EXPECT_EQ(parse_cookies(header), cookies) << header;
}

TEST(Cookie, GivesTheFirstValueOfAName) {
  const std::string_view header = "x; ds_actor=\"one\"; DS_ACTOR=upper; ds_actor=two; e=";
  EXPECT_EQ(cookie_value(header, "ds_actor"), "one");
  EXPECT_EQ(cookie_value(header, "DS_ACTOR"), "upper");
  EXPECT_EQ(cookie_value(header, "e"), "");
  EXPECT_EQ(cookie_value(header, "actor"), "");
  EXPECT_EQ(cookie_value("xds_actor=1", "ds_actor"), "");
  EXPECT_EQ(cookie_value("", "a"), "");
}

}  // namespace
}  // namespace tapedeck::http
