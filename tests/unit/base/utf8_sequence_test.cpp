#include "base/utf8_sequence.hpp"

#include <string>
#include <string_view>

#include <gtest/gtest.h>

namespace tapedeck::base {
namespace {

TEST(Utf8Sequence, TellsValidSequencesFromMaximalIllFormedParts) {
  struct {
    std::string_view text;
    std::size_t length;
    bool is_valid;
  } const cases[] = {
      {"a", 1, true},
      {"\xC3\xA9", 2, true},
      {"\xE2\x82\xAC", 3, true},
      {"\xF0\x9F\x98\x80", 4, true},
      {"\x80", 1, false},
      {"\xC0\x80", 1, false},
      {"\xC3", 1, false},
      {"\xE2\x82", 2, false},
      {"\xE2\x82z", 2, false},
      {"\xF0\x9F\x98", 3, false},
      {"\xED\xA0\x80", 1, false},
      {"\xF4\x90\x80\x80", 1, false},
      {"\xF8\x88", 1, false},
  };
  for (const auto& [text, length, is_valid] : cases) {
    const Utf8Sequence sequence = read_utf8_sequence(text, 0);
    EXPECT_EQ(sequence.length, length) << testing::PrintToString(text);
    EXPECT_EQ(sequence.is_valid, is_valid) << testing::PrintToString(text);
  }
}

TEST(Utf8Sequence, FindsTheFirstByteThatIsNotAscii) {
  for (std::size_t before = 0; before < 20; ++before) {
    const std::string text = std::string(before, '\x7F') + "\xC3\xA9";
    EXPECT_EQ(skip_ascii(text, 0), before);
    EXPECT_EQ(skip_ascii(text.substr(0, before), 0), before);
  }
}

TEST(Utf8Sequence, WordTestSeesTheByteAtEveryPlace) {
  for (std::size_t place = 0; place < 8; ++place) {
    std::string text = "abcdefgh";
    EXPECT_EQ(bytes_equal_to(load_word(text.data()), '"'), 0U);
    text[place] = '"';
    EXPECT_NE(bytes_equal_to(load_word(text.data()), '"'), 0U) << place;
  }
}

}  // namespace
}  // namespace tapedeck::base
