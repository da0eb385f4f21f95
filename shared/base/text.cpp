#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace tapedeck::base {
namespace {

constexpr std::string_view kSpace = " \t\r\n\v\f";

constexpr char lower(char byte) {
  return byte >= 'A' && byte <= 'Z' ? static_cast<char>(byte + ('a' - 'A')) : byte;
}

constexpr bool is_digit(char byte) {
  return byte >= '0' && byte <= '9';
}

/// std::from_chars takes no "+"; one before a digit or a point is let through.
std::string_view without_plus(std::string_view text) {
  const bool has_plus = text.size() > 1 && text[0] == '+' && (is_digit(text[1]) || text[1] == '.');
  return has_plus ? text.substr(1) : text;
}

template <class Number>
std::optional<Number> parse_whole(std::string_view text) {
  text = without_plus(text);
  Number number{};
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc() || stop != end) return std::nullopt;
  return number;
}

}  // namespace

std::string to_lower(std::string_view text) {
  std::string result(text);
  for (char& byte : result) byte = lower(byte);
  return result;
}

bool equals_ignoring_case(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, {}, lower, lower);
}

std::string_view trim(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(kSpace);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kSpace) - begin + 1);
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> pieces;
  while (true) {
    const std::size_t end = text.find(separator);
    pieces.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return pieces;
    text.remove_prefix(end + 1);
  }
}

std::string join(const std::vector<std::string>& parts, std::string_view separator) {
  std::string result;
  for (std::size_t index = 0; index < parts.size(); ++index) {
    if (index > 0) result += separator;
    result += parts[index];
  }
  return result;
}

std::string replace_all(std::string_view text, std::string_view from, std::string_view to) {
  if (from.empty()) return std::string(text);
  std::string result;
  result.reserve(text.size());
  while (true) {
    const std::size_t found = text.find(from);
    result += text.substr(0, found);
    if (found == std::string_view::npos) return result;
    result += to;
    text.remove_prefix(found + from.size());
  }
}

bool is_all_digits(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, is_digit);
}

std::optional<std::int64_t> parse_int64(std::string_view text) {
  return parse_whole<std::int64_t>(text);
}

std::optional<double> parse_double(std::string_view text) {
  const std::optional<double> number = parse_whole<double>(text);
  // std::from_chars also reads "inf" and "nan".
  if (number && !std::isfinite(*number)) return std::nullopt;
  return number;
}

std::optional<bool> parse_boolean(std::string_view text) {
  for (const std::string_view word : {"on", "true", "1"}) {
    if (equals_ignoring_case(text, word)) return true;
  }
  for (const std::string_view word : {"off", "false", "0"}) {
    if (equals_ignoring_case(text, word)) return false;
  }
  return std::nullopt;
}

std::string with_thousands_commas(std::int64_t number) {
  std::string result = std::to_string(number);
  const std::size_t first_digit = number < 0 ? 1 : 0;
  for (std::size_t end = result.size(); end > first_digit + 3;) {
    end -= 3;
    result.insert(end, 1, ',');
  }
  return result;
}

std::string format_bytes(std::int64_t bytes) {
  if (bytes < 1024) return std::to_string(bytes) + " bytes";
  constexpr std::array<std::string_view, 4> kUnits = {" KB", " MB", " GB", " TB"};
  double amount = static_cast<double>(bytes) / 1024;
  std::size_t unit = 0;
  for (; amount >= 1024 && unit + 1 < kUnits.size(); ++unit) amount /= 1024;
  std::array<char, 32> buffer{};
  const auto [end, error] = std::to_chars(buffer.data(), buffer.data() + buffer.size(), amount,
                                          std::chars_format::fixed, 1);
  return std::string(buffer.data(), end).append(kUnits[unit]);
}

void append_double(std::string& out, double value) {
  if (!std::isfinite(value)) {
    out += std::isnan(value) ? "nan" : value < 0 ? "-inf" : "inf";
    return;
  }
  // The scientific form ("-1.25e-05") gives digits and exponent apart; the fixed form of a large
  // number would print more digits than needed.
  std::array<char, 32> buffer{};
  const char* const end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value,
                                        std::chars_format::scientific)
                              .ptr;
  std::string_view text(buffer.data(), static_cast<std::size_t>(end - buffer.data()));
  const std::size_t mark = text.find('e');
  int exponent = 0;
  for (const char digit : text.substr(mark + 2)) exponent = exponent * 10 + (digit - '0');
  if (text[mark + 1] == '-') exponent = -exponent;
  if (exponent < -4 || exponent >= 16) {
    out += text;
    return;
  }
  text = text.substr(0, mark);
  std::array<char, 32>
      fixed{};  // at most "-0.000" and 17 digits, or a sign and 16 digits with ".0"
  char* target = fixed.data();
  const auto put = [&](std::string_view digits) { target = std::ranges::copy(digits, target).out; };
  const auto put_zeros = [&](std::size_t count) { target = std::fill_n(target, count, '0'); };
  if (text[0] == '-') {
    *target++ = '-';
    text.remove_prefix(1);
  }
  const std::string_view first = text.substr(0, 1);
  const std::string_view fraction = text.size() > 2 ? text.substr(2) : std::string_view();
  if (exponent < 0) {
    put("0.");
    put_zeros(static_cast<std::size_t>(-exponent - 1));
    put(first);
    put(fraction);
  } else {
    const auto before_point = static_cast<std::size_t>(exponent);
    put(first);
    put(fraction.substr(0, before_point));
    if (fraction.size() <= before_point) {
      put_zeros(before_point - fraction.size());
      put(".0");
    } else {
      *target++ = '.';
      put(fraction.substr(before_point));
    }
  }
  out.append(fixed.data(), target);
}

std::string format_double(double value) {
  std::string result;
  append_double(result, value);
  return result;
}

}  // namespace tapedeck::base
