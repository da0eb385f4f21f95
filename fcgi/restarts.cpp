#include "fcgi/restarts.hpp"

#include <algorithm>

#include "base/log.hpp"

namespace tapedeck::fcgi {

void Restarts::add(instance::Lane lane, End end, Time now) {
  History& history = histories_.at(static_cast<std::size_t>(lane));
  Time due = now;
  if (end == End::kByItself) {
    due += kDelayAfterEnd;
  } else if (end == End::kDeath) {
    std::erase_if(history.deaths, [now](Time death) { return death < now - kDeathWindow; });
    history.deaths.push_back(now);
    if (history.deaths.size() > kDeathsUntilBrake) {
      due = std::max(now, history.last) + kBrakedDelay;
      base::log(base::LogLevel::kError, "restart_brake", {{"lane", instance::lane_name(lane)}});
    }
  }
  history.last = due;
  waiting_.push_back({lane, due});
}

void Restarts::fork_due(Time now, const std::function<bool(instance::Lane)>& fork) {
  std::vector<Waiting> later;
  for (const Waiting& restart : waiting_) {
    if (restart.due > now) {
      later.push_back(restart);
    } else if (!fork(restart.lane)) {
      later.push_back({restart.lane, now + kBrakedDelay});
    }
  }
  waiting_ = std::move(later);
}

Restarts::Time Restarts::next(Time otherwise) const {
  for (const Waiting& restart : waiting_) otherwise = std::min(otherwise, restart.due);
  return otherwise;
}

}  // namespace tapedeck::fcgi
