#pragma once

#include <optional>
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

/// Two lower-case digits for each byte.
[[nodiscard]] inline std::string to_hex(std::string_view bytes) {
  std::string out;
  out.reserve(2 * bytes.size());
  for (const char byte : bytes) {
    append_hex_byte(out, static_cast<unsigned char>(byte), kLowerHexDigits);
  }
  return out;
}

/// The bytes of pairs of digits; nothing for anything else.
[[nodiscard]] inline std::optional<std::string> from_hex(std::string_view digits) {
  if (digits.size() % 2 != 0) return std::nullopt;
  std::string out;
  out.reserve(digits.size() / 2);
  for (std::size_t i = 0; i < digits.size(); i += 2) {
    const int high = hex_value(digits[i]);
    const int low = hex_value(digits[i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    out += static_cast<char>(high * 16 + low);
  }
  return out;
}

}  // namespace tapedeck::base
