#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tapedeck::http {

/// Pairs of a Cookie header in their order (RFC 6265 section 4.2.1). Quoted values lose their
/// quotes; pieces without "=" are skipped. Never fails.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> parse_cookies(
    std::string_view header);
/// The first value of `name`, "" when absent.
[[nodiscard]] std::string cookie_value(std::string_view header, std::string_view name);

}  // namespace tapedeck::http
