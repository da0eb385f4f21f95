#include "http/byte_escape.hpp"

#include <string>

#include <gtest/gtest.h>

namespace tapedeck::http {
namespace {

TEST(ByteEscape, AllBytesComeBack) {
  const ByteEscape escapes[] = {
      {'%', PlusSign::kIsItself, letters_digits_and("")},
      {'~', PlusSign::kIsSpace, letters_digits_and("_-")},
  };
  for (const ByteEscape& escape : escapes) {
    for (int byte = 0; byte < 128; ++byte) {
      const std::string text = {'a', static_cast<char>(byte), 'b'};
      std::string encoded;
      append_escaped(encoded, text, escape);
      EXPECT_EQ(decode_escaped(encoded, escape.marker, escape.plus, escape.marker), text) << byte;
    }
  }
}

TEST(ByteEscape, PlainBytesAreLettersDigitsAndTheGivenOnes) {
  const PlainBytes plain = letters_digits_and("_");
  for (const unsigned char byte : std::string("AZaz09_")) EXPECT_TRUE(plain[byte]) << byte;
  for (const unsigned char byte : std::string("@[`{/:-+ %\xC3\xFF")) {
    EXPECT_FALSE(plain[byte]) << static_cast<int>(byte);
  }
  EXPECT_FALSE(plain[0]);
}

}  // namespace
}  // namespace tapedeck::http
