#include "render/json_text.hpp"

#include <gtest/gtest.h>

namespace tapedeck::render {
namespace {

TEST(JsonText, IsJsonWhenItIsWholeAndNotTooDeep) {
  for (const char* text : {"1", "null", " [1, 2] ", "[1]\n\t ", "1 ", "{}", "\"a\"", "-1.5e3"}) {
    EXPECT_TRUE(is_json(text)) << text;
  }
  for (const char* text : {"", " ", "[", "[1,]", "{a: 1}", "1 2", "nul", "\"a", "NaN", "1.", "-"}) {
    EXPECT_FALSE(is_json(text)) << text;
  }
  EXPECT_TRUE(is_json(std::string(150, '[') + std::string(150, ']')));
  EXPECT_FALSE(is_json(std::string(5000, '[') + std::string(5000, ']')));
}

TEST(JsonText, CompactKeepsWhatStandsInStrings) {
  EXPECT_EQ(compact_json("{ \"a b\" :\t[ 1 ,\n \"\\\" \\\\\" ] }"), R"({"a b":[1,"\" \\"]})");
}

TEST(JsonText, IndentedKeepsNumbersStringsAndEmptyLists) {
  struct Case {
    const char* compact;
    const char* indented;
  };
  const Case cases[] = {
      {"1", "1"},
      {"[]", "[]"},
      {"{}", "{}"},
      {"[1.0,1E3]", "[\n  1.0,\n  1E3\n]"},
      {R"({"a":{},"b":[[]]})", "{\n  \"a\": {},\n  \"b\": [\n    []\n  ]\n}"},
      {R"(["[,:{\"]","\\"])", "[\n  \"[,:{\\\"]\",\n  \"\\\\\"\n]"},
  };
  for (const auto& [compact, indented] : cases) {
    EXPECT_EQ(indented_json(compact), indented) << compact;
    EXPECT_EQ(compact_json(indented), compact);
  }
}

TEST(JsonText, WhatIndentationWouldBlowUpStaysAsItIs) {
  std::string deep;
  for (int i = 0; i < 100; ++i) deep += "[";
  for (int i = 0; i < 1000; ++i) deep += "1,";
  deep += "1";
  for (int i = 0; i < 100; ++i) deep += "]";
  EXPECT_EQ(indented_json(deep, 10 * deep.size()), deep);
  EXPECT_GT(indented_json(deep).size(), 50 * deep.size());
  EXPECT_EQ(indented_json("[1]", 7), "[\n  1\n]");
}

}  // namespace
}  // namespace tapedeck::render
