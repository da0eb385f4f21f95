#include "data/arguments.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "base/text.hpp"

namespace tapedeck::data {

namespace {

/// The digit zero of each script of the Basic Multilingual Plane (Unicode 15, category Nd); nine
/// more digits follow each.
constexpr auto kZeros = std::to_array<char32_t>({
    0x30,   0x660,  0x6F0,  0x7C0,  0x966,  0x9E6,  0xA66,  0xAE6,  0xB66,  0xBE6,
    0xC66,  0xCE6,  0xD66,  0xDE6,  0xE50,  0xED0,  0xF20,  0x1040, 0x1090, 0x17E0,
    0x1810, 0x1946, 0x19D0, 0x1A80, 0x1A90, 0x1B50, 0x1BB0, 0x1C40, 0x1C50, 0xA620,
    0xA8D0, 0xA900, 0xA9D0, 0xA9F0, 0xAA50, 0xABF0, 0xFF10,
});

/// Decodes one code point of valid UTF-8 at `at` and moves past it.
char32_t next_code_point(std::string_view text, std::size_t& at) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(at);
  const std::size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  if (length == 1 || at + length > text.size()) {
    ++at;
    return lead;
  }
  char32_t point = lead & (0xFFU >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) point = (point << 6U) | (byte(at + i) & 0x3FU);
  at += length;
  return point;
}

std::optional<char> digit_of(char32_t point) {
  for (const char32_t zero : kZeros) {
    if (point >= zero && point < zero + 10) return static_cast<char>('0' + (point - zero));
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::int64_t> parse_integer_argument(std::string_view text) {
  text = base::trim(text);
  std::string digits;
  std::size_t at = 0;
  if (!text.empty() && (text[0] == '-' || text[0] == '+')) {
    if (text[0] == '-') digits = "-";
    at = 1;
  }
  bool after_digit = false;
  while (at < text.size()) {
    const char32_t point = next_code_point(text, at);
    if (point == '_' && after_digit && at < text.size()) {
      after_digit = false;
      continue;
    }
    const std::optional<char> digit = digit_of(point);
    if (!digit) return std::nullopt;
    digits += *digit;
    after_digit = true;
  }
  if (!after_digit) return std::nullopt;
  return base::parse_int64(digits);
}

base::Result<int> parse_size(std::string_view text, int fallback, int max_returned_rows) {
  if (text.empty()) return fallback;
  if (text == "max") return max_returned_rows;
  const std::optional<std::int64_t> size = parse_integer_argument(text);
  // Digits alone that are no 64-bit number are one that is too large.
  const bool is_huge = !size && base::is_all_digits(text);
  if (!is_huge && (!size || *size < 0)) return base::Error("_size must be a positive integer");
  if (is_huge || *size > max_returned_rows) {
    return base::Error("_size must be <= " + std::to_string(max_returned_rows));
  }
  return static_cast<int>(*size);
}

}  // namespace tapedeck::data
