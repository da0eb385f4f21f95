#pragma once

#include <chrono>
#include <ctime>

namespace tapedeck::base {

/// The time of std::chrono::steady_clock as of the kernel's last tick, up to 4 ms ago: a few
/// nanoseconds to read, so it can be looked at for each of ten million rows.
[[nodiscard]] inline std::chrono::steady_clock::time_point coarse_now() {
  timespec time{};
  clock_gettime(CLOCK_MONOTONIC_COARSE, &time);
  return std::chrono::steady_clock::time_point(std::chrono::seconds(time.tv_sec) +
                                               std::chrono::nanoseconds(time.tv_nsec));
}

}  // namespace tapedeck::base
