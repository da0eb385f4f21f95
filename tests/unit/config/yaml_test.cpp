#include "config/yaml.hpp"

#include <string>

#include <gtest/gtest.h>

namespace tapedeck::config {
namespace {

std::string as_json(std::string_view text) {
  const auto value = parse_yaml(text);
  return value ? boost::json::serialize(*value) : value.error().message();
}

struct Case {
  std::string yaml;
  std::string expected;
};

TEST(Yaml, PlainScalarsAreTyped) {
  const Case cases[] = {
      {"a: yes", R"({"a":true})"},
      {"a: On", R"({"a":true})"},
      {"a: TRUE", R"({"a":true})"},
      {"a: off", R"({"a":false})"},
      {"a: No", R"({"a":false})"},
      {"a: y", R"({"a":"y"})"},
      {"a: oN", R"({"a":"oN"})"},
      {"a:", R"({"a":null})"},
      {"a: ~", R"({"a":null})"},
      {"a: null", R"({"a":null})"},
      {"a: 12", R"({"a":12})"},
      {"a: -12", R"({"a":-12})"},
      {"a: +12", R"({"a":12})"},
      {"a: 010", R"({"a":10})"},
      {"a: 0o17", R"({"a":15})"},
      {"a: 0xfF", R"({"a":255})"},
      {"a: 18446744073709551615", R"({"a":18446744073709551615})"},
      {"a: 1_000", R"({"a":"1_000"})"},
      {"a: 12:30:45", R"({"a":"12:30:45"})"},
      {"a: 2024-01-31", R"({"a":"2024-01-31"})"},
      {"a: 2024-01-31T10:00:00Z", R"({"a":"2024-01-31T10:00:00Z"})"},
      {"a: 1.5", R"({"a":1.5E0})"},
      {"a: .5", R"({"a":5E-1})"},
      {"a: 2.", R"({"a":2E0})"},
      {"a: -1e3", R"({"a":-1E3})"},
      {"a: 18446744073709551616", R"({"a":1.8446744073709552E19})"},
      {"a: 1e-999", R"({"a":0E0})"},
      {"a: 1.2.3", R"({"a":"1.2.3"})"},
      {"a: .inf", R"({"a":".inf"})"},
      {"a: .nan", R"({"a":".nan"})"},
      {"a: nan", R"({"a":"nan"})"},
      {"a: inf", R"({"a":"inf"})"},
      {"a: 0x", R"({"a":"0x"})"},
      {"a: 5 books", R"({"a":"5 books"})"},
  };
  for (const auto& [yaml, expected] : cases) EXPECT_EQ(as_json(yaml), expected) << yaml;
}

TEST(Yaml, QuotedAndTaggedScalars) {
  const Case cases[] = {
      {"a: 'yes'", R"({"a":"yes"})"},
      {"a: \"12\"", R"({"a":"12"})"},
      {"a: ''", R"({"a":""})"},
      {"a: !!str 12", R"({"a":"12"})"},
      {"a: !!int '12'", R"({"a":12})"},
      {"a: !!bool 'off'", R"({"a":false})"},
      {"a: |\n  one\n  two\n", R"({"a":"one\ntwo\n"})"},
      {"a: >\n  one\n  two\n", R"({"a":"one two\n"})"},
  };
  for (const auto& [yaml, expected] : cases) EXPECT_EQ(as_json(yaml), expected) << yaml;
}

TEST(Yaml, Structures) {
  const Case cases[] = {
      {"", "null"},
      {"# nothing\n", "null"},
      {"title: T\ndatabases:\n  d:\n    tables:\n    - x\n    - y: 1\n",
       R"({"title":"T","databases":{"d":{"tables":["x",{"y":1}]}}})"},
      {"{a: [1, {b: c}]}", R"({"a":[1,{"b":"c"}]})"},
      {"2020: x\nyes: y\n", R"({"2020":"x","yes":"y"})"},
      {"a: &x {b: 1}\nc: *x\n", R"({"a":{"b":1},"c":{"b":1}})"},
      {"a: &x {b: 1, c: 1}\nd:\n  <<: *x\n  b: 2\n", R"({"a":{"b":1,"c":1},"d":{"b":2,"c":1}})"},
      {"a: {<<: [{b: 1}, {b: 2, c: 3}]}", R"({"a":{"b":1,"c":3}})"},
      {"a: {'<<': 1}", R"({"a":{"<<":1}})"},
  };
  for (const auto& [yaml, expected] : cases) EXPECT_EQ(as_json(yaml), expected) << yaml;
}

TEST(Yaml, ErrorsNameLineAndColumn) {
  const Case cases[] = {
      {"a: 1\nb: c: d\n", "line 2, column 5: "},
      {"a:\n\t- x\n", "line 2, column 1: "},
      {"a: [1, 2\n", "line 2, column 1: "},
      {"a: 1\na: 2\n", "line 2, column 1: the key \"a\" stands here twice"},
      {"a: *nope\n", "line 1, column 5: unknown alias *nope"},
      {"a: &x [*x]\n", "line 1, column 9: unknown alias *x"},
      {"? [1]\n: 2\n", "line 1, column 3: a key must be text"},
      {"--- a\n--- b\n", "line 2, column 1: only one document is allowed in a file"},
      {"a: !custom x\n", "line 1, column 12: the tag !custom is not supported here"},
      {"a: !!int x\n", "line 1, column 10: the tag tag:yaml.org,2002:int is not supported here"},
      {"a: {<<: 1}\n", "line 1, column 9: << needs a mapping or a list of mappings"},
  };
  for (const auto& [yaml, expected] : cases) {
    const std::string found = as_json(yaml);
    EXPECT_TRUE(found.starts_with(expected)) << yaml << " -> " << found;
  }
}

TEST(Yaml, NumbersThatOverflowAreRefused) {
  for (const char* yaml : {"a: 1e999", "a: -1e999", "a: 1e99999999999999999999"}) {
    EXPECT_EQ(as_json(yaml), "line 1, column 4: the number is too large") << yaml;
  }
  EXPECT_EQ(as_json("a: !!float '1e999'"), "line 1, column 13: the number is too large");
}

TEST(Yaml, InvalidUtf8IsRefused) {
  EXPECT_EQ(as_json("a: \xff\xfe"), "the file is not UTF-8");
}

TEST(Yaml, NestingIsBounded) {
  const auto nested = [](std::size_t depth) {
    return std::string(depth, '[') + std::string(depth, ']');
  };
  EXPECT_EQ(as_json(nested(100)), nested(100));
  EXPECT_NE(as_json(nested(101)).find("nested deeper than 100 levels"), std::string::npos);
  EXPECT_NE(as_json(nested(100'000)).find("nested deeper"), std::string::npos);
}

TEST(Yaml, AliasesCannotNestDeeperThanText) {
  std::string text = "a0: &a0 [1]\n";
  for (int i = 1; i <= 100; ++i) {
    const std::string name = "a" + std::to_string(i);
    text += name + ": &" + name + " [*a" + std::to_string(i - 1) + "]\n";
  }
  EXPECT_NE(as_json(text).find("nested deeper than 100 levels"), std::string::npos);
}

TEST(Yaml, AliasBombIsRefused) {
  std::string text = "a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]\n";
  for (int i = 1; i <= 12; ++i) {
    const std::string alias = "*a" + std::to_string(i - 1);
    text += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [";
    for (int j = 0; j < 9; ++j) text += alias + (j < 8 ? ", " : "]\n");
  }
  EXPECT_NE(as_json(text).find("too large with its aliases"), std::string::npos);
}

TEST(Yaml, ArbitraryBytesNeverThrow) {
  const char* const pieces[] = {"a", ":", " ", "\n", "-", "[", "]",  "{",  "}", "&x",  "*x", "!",
                                "|", ">", "'", "\"", "#", "?", "<<", "\t", "%", "---", "\\", ","};
  unsigned state = 1;
  for (int round = 0; round < 3000; ++round) {
    std::string text;
    for (int i = 0; i < 12; ++i) {
      state = state * 1103515245U + 12345U;
      text += pieces[(state >> 16U) % std::size(pieces)];
    }
    EXPECT_NO_THROW(static_cast<void>(parse_yaml(text))) << text;
  }
}

}  // namespace
}  // namespace tapedeck::config
