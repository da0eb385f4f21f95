#include "base/text.hpp"

#include <bit>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tapedeck::base {
namespace {

using namespace std::string_view_literals;
using testing::ElementsAre;

constexpr std::int64_t kMin = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t kMax = std::numeric_limits<std::int64_t>::max();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

TEST(Text, LowersAndComparesAsciiOnly) {
  EXPECT_EQ(to_lower("AbZ@[`{09"), "abz@[`{09");
  EXPECT_EQ(to_lower("\u00C9"), "\u00C9");
  EXPECT_TRUE(equals_ignoring_case("Content-TYPE", "content-type"));
  EXPECT_TRUE(equals_ignoring_case("", ""));
  EXPECT_FALSE(equals_ignoring_case("a", "ab"));
  EXPECT_FALSE(equals_ignoring_case("[", "{"));
  EXPECT_FALSE(equals_ignoring_case("\u00C9", "\u00E9"));
}

TEST(Text, TrimsAsciiSpaceAtBothEnds) {
  EXPECT_EQ(trim(" \t\r\n\v\f a b \f"), "a b");
  EXPECT_EQ(trim(" \n "), "");
  EXPECT_EQ(trim(""), "");
  EXPECT_EQ(trim("\0a"sv), "\0a"sv);
  EXPECT_EQ(trim("\u00A0a"), "\u00A0a");
}

TEST(Text, SplitsAndJoins) {
  EXPECT_THAT(split("a,,b", ','), ElementsAre("a", "", "b"));
  EXPECT_THAT(split("", ','), ElementsAre(""));
  EXPECT_THAT(split(",", ','), ElementsAre("", ""));
  EXPECT_EQ(join({"a", "", "b"}, ", "), "a, , b");
  EXPECT_EQ(join({}, ","), "");
}

TEST(Text, ReplacesEveryOccurrenceOnce) {
  EXPECT_EQ(replace_all("a''b'", "'", "''"), "a''''b''");
  EXPECT_EQ(replace_all("aaa", "aa", "b"), "ba");
  EXPECT_EQ(replace_all("abc", "", "x"), "abc");
  EXPECT_EQ(replace_all("", "a", "x"), "");
}

TEST(Text, KnowsDigits) {
  EXPECT_TRUE(is_all_digits("0123456789"));
  for (const std::string_view text : {"", "-1", "+1", "1 ", "1.0", "0x1", "\u0661"}) {
    EXPECT_FALSE(is_all_digits(text)) << text;
  }
}

TEST(ParseInt64, ReadsTheWholeRangeAndNothingPastIt) {
  struct {
    std::string_view text;
    std::optional<std::int64_t> number;
  } const cases[] = {
      {"0", 0},
      {"-5", -5},
      {"+5", 5},
      {"007", 7},
      {"-0", 0},
      {"9223372036854775807", kMax},
      {"-9223372036854775808", kMin},
      {"9223372036854775808", std::nullopt},
      {"-9223372036854775809", std::nullopt},
      {"99999999999999999999999", std::nullopt},
      {"", std::nullopt},
      {"-", std::nullopt},
      {"+", std::nullopt},
      {"+-5", std::nullopt},
      {"-+5", std::nullopt},
      {"++5", std::nullopt},
      {" 5", std::nullopt},
      {"5 ", std::nullopt},
      {"5\0"sv, std::nullopt},
      {"1_000", std::nullopt},
      {"1.0", std::nullopt},
      {"0x10", std::nullopt},
  };
  for (const auto& [text, number] : cases) EXPECT_EQ(parse_int64(text), number) << text;
}

TEST(ParseDouble, ReadsDecimalForms) {
  struct {
    std::string_view text;
    std::optional<double> number;
  } const cases[] = {
      {"1", 1.0},
      {"1.5", 1.5},
      {"+1.5", 1.5},
      {"-1e3", -1000.0},
      {"1E+3", 1000.0},
      {".5", 0.5},
      {"5e-324", 5e-324},
      {"1.7976931348623157e308", 1.7976931348623157e308},
      {"1e309", std::nullopt},
      {"inf", std::nullopt},
      {"-Infinity", std::nullopt},
      {"nan", std::nullopt},
      {"+nan", std::nullopt},
      {"", std::nullopt},
      {".", std::nullopt},
      {"e5", std::nullopt},
      {"1e", std::nullopt},
      {" 1", std::nullopt},
      {"1 ", std::nullopt},
      {"1,5", std::nullopt},
      {"0x1p3", std::nullopt},
      {"+-1", std::nullopt},
  };
  for (const auto& [text, number] : cases) EXPECT_EQ(parse_double(text), number) << text;
}

TEST(ParseBoolean, TakesSixWordsInAnyCase) {
  for (const std::string_view text : {"on", "true", "1", "ON", "True"}) {
    EXPECT_EQ(parse_boolean(text), true) << text;
  }
  for (const std::string_view text : {"off", "false", "0", "Off", "FALSE"}) {
    EXPECT_EQ(parse_boolean(text), false) << text;
  }
  for (const std::string_view text : {"", "yes", "no", "2", " on", "01"}) {
    EXPECT_EQ(parse_boolean(text), std::nullopt) << text;
  }
}

TEST(ThousandsCommas, GroupDigitsByThree) {
  struct {
    std::int64_t number;
    std::string_view text;
  } const cases[] = {
      {0, "0"},
      {999, "999"},
      {1000, "1,000"},
      {123456, "123,456"},
      {1234567, "1,234,567"},
      {-999, "-999"},
      {-100000, "-100,000"},
      {kMax, "9,223,372,036,854,775,807"},
      {kMin, "-9,223,372,036,854,775,808"},
  };
  for (const auto& [number, text] : cases) EXPECT_EQ(with_thousands_commas(number), text);
}

TEST(FormatBytes, GivesOneDecimalFromKilobytesOn) {
  struct {
    std::int64_t bytes;
    std::string_view text;
  } const cases[] = {
      {0, "0 bytes"},
      {999, "999 bytes"},
      {1023, "1023 bytes"},
      {1024, "1.0 KB"},
      {249856, "244.0 KB"},
      {1258291, "1.2 MB"},
      {std::int64_t{5} << 30, "5.0 GB"},
      {std::int64_t{3} << 40, "3.0 TB"},
      {std::int64_t{2} << 50, "2048.0 TB"},
  };
  for (const auto& [bytes, text] : cases) EXPECT_EQ(format_bytes(bytes), text) << bytes;
}

TEST(FormatDouble, WritesWhatPythonsReprWrites) {
  struct {
    double value;
    std::string_view text;
  } const cases[] = {
      {0.0, "0.0"},
      {-0.0, "-0.0"},
      {1.0, "1.0"},
      {-1.0, "-1.0"},
      {10.0, "10.0"},
      {123.0, "123.0"},
      {0.1, "0.1"},
      {-0.25, "-0.25"},
      {4.2, "4.2"},
      {1234.5678, "1234.5678"},
      {0.1 + 0.2, "0.30000000000000004"},
      {1.0 / 3, "0.3333333333333333"},
      {0.001, "0.001"},
      {0.0001, "0.0001"},
      {0.00012345, "0.00012345"},
      {0.00001, "1e-05"},
      {0.000012345, "1.2345e-05"},
      {1e15, "1000000000000000.0"},
      {9999999999999998.0, "9999999999999998.0"},
      {1e16, "1e+16"},
      {-1e16, "-1e+16"},
      {12345678901234567.0, "1.2345678901234568e+16"},
      {9007199254740993.0, "9007199254740992.0"},
      {1e22, "1e+22"},
      {1e23, "1e+23"},
      {1e100, "1e+100"},
      {1e-100, "1e-100"},
      {5e-324, "5e-324"},
      {2.2250738585072014e-308, "2.2250738585072014e-308"},
      {1.7976931348623157e308, "1.7976931348623157e+308"},
      {kInfinity, "inf"},
      {-kInfinity, "-inf"},
  };
  for (const auto& [value, text] : cases) EXPECT_EQ(format_double(value), text);
}

TEST(FormatDouble, RoundTripsEveryBitPattern) {
  std::uint64_t bits = 88172645463325252U;
  for (int round = 0; round < 20000; ++round) {
    // Xorshift; the same numbers in every run.
    bits ^= bits << 13U;
    bits ^= bits >> 7U;
    bits ^= bits << 17U;
    const auto value = std::bit_cast<double>(bits);
    if (value != value || value == kInfinity || value == -kInfinity) continue;
    const std::string text = format_double(value);
    EXPECT_EQ(parse_double(text), value) << text;
    EXPECT_NE(text.find_first_of(".e"), std::string::npos) << text;
  }
}

TEST(FormatDouble, AppendsBehindWhatIsThere) {
  std::string out = "[";
  append_double(out, -2.5);
  EXPECT_EQ(out, "[-2.5");
}

}  // namespace
}  // namespace tapedeck::base
