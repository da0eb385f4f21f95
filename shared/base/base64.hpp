#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"

namespace tapedeck::base {

/// Standard alphabet with padding (RFC 4648 section 4).
void append_base64(std::string& out, std::string_view bytes);
[[nodiscard]] std::string encode_base64(std::string_view bytes);
/// URL alphabet without padding (RFC 4648 section 5).
[[nodiscard]] std::string encode_base64url(std::string_view bytes);
/// URL alphabet, padding optional (RFC 4648 section 5).
[[nodiscard]] Result<std::string> decode_base64url(std::string_view text);

}  // namespace tapedeck::base
