#pragma once

#include <string>
#include <string_view>

/// Percent-encoding (RFC 3986 section 2.1) and its form variant
/// (application/x-www-form-urlencoded).
namespace tapedeck::http {

/// "%XX" becomes a byte; a broken escape stays as it is. Ill-formed UTF-8 becomes U+FFFD.
[[nodiscard]] std::string percent_decode(std::string_view text);
/// Also "+" for a space.
[[nodiscard]] std::string form_decode(std::string_view text);
/// Letters, digits and "_.-~" stay, a space is "+", other bytes "%XX" (upper case).
void append_form_encoded(std::string& out, std::string_view text);
[[nodiscard]] std::string form_encode(std::string_view text);
/// For one value in a path: letters, digits and "_.-~" stay, everything else is "%XX".
[[nodiscard]] std::string percent_encode(std::string_view text);

}  // namespace tapedeck::http
