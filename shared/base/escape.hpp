#pragma once

#include <cstddef>
#include <string>
#include <string_view>

/// Writers that put untrusted text into a document. Bytes that are no UTF-8 become U+FFFD.
namespace tapedeck::base {

/// Appends `text` as a JSON string with its quotes; compact UTF-8, control characters and U+007F
/// escaped (RFC 8259 section 7). Safe inside <script> as well: "<", U+2028 and U+2029 are escaped.
void append_json_string(std::string& out, std::string_view text);
/// The same, but stops where `out` grows beyond `most` bytes by escapes, which make a text up to
/// six times as long. Whether all of it was written.
[[nodiscard]] bool append_json_string_within(std::string& out, std::string_view text,
                                             std::size_t most);
/// JSON text with everything beyond ASCII escaped, as Python's json module writes it.
[[nodiscard]] std::string ascii_json(std::string_view json);
/// Appends `text` for HTML content and for attribute values in either kind of quotes.
void append_html(std::string& out, std::string_view text);
[[nodiscard]] std::string escape_html(std::string_view text);

}  // namespace tapedeck::base
