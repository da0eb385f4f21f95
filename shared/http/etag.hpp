#pragma once

#include <string_view>

namespace tapedeck::http {

/// Whether an If-None-Match field names `etag` (quoted, strong). Weak comparison, lists and "*" as
/// in RFC 9110 section 13.1.2; a broken field matches nothing.
[[nodiscard]] bool if_none_match(std::string_view field, std::string_view etag);

}  // namespace tapedeck::http
