#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

/// The pieces from which the writers of base read UTF-8; inline because they are their inner loop.
namespace tapedeck::base {

/// U+FFFD in UTF-8.
inline constexpr std::string_view kReplacementCharacter = "\xEF\xBF\xBD";

inline constexpr std::uint64_t kEveryByte = 0x0101010101010101U;
inline constexpr std::uint64_t kHighBits = 0x8080808080808080U;

/// Eight bytes of text as one number, in the order of the machine.
[[nodiscard]] inline std::uint64_t load_word(const char* bytes) {
  std::uint64_t word = 0;
  std::memcpy(&word, bytes, sizeof word);
  return word;
}

/// High bits set for bytes of `word` equal to `byte`. A byte beside a true hit may be marked too,
/// so only "none" is exact.
[[nodiscard]] constexpr std::uint64_t bytes_equal_to(std::uint64_t word, char byte) {
  const std::uint64_t difference = word ^ (kEveryByte * static_cast<unsigned char>(byte));
  return (difference - kEveryByte) & ~difference & kHighBits;
}

/// High bits set for bytes of `word` below 0x20. As above, only "none" is exact.
[[nodiscard]] constexpr std::uint64_t control_bytes(std::uint64_t word) {
  return (word - kEveryByte * 0x20) & ~word & kHighBits;
}

struct Utf8Sequence {
  /// Bytes to step over: the whole sequence, or the maximal ill-formed part (one U+FFFD).
  std::size_t length = 1;
  bool is_valid = false;
};

/// The sequence that begins at `position`. The first continuation byte has a narrower range after
/// E0, ED, F0 and F4, which shuts out over-long forms, surrogates and what lies past U+10FFFF
/// (Unicode 15, table 3-7).
/// REQUIRES: position < text.size().
[[nodiscard]] inline Utf8Sequence read_utf8_sequence(std::string_view text, std::size_t position) {
  const auto byte_at = [&](std::size_t index) { return static_cast<unsigned char>(text[index]); };
  const unsigned char lead = byte_at(position);
  if (lead < 0x80) return {1, true};
  if (lead < 0xC2 || lead > 0xF4) return {1, false};
  const auto continues = [&](std::size_t index) {
    return index < text.size() && (byte_at(index) & 0xC0U) == 0x80U;
  };
  if (lead < 0xE0) return {continues(position + 1) ? 2U : 1U, continues(position + 1)};
  const std::size_t wanted = lead < 0xF0 ? 3 : 4;
  unsigned char low = 0x80;
  unsigned char high = 0xBF;
  if (lead == 0xE0) low = 0xA0;
  if (lead == 0xED) high = 0x9F;
  if (lead == 0xF0) low = 0x90;
  if (lead == 0xF4) high = 0x8F;
  for (std::size_t count = 1; count < wanted; ++count) {
    if (position + count >= text.size()) return {count, false};
    const unsigned char next = byte_at(position + count);
    if (next < low || next > high) return {count, false};
    low = 0x80;
    high = 0xBF;
  }
  return {wanted, true};
}

/// The first position from `position` on that holds a byte >= 0x80, or the size.
[[nodiscard]] inline std::size_t skip_ascii(std::string_view text, std::size_t position) {
  while (position + 8 <= text.size() && (load_word(text.data() + position) & kHighBits) == 0) {
    position += 8;
  }
  while (position < text.size() && static_cast<unsigned char>(text[position]) < 0x80) ++position;
  return position;
}

}  // namespace tapedeck::base
