#pragma once

#include <array>
#include <string>
#include <string_view>

/// What percent-encoding, form encoding and tilde encoding have in common: a byte is itself, or a
/// marker and two hexadecimal digits, and "+" may stand for a space.
namespace tapedeck::http {

enum class PlusSign { kIsItself, kIsSpace };

/// The bytes that stand for themselves.
using PlainBytes = std::array<bool, 256>;

/// Letters, digits and `others`.
[[nodiscard]] constexpr PlainBytes letters_digits_and(std::string_view others) {
  PlainBytes plain{};
  for (std::size_t byte = 0; byte < 128; ++byte) {
    plain[byte] = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
                  (byte >= '0' && byte <= '9');
  }
  for (const char other : others) plain[static_cast<unsigned char>(other)] = true;
  return plain;
}

struct ByteEscape {
  char marker;
  PlusSign plus;
  PlainBytes plain;
};

void append_escaped(std::string& out, std::string_view text, const ByteEscape& escape);
/// A marker without two hexadecimal digits after it becomes `lone_marker`. Ill-formed UTF-8 in the
/// result becomes U+FFFD.
[[nodiscard]] std::string decode_escaped(std::string_view text, char marker, PlusSign plus,
                                         char lone_marker);

}  // namespace tapedeck::http
