#include "http/cookie.hpp"

#include <string_view>

#include <gtest/gtest.h>

namespace tapedeck::http {
namespace {

TEST(Cookie, FindsTheValueOfAName) {
  struct {
    std::string_view header;
    std::string_view name;
    std::string_view value;
  } const cases[] = {
      {"", "a", ""},
      {";;; ;", "a", ""},
      {"a", "a", ""},
      {"a=1", "a", "1"},
      {"a=1; b=2;c=3", "b", "2"},
      {"a=1; b=2;c=3", "c", "3"},
      {" a = 1 ;\tb=2", "a", "1"},
      {" a = 1 ;\tb=2", "b", "2"},
      {"a=", "a", ""},
      {"=1", "", "1"},
      {"a=b=c", "a", "b=c"},
      {"skipped; a=1", "a", "1"},
      {"a=\"x y\"", "a", "x y"},
      {"a=\"\"", "a", ""},
      {"a=\"", "a", "\""},
      {"a=\"x", "a", "\"x"},
      {"a=x\"y\"", "a", "x\"y\""},
      // A semicolon ends a cookie even between quotes.
      {"a=\"1;b=2\"", "a", "\"1"},
      {"a=\"1;b=2\"", "b", "2\""},
      {"a=1,b=2", "a", "1,b=2"},
      {"a=%41", "a", "%41"},
      {"A=upper", "a", ""},
      {"xa=1", "a", ""},
  };
  for (const auto& [header, name, value] : cases) {
    EXPECT_EQ(cookie_value(header, name), value) << header << " " << name;
  }
}

TEST(Cookie, TheLastOfANameCounts) {
  EXPECT_EQ(cookie_value("x; ds_actor=\"one\"; ds_actor=two; e=", "ds_actor"), "two");
  EXPECT_EQ(cookie_value("ds_actor=one; DS_ACTOR=two", "ds_actor"), "one");
  EXPECT_EQ(cookie_value("ds_actor=one; ds_actor=", "ds_actor"), "");
  EXPECT_EQ(cookie_value("ds_actor=one; ds_actor", "ds_actor"), "one");
}

}  // namespace
}  // namespace tapedeck::http
