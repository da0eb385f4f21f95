#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/result.hpp"

namespace tapedeck::data {

/// An integer argument as clients of the peer may write it: surrounding spaces, a sign, "_" between
/// digits, decimal digits of any script ("٣" is 3). Nothing outside 64 bits.
[[nodiscard]] std::optional<std::int64_t> parse_integer_argument(std::string_view text);

/// `_size`: "max", or 0 … max_returned_rows; blank means `fallback`.
[[nodiscard]] base::Result<int> parse_size(std::string_view text, int fallback,
                                           int max_returned_rows);

}  // namespace tapedeck::data
