#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <sys/types.h>

#include "instance/lane.hpp"
#include "instance/schema_readings.hpp"

namespace tapedeck::instance {

/// A text of at most `Size` bytes in shared memory: one process writes, others may look at any
/// time. Written in relaxed atomic words instead of under a lock, so a reader can catch a mixture
/// of two texts; it is for people, never for decisions.
template <std::size_t Size>
class SharedText {
 public:
  /// Keeps the first `Size` bytes.
  void store(std::string_view text) {
    const std::size_t length = text.size() < Size ? text.size() : Size;
    for (std::size_t at = 0; at < length; at += kWord) {
      std::uint64_t word = 0;
      text.copy(reinterpret_cast<char*>(&word), kWord, at);  // stops at the end of text
      words_[at / kWord].store(word, std::memory_order_relaxed);
    }
    length_.store(static_cast<std::uint32_t>(length), std::memory_order_relaxed);
  }
  [[nodiscard]] std::string load() const {
    std::string text(length_.load(std::memory_order_relaxed), '\0');
    for (std::size_t at = 0; at < text.size(); at += kWord) {
      const std::uint64_t word = words_[at / kWord].load(std::memory_order_relaxed);
      const std::string_view bytes(reinterpret_cast<const char*>(&word), kWord);
      bytes.copy(text.data() + at, text.size() - at);
    }
    return text;
  }

 private:
  static constexpr std::size_t kWord = sizeof(std::uint64_t);
  static_assert(Size % kWord == 0);
  std::atomic<std::uint32_t> length_{0};
  std::array<std::atomic<std::uint64_t>, Size / kWord> words_{};
};

/// What the processes of one pool share: one slot per process and the totals of processes that have
/// ended. An anonymous shared mapping that the master makes before its first fork; it lives across
/// reloads. Plain atomics, no locks: a process killed anywhere leaves nothing locked.
class Scoreboard {
 public:
  using Clock = std::chrono::steady_clock;

  enum class State : std::uint8_t {
    kFree,        ///< nobody's slot
    kStarting,    ///< forked, not yet able to serve
    kIdle,        ///< waits for a connection
    kReading,     ///< the request comes in
    kRunning,     ///< the answer is being made
    kResponding,  ///< a whole answer goes out
    kStreaming,   ///< a stream is being made
    kSending,     ///< a piece of a stream goes out; may wait for the client
    kOverdue,     ///< the watchdog has taken the request and ends the process
  };

  /// Upper bounds of the buckets of request times; the last bucket has no bound.
  static constexpr std::array<int, 12> kBucketMilliseconds{1,   5,   10,   25,   50,   100,
                                                           250, 500, 1000, 2500, 5000, 10000};
  /// Statuses with a count of their own; the last place is for all others. 499: the client left.
  static constexpr std::array<int, 15> kStatuses{200, 201, 301, 302, 304, 400, 401, 403,
                                                 404, 405, 413, 414, 499, 500, 503};
  /// Room for the routes of the program; what a number means is the affair of who counts.
  static constexpr std::size_t kMostRoutes = 96;
  /// One answered request, as it is counted.
  struct Answered {
    int status = 200;
    std::uint64_t body_bytes = 0;
    std::chrono::microseconds duration = {};
    /// Below kMostRoutes; 0 when it is not known.
    std::size_t route = 0;
    std::chrono::microseconds sql_time = {};
    std::uint64_t sql_statements = 0;
    std::uint64_t sql_timeouts = 0;
  };
  struct Counters {
    std::atomic<std::uint64_t> requests{0};
    /// Answers with a status from 500 on.
    std::atomic<std::uint64_t> errors{0};
    /// Requests that the watchdog ended.
    std::atomic<std::uint64_t> overdue{0};
    std::atomic<std::uint64_t> bytes{0};
    std::atomic<std::uint64_t> microseconds{0};
    std::array<std::atomic<std::uint64_t>, kBucketMilliseconds.size() + 1> buckets{};
    std::atomic<std::uint64_t> sql_microseconds{0};
    std::atomic<std::uint64_t> sql_statements{0};
    /// Statements that ended at their time limit.
    std::atomic<std::uint64_t> sql_timeouts{0};
    /// Requests by route and place in kStatuses.
    std::array<std::array<std::atomic<std::uint64_t>, kStatuses.size() + 1>, kMostRoutes> routes{};

