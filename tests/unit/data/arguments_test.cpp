#include "data/arguments.hpp"

#include <gtest/gtest.h>

namespace tapedeck::data {
namespace {

struct IntegerCase {
  std::string_view text;
  std::optional<std::int64_t> number;
};

TEST(IntegerArgument, ReadsWhatPythonsIntReads) {
  const IntegerCase cases[] = {
      {"0", 0},
      {"5", 5},
      {"-5", -5},
      {"+5", 5},
      {"007", 7},
      {" 5\t", 5},
      {"1_000", 1000},
      {"\u0663", 3},         // Arabic-Indic
      {"\uFF11\uFF12", 12},  // full width
      {"\u0967\u0966", 10},  // Devanagari
      {"9223372036854775807", std::numeric_limits<std::int64_t>::max()},
      {"-9223372036854775808", std::numeric_limits<std::int64_t>::min()},
      {"9223372036854775808", std::nullopt},
      {"", std::nullopt},
      {" ", std::nullopt},
      {"-", std::nullopt},
      {"+-5", std::nullopt},
      {"--5", std::nullopt},
      {"_5", std::nullopt},
      {"5_", std::nullopt},
      {"1__0", std::nullopt},
      {"5.0", std::nullopt},
      {"1e3", std::nullopt},
      {"0x10", std::nullopt},
      {"5a", std::nullopt},
      {"\u00B2", std::nullopt},  // superscript two is no digit
      {"\xC3", std::nullopt},
      {"5\xF0\x9F", std::nullopt},
      {std::string_view("5\0", 2), std::nullopt},
  };
  for (const auto& [text, number] : cases) EXPECT_EQ(parse_integer_argument(text), number) << text;
}

TEST(Size, IsANumberOfRowsOrMax) {
  EXPECT_EQ(parse_size("", 100, 1000).value(), 100);
  EXPECT_EQ(parse_size("max", 100, 1000).value(), 1000);
  EXPECT_EQ(parse_size("0", 100, 1000).value(), 0);
  EXPECT_EQ(parse_size("1000", 100, 1000).value(), 1000);
}

TEST(Size, RefusalsSayWhy) {
  for (const char* text : {"-1", "abc", "1.5", "Max", " ", "-99999999999999999999"}) {
    const auto size = parse_size(text, 100, 1000);
    ASSERT_FALSE(size) << text;
    EXPECT_EQ(size.error().message(), "_size must be a positive integer") << text;
  }
  for (const char* text : {"1001", "4294967297", "9223372036854775807", "99999999999999999999"}) {
    const auto size = parse_size(text, 100, 1000);
    ASSERT_FALSE(size) << text;
    EXPECT_EQ(size.error().message(), "_size must be <= 1000") << text;
  }
}

}  // namespace
}  // namespace tapedeck::data
