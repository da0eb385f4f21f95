#include "base/hex.hpp"

#include <string>

#include <gtest/gtest.h>

namespace tapedeck::base {
namespace {

TEST(Hex, ReadsDigitsOfEitherCaseAndNothingElse) {
  for (int byte = 0; byte < 256; ++byte) {
    const auto digit = static_cast<char>(byte);
    const std::size_t lower = kLowerHexDigits.find(digit);
    const std::size_t upper = kUpperHexDigits.find(digit);
    const std::size_t value = lower != std::string_view::npos ? lower : upper;
    const int expected = value == std::string_view::npos ? -1 : static_cast<int>(value);
    EXPECT_EQ(hex_value(digit), expected) << byte;
  }
}

TEST(Hex, WritesTwoDigits) {
  std::string out;
  append_hex_byte(out, 0x00, kLowerHexDigits);
  append_hex_byte(out, 0xAF, kLowerHexDigits);
  append_hex_byte(out, 0xAF, kUpperHexDigits);
  EXPECT_EQ(out, "00afAF");
}

}  // namespace
}  // namespace tapedeck::base
