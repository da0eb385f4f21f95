#include "base/utf8.hpp"

#include "base/utf8_sequence.hpp"

namespace tapedeck::base {
namespace {

/// Where the first ill-formed part begins, or the size.
std::size_t valid_prefix_length(std::string_view text, std::size_t position) {
  while ((position = skip_ascii(text, position)) < text.size()) {
    const Utf8Sequence sequence = read_utf8_sequence(text, position);
    if (!sequence.is_valid) break;
    position += sequence.length;
  }
  return position;
}

bool is_continuation(char byte) {
  return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U;
}

}  // namespace

bool is_valid_utf8(std::string_view text) {
  return valid_prefix_length(text, 0) == text.size();
}

void append_valid_utf8(std::string& out, std::string_view text) {
  std::size_t begin = 0;
  while (true) {
    const std::size_t end = valid_prefix_length(text, begin);
    out.append(text, begin, end - begin);
    if (end == text.size()) return;
    out += kReplacementCharacter;
    begin = end + read_utf8_sequence(text, end).length;
  }
}

std::string to_valid_utf8(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  append_valid_utf8(result, text);
  return result;
}

std::string_view as_valid_utf8(std::string_view text, std::string& repaired) {
  if (is_valid_utf8(text)) return text;
  repaired = to_valid_utf8(text);
  return repaired;
}

std::size_t count_code_points(std::string_view text) {
  std::size_t count = 0;
  for (const char byte : text) count += is_continuation(byte) ? 0U : 1U;
  return count;
}

std::string_view first_code_points(std::string_view text, std::size_t count) {
  if (text.size() <= count) return text;
  std::size_t position = 0;
  for (; position < text.size(); ++position) {
    if (is_continuation(text[position])) continue;
    if (count == 0) break;
    --count;
  }
  return text.substr(0, position);
}

std::string_view first_bytes(std::string_view text, std::size_t most) {
  if (text.size() <= most) return text;
  while (most > 0 && is_continuation(text[most])) --most;
  return text.substr(0, most);
}

}  // namespace tapedeck::base
