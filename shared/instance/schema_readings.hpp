#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>

namespace tapedeck::instance {

/// The schemas that processes of one pool are reading now, in the memory that these share.
///
/// SQLite cannot be interrupted while it works out the columns of views, and a file may hold views
/// over views over views by the hundred: the watchdog ends every process that reads such a schema.
/// A reading that has not come to its end is therefore remembered, and for a while nobody tries
/// again, so that the other databases stay within reach. Plain atomics: two processes that meet on
/// one place cost a reading more, or one not refused.
class SchemaReadings {
 public:
  using Time = std::chrono::steady_clock::time_point;

  /// What a reading may take.
  static constexpr std::chrono::milliseconds kLimit{10000};
  /// How long a schema is refused that took longer.
  static constexpr std::chrono::seconds kRefusal{60};

  /// `schema` is any number but 0 that tells it from others. False when a reading of it has gone
  /// past its limit and not come to an end.
  [[nodiscard]] bool begin(std::uint64_t schema, Time now);
  void end(std::uint64_t schema);

 private:
  struct Reading {
    /// 0 = none.
    std::atomic<std::uint64_t> schema{0};
    /// ns since the clock's epoch.
    std::atomic<std::int64_t> started{0};
  };
  /// More than the databases that can be this slow at one time on one site.
  std::array<Reading, 64> readings_{};
};

}  // namespace tapedeck::instance
