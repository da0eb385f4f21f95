#include "sqlite/sql_token.hpp"

#include <string>
#include <string_view>
#include <vector>

#include <gmock/gmock.h>

namespace tapedeck::sqlite {
namespace {

using testing::ElementsAre;
using testing::ElementsAreArray;

std::vector<std::string> tokens(std::string_view sql) {
  std::vector<std::string> found;
  for (auto token = next_token(sql, 0); token; token = next_token(sql, token->end())) {
    found.emplace_back(token->text);
  }
  return found;
}

TEST(SqlToken, NamesStringsAndTheRestAreToldApart) {
  EXPECT_THAT(
      tokens("select a.b,'it''s' from [x y] -- using\n where \"q\"\"r\"=`t` /* natural */;"),
      ElementsAre("select", "a", ".", "b", ",", "'it''s'", "from", "[x y]", "where", "\"q\"\"r\"",
                  "=", "`t`", ";"));
  EXPECT_THAT(tokens("a--\nb/**/c/"), ElementsAre("a", "b", "c", "/"));
  EXPECT_THAT(tokens("\u00e9_1$ :p x'00'"), ElementsAre("\u00e9_1$", ":", "p", "x", "'00'"));
}

TEST(SqlToken, WhatIsNotClosedGoesToTheEnd) {
  for (const char* text : {"'abc", "\"abc", "[abc", "`abc", "'abc''"}) {
    EXPECT_THAT(tokens(text), ElementsAre(text));
  }
  EXPECT_THAT(tokens("a /* b"), ElementsAre("a"));
  EXPECT_THAT(tokens("-- b"), ElementsAreArray(std::vector<std::string>{}));
}

TEST(SqlToken, GivesTheNameWithoutItsQuotes) {
  const std::pair<const char*, const char*> cases[] = {
      {"plain", "plain"},  {"\"a\"\"b\"", "a\"b"}, {"[a b]", "a b"},
      {"'it''s'", "it's"}, {"`x`", "x"},           {"\"\"", ""},
  };
  for (const auto& [text, name] : cases) EXPECT_EQ(next_token(text, 0)->name(), name) << text;
  EXPECT_TRUE(next_token("USING", 0)->is_word("using"));
  EXPECT_FALSE(next_token("\"using\"", 0)->is_word("using"));
}

}  // namespace
}  // namespace tapedeck::sqlite
