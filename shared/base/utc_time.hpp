#pragma once

#include <ctime>
#include <string>

namespace tapedeck::base {

/// `time` in UTC by a format of strftime(), which must give fewer than 32 characters.
[[nodiscard]] std::string format_utc(std::time_t time, const char* format);

/// 2026-01-31T23:59:59Z
inline constexpr const char* kUtcDateTime = "%Y-%m-%dT%H:%M:%SZ";

}  // namespace tapedeck::base
