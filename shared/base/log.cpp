#include "base/log.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <string>
#include <unistd.h>

#include "base/hex.hpp"
#include "base/text.hpp"
#include "base/utf8.hpp"

namespace tapedeck::base {
namespace {

/// More of a statement makes lines that nobody reads.
constexpr std::size_t kExcerptBytes = 500;
constexpr std::array<std::string_view, 4> kLevelNames = {"debug", "info", "warning", "error"};

std::atomic<LogLevel> lowest_level{LogLevel::kInfo};

void append_padded(std::string& out, std::uint64_t number, std::size_t width) {
  const std::string digits = std::to_string(number);
  out.append(width - std::min(width, digits.size()), '0');
  out += digits;
}

void append_now(std::string& out) {
  namespace chrono = std::chrono;
  const auto now = chrono::floor<chrono::milliseconds>(chrono::system_clock::now());
  const auto day = chrono::floor<chrono::days>(now);
  const chrono::year_month_day date(day);
  const chrono::hh_mm_ss time(now - day);
  append_padded(out, static_cast<std::uint64_t>(static_cast<int>(date.year())), 4);
  out += '-';
  append_padded(out, static_cast<unsigned>(date.month()), 2);
  out += '-';
  append_padded(out, static_cast<unsigned>(date.day()), 2);
  out += 'T';
  append_padded(out, static_cast<std::uint64_t>(time.hours().count()), 2);
  out += ':';
  append_padded(out, static_cast<std::uint64_t>(time.minutes().count()), 2);
  out += ':';
  append_padded(out, static_cast<std::uint64_t>(time.seconds().count()), 2);
  out += '.';
  append_padded(out, static_cast<std::uint64_t>(time.subseconds().count()), 3);
  out += 'Z';
}

bool stands_bare(char byte) {
  return byte > ' ' && byte < '\x7F' && byte != '"' && byte != '\\' && byte != '=';
}

void append_quoted(std::string& out, std::string_view value) {
  const std::string text = to_valid_utf8(value);
  out += '"';
  for (std::size_t index = 0; index < text.size(); ++index) {
    const auto byte = static_cast<unsigned char>(text[index]);
    const auto next = static_cast<unsigned char>(index + 1 < text.size() ? text[index + 1] : 0);
    if (byte == '"' || byte == '\\') {
      out += '\\';
      out += text[index];
    } else if (byte == '\n') {
      out += "\\n";
    } else if (byte < 0x20 || byte == 0x7F) {
      out += "\\u00";
      append_hex_byte(out, byte, kLowerHexDigits);
    } else if (byte == 0xC2 && next < 0xA0) {
      // U+0080 to U+009F: a terminal takes them for control sequences.
      out += "\\u00";
      append_hex_byte(out, next, kLowerHexDigits);
      ++index;
    } else {
      out += text[index];
    }
  }
  out += '"';
}

void append_value(std::string& out, std::string_view value) {
  if (!value.empty() && std::ranges::all_of(value, stands_bare)) {
    out += value;
  } else {
    append_quoted(out, value);
  }
}

}  // namespace

bool parse_log_level(std::string_view text, LogLevel& level) {
  for (std::size_t index = 0; index < kLevelNames.size(); ++index) {
    if (equals_ignoring_case(text, kLevelNames[index])) {
      level = static_cast<LogLevel>(index);
      return true;
    }
  }
  return false;
}

void set_log_level(LogLevel level) {
  lowest_level = level;
}

QuietLog::QuietLog() : before_(lowest_level.exchange(LogLevel::kError)) {
}

QuietLog::~QuietLog() {
  lowest_level = before_;
}

bool logs(LogLevel level) {
  return level >= lowest_level.load();
}

std::string log_excerpt(std::string_view text) {
  if (text.size() <= kExcerptBytes) return std::string(text);
  return std::string(first_bytes(text, kExcerptBytes)) + "\u2026";
}

void log(LogLevel level, std::string_view event, std::initializer_list<LogField> fields) {
  if (!logs(level)) return;
  std::string line = "time=";
  append_now(line);
  line += " level=";
  line += kLevelNames[static_cast<std::size_t>(level)];
  line += " event=";
  append_value(line, event);
  for (const auto& [name, value] : fields) {
    line += ' ';
    line += name;
    line += '=';
    append_value(line, value);
  }
  line += '\n';
  // Not retried but for a signal: a log that cannot be written must not hold up the request.
  while (::write(STDERR_FILENO, line.data(), line.size()) < 0 && errno == EINTR) {
  }
}

}  // namespace tapedeck::base
