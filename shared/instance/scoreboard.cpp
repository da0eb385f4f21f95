#include "instance/scoreboard.hpp"

#include <algorithm>
#include <cerrno>
#include <memory>
#include <new>
#include <sys/mman.h>
#include <system_error>

namespace tapedeck::instance {

namespace {

// Counters have one writer each (their process, or the master for the totals), so a load and a
// store do what a locked addition would, without the locked bus.
void bump(std::atomic<std::uint64_t>& counter, std::uint64_t by) {
  counter.store(counter.load(std::memory_order_relaxed) + by, std::memory_order_relaxed);
}

}  // namespace

void Scoreboard::Counters::count(const Answered& answered) {
  bump(requests, 1);
  if (answered.status >= 500) bump(errors, 1);
  bump(bytes, answered.body_bytes);
  const std::chrono::microseconds duration = answered.duration;
  bump(microseconds, static_cast<std::uint64_t>(std::max<std::int64_t>(duration.count(), 0)));
  const auto bucket = std::ranges::find_if(
      kBucketMilliseconds, [&](int bound) { return duration <= std::chrono::milliseconds(bound); });
  bump(buckets.at(static_cast<std::size_t>(bucket - kBucketMilliseconds.begin())), 1);
  bump(sql_microseconds, static_cast<std::uint64_t>(answered.sql_time.count()));
  bump(sql_statements, answered.sql_statements);
  bump(sql_timeouts, answered.sql_timeouts);
  const auto status = std::ranges::find(kStatuses, answered.status);
  bump(routes.at(answered.route).at(static_cast<std::size_t>(status - kStatuses.begin())), 1);
}

void Scoreboard::Counters::add(const Counters& other) {
  const auto add_one = [](std::atomic<std::uint64_t>& own,
                          const std::atomic<std::uint64_t>& others) {
    bump(own, others.load(std::memory_order_relaxed));
  };
  add_one(requests, other.requests);
  add_one(errors, other.errors);
  add_one(overdue, other.overdue);
  add_one(bytes, other.bytes);
  add_one(microseconds, other.microseconds);
  for (std::size_t i = 0; i < buckets.size(); ++i) add_one(buckets.at(i), other.buckets.at(i));
  add_one(sql_microseconds, other.sql_microseconds);
  add_one(sql_statements, other.sql_statements);
  add_one(sql_timeouts, other.sql_timeouts);
  for (std::size_t i = 0; i < routes.size(); ++i) {
    for (std::size_t j = 0; j < routes.at(i).size(); ++j) {
      add_one(routes.at(i).at(j), other.routes.at(i).at(j));
    }
  }
}

void Scoreboard::Counters::clear() {
  for (auto* counter : {&requests, &errors, &overdue, &bytes, &microseconds, &sql_microseconds,
                        &sql_statements, &sql_timeouts}) {
    *counter = 0;
  }
  for (auto& bucket : buckets) bucket = 0;
  for (auto& route : routes) {
    for (auto& counter : route) counter = 0;
  }
}

Scoreboard::Scoreboard(std::size_t slots) : size_(sizeof(Header) + slots * sizeof(Slot)) {
  static_assert(sizeof(Header) % alignof(Slot) == 0);
  static_assert(std::atomic<std::uint64_t>::is_always_lock_free);
  void* memory =
      mmap(nullptr, size_, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, /*fd=*/-1, 0);
  if (memory == MAP_FAILED) {
    throw std::system_error(errno, std::generic_category(), "scoreboard");
  }
  header_ = new (memory) Header();
  header_->started = now();
  auto* first = reinterpret_cast<Slot*>(static_cast<std::byte*>(memory) + sizeof(Header));
  std::uninitialized_value_construct_n(first, slots);
  slots_ = {first, slots};
}

Scoreboard::~Scoreboard() {
  munmap(header_, size_);
}

std::optional<std::size_t> Scoreboard::claim(Lane lane, std::uint32_t configuration_number) {
  for (std::size_t i = 0; i < slots_.size(); ++i) {
    Slot& slot = slots_[i];
    if (slot.state() != State::kFree) continue;
    slot.lane = lane;
    slot.configuration_number = configuration_number;
    slot.word = word_of(0, State::kStarting);
    return i;
  }
  return std::nullopt;
}

void Scoreboard::release(std::size_t slot_index) {
  Slot& slot = slots_[slot_index];
  header_->totals.at(static_cast<std::size_t>(slot.lane.load())).add(slot.counters);
  slot.counters.clear();
  slot.pid = 0;
  slot.started = 0;
  slot.statement_deadline = 0;
  slot.resident_bytes = 0;
  slot.request_deadline = 0;
  slot.method.store("");
  slot.target.store("");
  slot.sql.store("");
  slot.word = word_of(0, State::kFree);
}

void Scoreboard::sum(Lane lane, Counters& into) const {
  into.add(header_->totals.at(static_cast<std::size_t>(lane)));
  for (const Slot& slot : slots_) {
    if (slot.state() != State::kFree && slot.lane.load() == lane) into.add(slot.counters);
  }
}

}  // namespace tapedeck::instance
