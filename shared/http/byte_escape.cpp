#include "http/byte_escape.hpp"

#include "base/hex.hpp"
#include "base/utf8.hpp"

namespace tapedeck::http {

void append_escaped(std::string& out, std::string_view text, const ByteEscape& escape) {
  std::size_t run = 0;
  for (std::size_t position = 0; position < text.size(); ++position) {
    const auto byte = static_cast<unsigned char>(text[position]);
    if (escape.plain[byte]) continue;
    out.append(text, run, position - run);
    run = position + 1;
    if (byte == ' ' && escape.plus == PlusSign::kIsSpace) {
      out += '+';
    } else {
      out += escape.marker;
      base::append_hex_byte(out, byte, base::kUpperHexDigits);
    }
  }
  out.append(text, run, text.size() - run);
}

std::string decode_escaped(std::string_view text, char marker, PlusSign plus, char lone_marker) {
  const bool reads_plus = plus == PlusSign::kIsSpace;
  std::string bytes;
  bytes.reserve(text.size());
  std::size_t run = 0;
  std::size_t position = 0;
  const auto replace = [&](std::size_t length, char byte) {
    bytes.append(text, run, position - run);
    bytes += byte;
    position += length;
    run = position;
  };
  while (position < text.size()) {
    if (reads_plus && text[position] == '+') {
      replace(1, ' ');
      continue;
    }
    if (text[position] == marker && position + 2 < text.size()) {
      const int high = base::hex_value(text[position + 1]);
      const int low = base::hex_value(text[position + 2]);
      if (high >= 0 && low >= 0) {
        replace(3, static_cast<char>(high * 16 + low));
        continue;
      }
    }
    if (text[position] == marker && lone_marker != marker) {
      replace(1, lone_marker);
      continue;
    }
    ++position;
  }
  bytes.append(text, run, text.size() - run);
  if (base::is_valid_utf8(bytes)) return bytes;
  return base::to_valid_utf8(bytes);
}

}  // namespace tapedeck::http
