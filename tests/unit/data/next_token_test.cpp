#include "data/next_token.hpp"

#include <initializer_list>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace tapedeck::data {
namespace {

using sqlite::Affinity;

using Form = TokenPart::Form;

sqlite::Value value(int number) {
  return std::int64_t{number};
}
sqlite::Value value(const char* text) {
  return std::string(text);
}
template <class T>
sqlite::Value value(T value) {
  return sqlite::Value(std::move(value));
}

TokenPart plain(std::string text) {
  return {Form::kPlain, std::move(text)};
}

std::vector<TokenPart> plains(std::initializer_list<const char*> texts) {
  std::vector<TokenPart> parts;
  for (const char* text : texts) parts.push_back(plain(text));
  return parts;
}

constexpr double kInfinity = std::numeric_limits<double>::infinity();
const std::string bad_utf8 = "\xff\x61";

TEST(NextToken, IsMadeOfSortValueAndKey) {
  struct Case {
    sqlite::Value sort_value;
    std::string token;
  };
  const Case cases[] = {
      {value(4.2), "4~2E2,17"},
      {value(1.0), "1~2E0,17"},
      {value(1e100), "1e~2B100,17"},
      {value(kInfinity), "inf,17"},
      {value(std::int64_t{-5}), "-5,17"},
      {value(std::int64_t{5}), "5,17"},
      {value(std::numeric_limits<std::int64_t>::min()), "-9223372036854775808,17"},
      {value(sqlite::Null{}), "$null,17"},
      {value(std::string("$null")), "~24null,17"},
      {value(std::string("a,b \u00E9")), "a~2Cb+~C3~A9,17"},
      {value(std::string()), ",17"},
      {value(std::string("5")), "5,17"},
      {value(bad_utf8), "$tff61,17"},
      {value(sqlite::Blob{"xy"}), "$x7879,17"},
      {value(sqlite::Blob{""}), "$x,17"},
      {value(sqlite::Blob{std::string(1025, 'x')}), "$row,17"},
      {value(std::string(1025, 'x')), "$row,17"},
  };
  for (const auto& [sort_value, token] : cases) {
    EXPECT_EQ(make_next_token(&sort_value, {{value(17), Affinity::kInteger}}, std::nullopt), token);
  }
  EXPECT_EQ(make_next_token(nullptr, {{value("a"), Affinity::kText}, {value("b"), Affinity::kText}},
                            std::nullopt),
            "a,b");
}

TEST(NextToken, KeysSayTheirTypeWhereTextCannotBringThemBack) {
  struct Case {
    sqlite::Value key;
    Affinity affinity;
    std::string token;
  };
  const Case cases[] = {
      {value(5), Affinity::kBlob, "5"},
      {value("5"), Affinity::kBlob, "$t35"},
      {value("5"), Affinity::kText, "5"},
      {value("inf"), Affinity::kReal, "$t696e66"},
      {value(kInfinity), Affinity::kReal, "inf"},
      {value("x"), Affinity::kBlob, "x"},
      {value(bad_utf8), Affinity::kText, "$tff61"},
      {value(sqlite::Blob{"\xff"}), Affinity::kBlob, "$xff"},
      {value(std::string(2000, 'x')), Affinity::kText, std::string(2000, 'x')},
      {value(sqlite::Null{}), Affinity::kText, "$null"},
      {value(""), Affinity::kText, "$t"},
      {sqlite::Blob{""}, Affinity::kBlob, "$x"},
  };
  for (const auto& [key, affinity, token] : cases) {
    EXPECT_EQ(make_next_token(nullptr, {{key, affinity}}, std::nullopt), token);
    EXPECT_EQ(make_next_token(nullptr, {{key, affinity}}, 7), token + ",$r7");
  }
  EXPECT_EQ(make_next_token(nullptr, {{value(sqlite::Null{}), Affinity::kText}}, std::nullopt),
            "$null");
}

TEST(NextToken, SplitsAtCommasThenDecodes) {
  const NextToken token = parse_next_token("4~2E2,a~2Cb,c", true);
  EXPECT_EQ(token.sort_value, plain("4.2"));
  EXPECT_EQ(token.keys, plains({"a,b", "c"}));
  EXPECT_EQ(parse_next_token("4~2E2,a", false).keys, plains({"4.2", "a"}));
  EXPECT_FALSE(parse_next_token("4~2E2,a", false).sort_value.has_value());
}

TEST(NextToken, ABareDollarSaysTheForm) {
  struct Case {
    const char* text;
    TokenPart part;
  };
  const Case cases[] = {
      {"$null", {Form::kNull, ""}},
      {"$row", {Form::kRow, ""}},
      {"$t35", {Form::kText, "5"}},
      {"$x", {Form::kBlob, ""}},
      {"$xFf61", {Form::kBlob, "\xff\x61"}},
      {"~24null", plain("$null")},
      {"None", plain("None")},
      {"$x3", plain("$x3")},
      {"$tzz", plain("$tzz")},
      {"$other", plain("$other")},
  };
  for (const auto& [text, part] : cases) {
    EXPECT_EQ(parse_next_token(text + std::string(",1"), true).sort_value, part) << text;
    EXPECT_EQ(parse_next_token(text, false).keys.front(), part) << text;
  }
}

TEST(NextToken, TheRowidStandsBehindTheKey) {
  const NextToken token = parse_next_token("$null,$r12", false);
  EXPECT_EQ(token.keys, std::vector<TokenPart>({{Form::kNull, ""}}));
  EXPECT_EQ(token.rowid, 12);
  EXPECT_EQ(parse_next_token("a,$r-3", false).rowid, -3);
  EXPECT_FALSE(parse_next_token("$r12", false).rowid.has_value());
  EXPECT_EQ(parse_next_token("a,$rx", false).keys, plains({"a", "$rx"}));
}

TEST(NextToken, ASingleComponentIsTheKey) {
  const NextToken token = parse_next_token("7", true);
  EXPECT_FALSE(token.sort_value.has_value());
  EXPECT_EQ(token.keys, plains({"7"}));
}

TEST(NextToken, AnyTextIsSomeToken) {
  EXPECT_EQ(parse_next_token("", true).keys, plains({""}));
  EXPECT_EQ(parse_next_token(",", true).keys, plains({""}));
  EXPECT_EQ(parse_next_token(",,,", false).keys, plains({"", "", "", ""}));
  EXPECT_EQ(parse_next_token("~,~Z,~2", false).keys, plains({"%", "%Z", "%2"}));
}

TEST(PlainNumber, IsWhatTokensWriteForNumbers) {
  EXPECT_EQ(plain_number("5"), value(5));
  EXPECT_EQ(plain_number("-9223372036854775808"), value(std::numeric_limits<std::int64_t>::min()));
  EXPECT_EQ(plain_number("4.2"), value(4.2));
  EXPECT_EQ(plain_number("-inf"), value(-kInfinity));
  for (const char* text : {"", "x", "0x10", " 5", "nan", "5 "}) {
    EXPECT_FALSE(plain_number(text).has_value()) << text;
  }
}

TEST(KeyText, NullIsNoneAsWithThePeer) {
  std::string text;
  append_key_text(text, sqlite::view_of(value(sqlite::Null{})));
  EXPECT_EQ(text, "None");
}

}  // namespace
}  // namespace tapedeck::data
