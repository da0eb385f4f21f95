#include "http/headers.hpp"

#include <stdexcept>
#include <string_view>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tapedeck::http {
namespace {

using namespace std::string_view_literals;
using testing::ElementsAre;
using testing::Pair;

TEST(Headers, NamesCompareWithoutCase) {
  Headers headers;
  headers.set("Content-Type", "text/plain");
  EXPECT_EQ(headers.get("content-TYPE"), "text/plain");
  EXPECT_EQ(headers.value("CONTENT-TYPE"), "text/plain");
  EXPECT_TRUE(headers.has("content-type"));
  EXPECT_EQ(headers.get("Content"), std::nullopt);
  EXPECT_EQ(headers.value("Content"), "");
}

TEST(Headers, SetReplacesAddKeepsRemoveDrops) {
  Headers headers;
  headers.add("Link", "one");
  headers.add("X", "1");
  headers.add("link", "two");
  EXPECT_THAT(headers.fields(),
              ElementsAre(Pair("Link", "one"), Pair("X", "1"), Pair("link", "two")));
  EXPECT_EQ(headers.value("link"), "one");
  headers.set("LINK", "three");
  EXPECT_THAT(headers.fields(), ElementsAre(Pair("X", "1"), Pair("LINK", "three")));
  headers.set("x", headers.value("link"));
  EXPECT_THAT(headers.fields(), ElementsAre(Pair("LINK", "three"), Pair("x", "three")));
  headers.remove("Link");
  headers.remove("absent");
  EXPECT_THAT(headers.fields(), ElementsAre(Pair("x", "three")));
}

TEST(Headers, ValuesCannotBeginAnotherField) {
  struct {
    std::string_view value;
    std::string_view stored;
  } const cases[] = {
      {"/a\r\nSet-Cookie: x=1", "/a  Set-Cookie: x=1"},
      {"a\nb", "a b"},
      {"a\rb", "a b"},
      {"a\0b"sv, "a b"},
      {"\x01\x1F\x7F"sv, "   "},
      {"a\tb", "a\tb"},
      {"caf\u00E9", "caf\u00E9"},
      {"", ""},
  };
  for (const auto& [value, stored] : cases) {
    Headers headers;
    headers.set("Location", value);
    headers.add("X", value);
    EXPECT_EQ(headers.value("Location"), stored);
    EXPECT_EQ(headers.value("X"), stored);
  }
}

TEST(Headers, NamesThatAreNoTokensAreRefused) {
  for (const std::string_view name :
       {""sv, "a b"sv, "a:"sv, "a\r\nb"sv, "a\0"sv, "(a)"sv, "\u00E9"sv, "a/b"sv, "\"a\""sv}) {
    Headers headers;
    EXPECT_THROW(headers.set(name, "x"), std::invalid_argument) << name;
    EXPECT_THROW(headers.add(name, "x"), std::invalid_argument) << name;
    EXPECT_TRUE(headers.fields().empty());
  }
  Headers headers;
  headers.set("!#$%&'*+-.^_`|~09azAZ", "x");
  EXPECT_EQ(headers.fields().size(), 1U);
}

}  // namespace
}  // namespace tapedeck::http
