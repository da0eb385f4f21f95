#pragma once

#include <string>
#include <string_view>

namespace tapedeck::base {

inline constexpr std::string_view kLowerHexDigits = "0123456789abcdef";
inline constexpr std::string_view kUpperHexDigits = "0123456789ABCDEF";

/// The value of one hexadecimal digit in either case, -1 for any other byte.
[[nodiscard]] constexpr int hex_value(char digit) {
  if (digit >= '0' && digit <= '9') return digit - '0';
  if (digit >= 'a' && digit <= 'f') return digit - 'a' + 10;
  if (digit >= 'A' && digit <= 'F') return digit - 'A' + 10;
  return -1;
}

/// Appends one byte as two of `digits`.
inline void append_hex_byte(std::string& out, unsigned char byte, std::string_view digits) {
  out += digits[byte >> 4U];
  out += digits[byte & 0x0FU];
}

}  // namespace tapedeck::base
