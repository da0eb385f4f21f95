#pragma once

#include <string>
#include <string_view>

namespace tapedeck::base {

/// True when every byte belongs to a shortest-form UTF-8 sequence (no surrogates, <= U+10FFFF).
[[nodiscard]] bool is_valid_utf8(std::string_view text);
/// Appends `text` with each maximal ill-formed part replaced by U+FFFD (Unicode 15, table 3-8;
/// the same replacement as Python's errors="replace"). Valid text is copied at memory speed.
void append_valid_utf8(std::string& out, std::string_view text);
[[nodiscard]] std::string to_valid_utf8(std::string_view text);
/// `text` itself when it is UTF-8, else its repaired form, kept in `repaired`.
[[nodiscard]] std::string_view as_valid_utf8(std::string_view text, std::string& repaired);
/// Number of code points of valid UTF-8.
[[nodiscard]] std::size_t count_code_points(std::string_view text);
/// The longest prefix with at most `count` code points of valid UTF-8.
[[nodiscard]] std::string_view first_code_points(std::string_view text, std::size_t count);
/// The longest prefix of valid UTF-8 with at most `most` bytes that ends with a whole code point.
[[nodiscard]] std::string_view first_bytes(std::string_view text, std::size_t most);

}  // namespace tapedeck::base
