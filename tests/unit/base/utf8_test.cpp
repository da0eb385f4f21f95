#include "base/utf8.hpp"

#include <string>
#include <string_view>
#include <utility>

#include <gtest/gtest.h>

namespace tapedeck::base {
namespace {

using namespace std::string_view_literals;

struct RepairCase {
  std::string_view bytes;
  std::string_view repaired;
};

TEST(Utf8, ReplacesEachMaximalIllFormedPart) {
  const RepairCase cases[] = {
      {"\x80"sv, "\uFFFD"},
      {"a\xFF"sv, "a\uFFFD"},
      {"\xFF\xFE"sv, "\uFFFD\uFFFD"},
      // Over-long forms: no byte of them begins anything.
      {"\xC0\x80"sv, "\uFFFD\uFFFD"},
      {"\xC1\xBF"sv, "\uFFFD\uFFFD"},
      {"\xE0\x80\x80"sv, "\uFFFD\uFFFD\uFFFD"},
      {"\xE0\x9F\xBF"sv, "\uFFFD\uFFFD\uFFFD"},
      {"\xF0\x8F\xBF\xBF"sv, "\uFFFD\uFFFD\uFFFD\uFFFD"},
      // Surrogates and what lies past U+10FFFF.
      {"\xED\xA0\x80"sv, "\uFFFD\uFFFD\uFFFD"},
      {"\xED\xBF\xBF"sv, "\uFFFD\uFFFD\uFFFD"},
      {"\xF4\x90\x80\x80"sv, "\uFFFD\uFFFD\uFFFD\uFFFD"},
      {"\xF5\x80"sv, "\uFFFD\uFFFD"},
      // A truncated sequence is one part, whatever its length.
      {"\xC3"sv, "\uFFFD"},
      {"\xE2\x82"sv, "\uFFFD"},
      {"\xF0\x9F\x98"sv, "\uFFFD"},
      {"\xE2\x82x"sv, "\uFFFDx"},
      {"\xF1\x80\x80\xC3\xA9"sv, "\uFFFD\u00E9"},
      {"\xE1\x80\xE2\xF0\x91\x92\xF1\xBF\x41"sv, "\uFFFD\uFFFD\uFFFD\uFFFDA"},
  };
  for (const auto& [bytes, repaired] : cases) {
    EXPECT_EQ(to_valid_utf8(bytes), repaired);
    EXPECT_FALSE(is_valid_utf8(bytes)) << repaired;
    const std::string within = "0123456789" + std::string(bytes) + "0123456789";
    EXPECT_EQ(to_valid_utf8(within), "0123456789" + std::string(repaired) + "0123456789");
  }
}

TEST(Utf8, FirstBytesEndWithAWholeCodePoint) {
  const std::string_view text = "a\u00E9\u20AC\U0001F600"sv;  // 1 + 2 + 3 + 4 bytes
  const std::pair<std::size_t, std::size_t> cases[] = {{0, 0}, {1, 1}, {2, 1},   {3, 3},  {5, 3},
                                                       {6, 6}, {9, 6}, {10, 10}, {99, 10}};
  for (const auto& [most, length] : cases) {
    EXPECT_EQ(first_bytes(text, most), text.substr(0, length)) << most;
  }
}

TEST(Utf8, LeavesValidTextAlone) {
  const std::string_view cases[] = {
      ""sv,
      "plain"sv,
      "a\0b"sv,
      "caf\u00E9"sv,
      "\u0800\uD7FB\uE000\uFFFF"sv,
      "\x7F"sv,
      "\U00010000"sv,
      "\U0010FFFF"sv,
      "12345678\u00E912345678"sv,
  };
  for (const std::string_view text : cases) {
    EXPECT_TRUE(is_valid_utf8(text)) << text;
    EXPECT_EQ(to_valid_utf8(text), text);
  }
}

TEST(Utf8, AppendsBehindWhatIsThere) {
  std::string out = "x";
  append_valid_utf8(out, "y\xFFz");
  EXPECT_EQ(out, "xy\uFFFDz");
}

TEST(Utf8, CountsAndCutsCodePoints) {
  struct {
    std::string_view text;
    std::size_t count;
    std::size_t limit;
    std::string_view prefix;
  } const cases[] = {
      {"", 0, 3, ""},
      {"abc", 3, 0, ""},
      {"abc", 3, 2, "ab"},
      {"abc", 3, 3, "abc"},
      {"abc", 3, 9, "abc"},
      {"\u00E9\u20AC\U0001F600x", 4, 1, "\u00E9"},
      {"\u00E9\u20AC\U0001F600x", 4, 3, "\u00E9\u20AC\U0001F600"},
      {"\u00E9\u20AC\U0001F600x", 4, 4, "\u00E9\u20AC\U0001F600x"},
  };
  for (const auto& [text, count, limit, prefix] : cases) {
    EXPECT_EQ(count_code_points(text), count) << text;
    EXPECT_EQ(first_code_points(text, limit), prefix) << text << " at " << limit;
  }
}

}  // namespace
}  // namespace tapedeck::base
