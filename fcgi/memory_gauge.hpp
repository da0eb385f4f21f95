#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

namespace tapedeck::fcgi {

/// How much memory this process holds (resident, shared pages included). Opens /proc/self/statm
/// when it is made, since a worker that has locked itself in cannot open it any more.
/// REQUIRES: made after the fork.
class MemoryGauge {
 public:
  MemoryGauge();
  ~MemoryGauge();
  MemoryGauge(const MemoryGauge&) = delete;
  MemoryGauge& operator=(const MemoryGauge&) = delete;

  /// Bytes; nothing when the last look was less than a second ago, or where there is no /proc.
  [[nodiscard]] std::optional<std::uint64_t> look();

 private:
  int descriptor_;
  std::chrono::steady_clock::time_point next_look_;
};

}  // namespace tapedeck::fcgi
