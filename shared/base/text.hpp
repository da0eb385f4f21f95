#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Text helpers that know nothing about locale. "Lower case", "digit" and "space" mean ASCII here.
namespace tapedeck::base {

[[nodiscard]] std::string to_lower(std::string_view text);
[[nodiscard]] bool equals_ignoring_case(std::string_view a, std::string_view b);
/// Without leading and trailing space, tab, CR, LF, VT and FF.
[[nodiscard]] std::string_view trim(std::string_view text);
/// Pieces between separators; "a,,b" has three, "" has one.
[[nodiscard]] std::vector<std::string_view> split(std::string_view text, char separator);
[[nodiscard]] std::string join(const std::vector<std::string>& parts, std::string_view separator);
[[nodiscard]] std::string replace_all(std::string_view text, std::string_view from,
                                      std::string_view to);
/// True when `text` is not empty and holds only 0-9.
[[nodiscard]] bool is_all_digits(std::string_view text);
/// The whole text as a signed 64-bit decimal ("-5", "+5" and "007" count); nothing past the range.
[[nodiscard]] std::optional<std::int64_t> parse_int64(std::string_view text);
/// A float in the forms "1", "1.5", "-1e3"; the whole text, without surrounding space.
[[nodiscard]] std::optional<double> parse_double(std::string_view text);
/// on/true/1 and off/false/0 in any case.
[[nodiscard]] std::optional<bool> parse_boolean(std::string_view text);
/// 1234567 -> "1,234,567".
[[nodiscard]] std::string with_thousands_commas(std::int64_t number);
/// "999 bytes", "244.0 KB", "1.2 MB": units of 1024, one decimal from KB on.
[[nodiscard]] std::string format_bytes(std::int64_t bytes);

/// Appends the shortest digits that round-trip, always with ".0" or an exponent: 1.0, 0.1, 1e+100,
/// 1e-05; exponent form when the decimal exponent is < -4 or >= 16. Infinities are "inf", "-inf"
/// (callers that need another word test for them first). Source: Python's repr(float).
void append_double(std::string& out, double value);
[[nodiscard]] std::string format_double(double value);

}  // namespace tapedeck::base
