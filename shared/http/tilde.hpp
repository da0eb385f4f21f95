#pragma once

#include <string>
#include <string_view>

namespace tapedeck::http {

/// Names in paths. A-Z a-z 0-9 _ - stand for themselves, a space is "+", every other byte of the
/// UTF-8 form is "~" and two upper-case hexadecimal digits: "we ird/t.csv" is "we+ird~2Ft~2Ecsv".
/// Source: Datasette docs, "Tilde encoding".
[[nodiscard]] std::string tilde_encode(std::string_view name);
void append_tilde(std::string& out, std::string_view name);
/// "+" is a space, "~XX" a byte (either case of digits), any other "~" is "%" (the peer reads names
/// as percent-encoding with another marker), anything else itself, "%" included. Ill-formed UTF-8
/// in the result becomes U+FFFD. Never fails.
[[nodiscard]] std::string tilde_decode(std::string_view text);

}  // namespace tapedeck::http
