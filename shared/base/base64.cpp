#include "base/base64.hpp"

#include <array>
#include <cstdint>
#include <utility>

namespace tapedeck::base {
namespace {

constexpr std::string_view kAlphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view kUrlAlphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

constexpr std::uint8_t kNoDigit = 0xFF;

constexpr std::array<std::uint8_t, 256> kUrlDigits = [] {
  std::array<std::uint8_t, 256> digits{};
  digits.fill(kNoDigit);
  for (std::size_t index = 0; index < kUrlAlphabet.size(); ++index) {
    digits[static_cast<unsigned char>(kUrlAlphabet[index])] = static_cast<std::uint8_t>(index);
  }
  return digits;
}();

}  // namespace

void append_base64(std::string& out, std::string_view bytes) {
  const std::size_t start = out.size();
  out.resize(start + (bytes.size() + 2) / 3 * 4, '=');
  char* target = out.data() + start;
  const auto byte_at = [&](std::size_t index) -> std::uint32_t {
    return static_cast<unsigned char>(bytes[index]);
  };
  std::size_t index = 0;
  for (; index + 3 <= bytes.size(); index += 3) {
    const std::uint32_t group =
        byte_at(index) << 16U | byte_at(index + 1) << 8U | byte_at(index + 2);
    *target++ = kAlphabet[group >> 18U];
    *target++ = kAlphabet[group >> 12U & 63U];
    *target++ = kAlphabet[group >> 6U & 63U];
    *target++ = kAlphabet[group & 63U];
  }
  const std::size_t rest = bytes.size() - index;
  if (rest == 0) return;
  const std::uint32_t group = byte_at(index) << 16U | (rest == 2 ? byte_at(index + 1) << 8U : 0U);
  *target++ = kAlphabet[group >> 18U];
  *target++ = kAlphabet[group >> 12U & 63U];
  if (rest == 2) *target = kAlphabet[group >> 6U & 63U];
}

std::string encode_base64(std::string_view bytes) {
  std::string result;
  append_base64(result, bytes);
  return result;
}

std::string encode_base64url(std::string_view bytes) {
  std::string text = encode_base64(bytes);
  while (text.ends_with('=')) text.pop_back();
  for (char& character : text) {
    if (character == '+') character = '-';
    if (character == '/') character = '_';
  }
  return text;
}

Result<std::string> decode_base64url(std::string_view text) {
  const std::size_t written_length = text.size();
  while (text.ends_with('=') && written_length - text.size() < 2) text.remove_suffix(1);
  const bool is_padded = text.size() != written_length;
  if (text.size() % 4 == 1 || (is_padded && written_length % 4 != 0)) {
    return Error("base64url text has an impossible length");
  }
  std::string bytes;
  bytes.reserve(text.size() / 4 * 3 + 2);
  std::uint32_t pending = 0;
  unsigned pending_bits = 0;
  for (const char character : text) {
    const std::uint8_t digit = kUrlDigits[static_cast<unsigned char>(character)];
    if (digit == kNoDigit) return Error("base64url text has a character outside its alphabet");
    pending = pending << 6U | digit;
    pending_bits += 6;
    if (pending_bits >= 8) {
      pending_bits -= 8;
      bytes += static_cast<char>(pending >> pending_bits & 0xFFU);
      pending &= (1U << pending_bits) - 1;
    }
  }
  // One text per value: otherwise a signature would have several accepted spellings.
  if (pending != 0) return Error("base64url text ends in unused bits that are not zero");
  return {boost::system::in_place_value, std::move(bytes)};
}

}  // namespace tapedeck::base