    void count(const Answered& answered);
    void add(const Counters& other);
    void clear();
  };

  /// One process. Written by that process, and by the master before its fork and after its death.
  struct Slot {
    /// 0 = free.
    std::atomic<pid_t> pid{0};
    std::atomic<Lane> lane{Lane::kRead};
    /// Which configuration it serves.
    std::atomic<std::uint32_t> configuration_number{0};
    /// (number of the request << 8) | State: the number tells two requests apart in a
    /// compare-and-exchange between the worker and its watchdog.
    std::atomic<std::uint64_t> word{0};
    /// Clock time in ns since its epoch; 0 = none. Start of the request, the end that the statement
    /// in hand has to keep, the end that the whole request has to keep.
    std::atomic<std::int64_t> started{0};
    std::atomic<std::int64_t> statement_deadline{0};
    std::atomic<std::int64_t> request_deadline{0};
    SharedText<16> method;
    /// Memory that the process holds, looked at about once a second while it works.
    std::atomic<std::uint64_t> resident_bytes{0};
    /// Request target as sent.
    SharedText<1024> target;
    /// First 4 kB of the statement in hand or of the last one.
    SharedText<4096> sql;
    Counters counters;

    [[nodiscard]] State state() const { return state_of(word.load(std::memory_order_relaxed)); }
  };
  [[nodiscard]] static constexpr State state_of(std::uint64_t word) {
    return static_cast<State>(word & 0xffU);
  }
  [[nodiscard]] static constexpr std::uint64_t word_of(std::uint64_t number, State state) {
    return number << 8U | static_cast<std::uint64_t>(state);
  }

  struct Header {
    std::atomic<std::int64_t> started{0};
    /// Counts the configurations that came into force, from 1.
    std::atomic<std::uint32_t> configuration_number{0};
    /// The one-time token of /-/auth-token has been used.
    std::atomic<bool> root_token_used{false};
    /// Workers forked in place of dead ones.
    std::atomic<std::uint64_t> restarts{0};
    SchemaReadings schema_readings;
    /// By lane: what ended processes have counted.
    std::array<Counters, kLanes.size()> totals;
  };

  /// Throws std::system_error when the mapping cannot be had.
  explicit Scoreboard(std::size_t slots);
  ~Scoreboard();
  Scoreboard(const Scoreboard&) = delete;
  Scoreboard& operator=(const Scoreboard&) = delete;

  [[nodiscard]] Header& header() const { return *header_; }
  [[nodiscard]] std::span<Slot> slots() const { return slots_; }
  /// Takes a free slot for a process of that lane, in state kStarting; nothing when all are taken.
  /// Master only.
  [[nodiscard]] std::optional<std::size_t> claim(Lane lane, std::uint32_t configuration_number);
  /// Adds a slot's counters to the totals and frees it. Master only, after the process is gone.
  void release(std::size_t slot);
  /// Live processes and dead ones of a lane together.
  void sum(Lane lane, Counters& into) const;

  /// ns since the clock's epoch, as the slots hold it.
  [[nodiscard]] static std::int64_t now() { return to_number(Clock::now()); }
  [[nodiscard]] static std::int64_t to_number(Clock::time_point time) {
    return std::chrono::duration_cast<std::chrono::nanoseconds>(time.time_since_epoch()).count();
  }

 private:
  std::size_t size_;
  Header* header_;
  std::span<Slot> slots_;
};

}  // namespace tapedeck::instance
