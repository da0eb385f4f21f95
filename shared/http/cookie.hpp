#pragma once

#include <string>
#include <string_view>

namespace tapedeck::http {

/// The value of `name` in a Cookie header (RFC 6265 section 4.2.1), "" when absent. Of several the
/// last counts, as in Python's http.cookies. Quoted values lose their quotes; pieces without "="
/// are skipped. Never fails.
[[nodiscard]] std::string cookie_value(std::string_view header, std::string_view name);

}  // namespace tapedeck::http
