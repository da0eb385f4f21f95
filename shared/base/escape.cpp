#include "base/escape.hpp"

#include <array>
#include <cstdint>

#include "base/hex.hpp"
#include "base/utf8_sequence.hpp"

namespace tapedeck::base {
namespace {

using ByteSet = std::array<bool, 256>;

/// The bytes at which a run of plain ASCII ends: the escaped ones and everything from 0x80 on.
constexpr ByteSet stops_at(std::string_view escaped, bool escapes_controls) {
  ByteSet stops{};
  for (std::size_t byte = 0x80; byte < stops.size(); ++byte) stops[byte] = true;
  for (const char byte : escaped) stops[static_cast<unsigned char>(byte)] = true;
  for (std::size_t byte = 0; escapes_controls && byte < 0x20; ++byte) stops[byte] = true;
  return stops;
}

struct JsonRules {
  static constexpr ByteSet kStops = stops_at("\"\\<\x7F", true);

  static std::uint64_t stops(std::uint64_t word) {
    const std::uint64_t controls = (word - kEveryByte * 0x20) & kHighBits;
    return (word & kHighBits) | controls | bytes_equal_to(word, '"') | bytes_equal_to(word, '\\') |
           bytes_equal_to(word, '<') | bytes_equal_to(word, '\x7F');
  }

  static void append_escape(std::string& out, char byte) {
    switch (byte) {
      case '"':
        out += "\\\"";
        return;
      case '\\':
        out += "\\\\";
        return;
      case '\n':
        out += "\\n";
        return;
      case '\r':
        out += "\\r";
        return;
      case '\t':
        out += "\\t";
        return;
      case '\b':
        out += "\\b";
        return;
      case '\f':
        out += "\\f";
        return;
      default:
        out += "\\u00";
        append_hex_byte(out, static_cast<unsigned char>(byte), kLowerHexDigits);
    }
  }

  /// JavaScript before 2019 ends a string literal at these two.
  static std::string_view escape_of_sequence(std::string_view sequence) {
    if (sequence[0] != '\xE2') return {};
    if (sequence == "\xE2\x80\xA8") return "\\u2028";
    if (sequence == "\xE2\x80\xA9") return "\\u2029";
    return {};
  }
};

struct HtmlRules {
  static constexpr ByteSet kStops = stops_at("&<>\"'", false);

  static std::uint64_t stops(std::uint64_t word) {
    return (word & kHighBits) | bytes_equal_to(word, '&') | bytes_equal_to(word, '<') |
           bytes_equal_to(word, '>') | bytes_equal_to(word, '"') | bytes_equal_to(word, '\'');
  }

  static void append_escape(std::string& out, char byte) {
    switch (byte) {
      case '&':
        out += "&amp;";
        return;
      case '<':
        out += "&lt;";
        return;
      case '>':
        out += "&gt;";
        return;
      case '"':
        out += "&#34;";
        return;
      default:
        out += "&#39;";
    }
  }

  static std::string_view escape_of_sequence(std::string_view /*sequence*/) { return {}; }
};

template <class Rules>
std::size_t skip_plain(std::string_view text, std::size_t position) {
  while (position + 8 <= text.size() && Rules::stops(load_word(text.data() + position)) == 0) {
    position += 8;
  }
  // What is left of a text that is plain to its end: its last eight bytes tell at once.
  if (position + 8 > text.size() && text.size() >= 8 &&
      Rules::stops(load_word(text.data() + text.size() - 8)) == 0) {
    return text.size();
  }
  while (position < text.size() && !Rules::kStops[static_cast<unsigned char>(text[position])]) {
    ++position;
  }
  return position;
}

/// Copies runs of bytes that stand for themselves in one piece; a run goes on across valid
/// multi-byte sequences. Stops, and returns false, where an escape finds more than `most` bytes.
template <class Rules>
bool append_escaped(std::string& out, std::string_view text, std::size_t most = SIZE_MAX) {
  std::size_t run = 0;
  std::size_t position = 0;
  const auto replace = [&](std::size_t length, std::string_view replacement) {
    out.append(text, run, position - run);
    out += replacement;
    position += length;
    run = position;
  };
  while ((position = skip_plain<Rules>(text, position)) < text.size()) {
    if (out.size() > most) return false;
    if (static_cast<unsigned char>(text[position]) < 0x80) {
      const char byte = text[position];
      replace(1, {});
      Rules::append_escape(out, byte);
      continue;
    }
    // Text in another script than Latin has few plain bytes: stay here for the whole word.
    do {
      const Utf8Sequence sequence = read_utf8_sequence(text, position);
      if (!sequence.is_valid) {
        replace(sequence.length, kReplacementCharacter);
        continue;
      }
      const std::string_view escape =
          Rules::escape_of_sequence(text.substr(position, sequence.length));
      if (escape.empty()) {
        position += sequence.length;
      } else {
        replace(sequence.length, escape);
      }
    } while (position < text.size() && static_cast<unsigned char>(text[position]) >= 0x80);
  }
  out.append(text, run, text.size() - run);
  return true;
}

}  // namespace

void append_json_string(std::string& out, std::string_view text) {
  out += '"';
  append_escaped<JsonRules>(out, text);
  out += '"';
}

bool append_json_string_within(std::string& out, std::string_view text, std::size_t most) {
  out += '"';
  const bool is_whole = append_escaped<JsonRules>(out, text, most);
  out += '"';
  return is_whole;
}

std::string ascii_json(std::string_view json) {
  std::string out;
  const auto append_unit = [&out](std::uint32_t unit) {
    out += "\\u";
    append_hex_byte(out, static_cast<unsigned char>(unit >> 8U), kLowerHexDigits);
    append_hex_byte(out, static_cast<unsigned char>(unit & 0xFFU), kLowerHexDigits);
  };
  for (std::size_t at = 0; at < json.size();) {
    const auto lead = static_cast<unsigned char>(json[at]);
    if (lead < 0x7F) {
      out += json[at++];
      continue;
    }
    const Utf8Sequence sequence = read_utf8_sequence(json, at);
    std::uint32_t point = lead;
    if (!sequence.is_valid) {
      point = 0xFFFD;
    } else if (sequence.length > 1) {
      point = lead & (0x7FU >> sequence.length);
      for (std::size_t i = 1; i < sequence.length; ++i) {
        point = point << 6U | (static_cast<unsigned char>(json[at + i]) & 0x3FU);
      }
    }
    if (point >= 0x10000) {
      append_unit(0xD800 + ((point - 0x10000) >> 10U));
      append_unit(0xDC00 + ((point - 0x10000) & 0x3FFU));
    } else {
      append_unit(point);
    }
    at += sequence.length;
  }
  return out;
}

void append_html(std::string& out, std::string_view text) {
  append_escaped<HtmlRules>(out, text);
}

std::string escape_html(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  append_html(result, text);
  return result;
}

}  // namespace tapedeck::base
