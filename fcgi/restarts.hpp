#pragma once

#include <array>
#include <chrono>
#include <deque>
#include <functional>
#include <vector>

#include "instance/lane.hpp"

namespace tapedeck::fcgi {

/// When workers that ended are forked again: at once, but for a lane whose workers die again and
/// again, as each does that cannot serve, one a second.
class Restarts {
 public:
  using Time = std::chrono::steady_clock::time_point;

  /// More than so many deaths of a lane in that time, and the brake is on.
  static constexpr std::size_t kDeathsUntilBrake = 5;
  static constexpr std::chrono::seconds kDeathWindow{10};
  static constexpr std::chrono::seconds kBrakedDelay{1};
  /// A worker that ends by a SIGTERM not from the master is a member of a group that is being
  /// ended: its master's own signal is on the way.
  static constexpr std::chrono::milliseconds kDelayAfterEnd{200};

  enum class End {
    kByItself,  ///< finished, as if it had been told to
    kOverdue,   ///< the watchdog's doing, which has taken its second and more: a brake already
    kDeath,
  };
  /// A worker of `lane` has ended. Logs when the brake is on.
  void add(instance::Lane lane, End end, Time now);
  /// Calls `fork` for each that is due; false means that it failed, and it comes again later.
  void fork_due(Time now, const std::function<bool(instance::Lane)>& fork);
  /// When the first is due; `otherwise` when none is before that.
  [[nodiscard]] Time next(Time otherwise) const;
  /// Forgets those that are not forked yet.
  void clear() { waiting_.clear(); }

 private:
  struct Waiting {
    instance::Lane lane;
    Time due;
  };
  struct History {
    std::deque<Time> deaths;
    /// When the last one was, or is, due.
    Time last;
  };

  std::vector<Waiting> waiting_;
  std::array<History, instance::kLanes.size()> histories_;
};

}  // namespace tapedeck::fcgi
