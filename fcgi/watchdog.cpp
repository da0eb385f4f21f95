#include "fcgi/watchdog.hpp"

#include <cerrno>
#include <poll.h>
#include <string>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

#include "base/log.hpp"
#include "fcgi/records.hpp"

namespace tapedeck::fcgi {

namespace {

/// The precision of deadlines; with kGrace it keeps the answer within 1.2 s of the limit.
constexpr std::chrono::milliseconds kTick{50};
/// Without a request for so many ticks the thread sleeps until one comes.
constexpr int kTicksUntilSleep = 20;

/// The thread has taken the request and is about to end the process.
[[noreturn]] void wait_for_end() {
  for (;;) pause();
}

}  // namespace

Watchdog::~Watchdog() {
  if (!thread_.joinable()) return;
  stop_ = true;
  asleep_ = false;
  asleep_.notify_one();
  thread_.join();
}

void Watchdog::start(Answers answers) {
  answers_ = std::move(answers);
  thread_ = std::thread([this] { run(); });
}

void Watchdog::request_begins(int descriptor) {
  ++request_number_;
  const std::int64_t now = instance::Scoreboard::now();
  descriptor_ = descriptor;
  slot_.started = now;
  slot_.statement_deadline = 0;
  slot_.request_deadline = now + std::chrono::nanoseconds(kReadLimit).count();
  // The state is stored before the look at asleep_, and the thread stores asleep_ before its last
  // look at the state, both in one total order: one of them sees the other.
  set(State::kReading);
  if (asleep_) {
    asleep_ = false;
    asleep_.notify_one();
  }
}

void Watchdog::runs(const Running& running) {
  slot_.method.store(running.method);
  slot_.target.store(running.target);
  slot_.sql.store("");
  wants_json_ = running.wants_json;
  request_id_ = running.request_id;
  slot_.request_deadline = running.limit.count() == 0
                               ? 0
                               : slot_.started + std::chrono::nanoseconds(running.limit).count();
  move(State::kReading, State::kRunning);
}

void Watchdog::responds() {
  move(State::kRunning, State::kResponding);
}

void Watchdog::stream_begins() {
  slot_.request_deadline = 0;
  move(State::kRunning, State::kStreaming);
}

void Watchdog::send_begins() {
  move(State::kStreaming, State::kSending);
  send_started_ = instance::Scoreboard::now();
}

void Watchdog::send_ends() {
  const std::int64_t deadline = slot_.statement_deadline;
  if (deadline != 0) {
    slot_.statement_deadline = deadline + instance::Scoreboard::now() - send_started_;
  }
  move(State::kSending, State::kStreaming);
}

void Watchdog::request_ends() {
  slot_.statement_deadline = 0;
  slot_.request_deadline = 0;
  const std::uint64_t idle = instance::Scoreboard::word_of(request_number_, State::kIdle);
  if (instance::Scoreboard::state_of(slot_.word.exchange(idle)) == State::kOverdue) wait_for_end();
  descriptor_ = -1;
}

void Watchdog::statement_begins(std::chrono::steady_clock::time_point deadline,
                                std::string_view sql) {
  slot_.sql.store(sql);
  slot_.statement_deadline = instance::Scoreboard::to_number(deadline);
}

void Watchdog::statement_renews(std::chrono::steady_clock::time_point deadline) {
  // For each row of a stream: the cheapest store, since a tick sooner or later does not matter.
  slot_.statement_deadline.store(instance::Scoreboard::to_number(deadline),
                                 std::memory_order_relaxed);
}

void Watchdog::statement_ends() {
  slot_.statement_deadline = 0;
}

bool Watchdog::client_left() {
  pollfd client{descriptor_, POLLRDHUP, 0};
  return client.fd >= 0 && poll(&client, 1, 0) > 0 &&
         (client.revents & (POLLRDHUP | POLLHUP | POLLERR)) != 0;
}

/// REQUIRES: the state is `from`, unless the thread took the request; then the process is about to
/// end and this waits for it.
void Watchdog::move(State from, State to) {
  std::uint64_t expected = instance::Scoreboard::word_of(request_number_, from);
  if (slot_.word.compare_exchange_strong(expected,
                                         instance::Scoreboard::word_of(request_number_, to))) {
    return;
  }
  wait_for_end();
}

void Watchdog::run() {
  int quiet_ticks = 0;
  while (!stop_) {
    const State state = slot_.state();
    if (state != State::kIdle && state != State::kStarting) {
      quiet_ticks = 0;
      check();
    } else if (++quiet_ticks > kTicksUntilSleep) {
      asleep_ = true;
      if (instance::Scoreboard::state_of(slot_.word) == State::kIdle && !stop_) asleep_.wait(true);
      asleep_ = false;
      quiet_ticks = 0;
    }
    std::this_thread::sleep_for(kTick);
  }
}

void Watchdog::check() {
  const std::uint64_t word = slot_.word;
  const State state = instance::Scoreboard::state_of(word);
  if (state != State::kReading && state != State::kRunning && state != State::kStreaming) return;
  const std::int64_t now = instance::Scoreboard::now();
  const std::int64_t late = now - std::chrono::nanoseconds(kGrace).count();
  const auto is_past = [late](std::int64_t deadline) { return deadline != 0 && deadline < late; };
  const bool is_statement = is_past(slot_.statement_deadline);
  if (!is_statement && !is_past(slot_.request_deadline)) return;
  std::uint64_t expected = word;
  const std::uint64_t taken =
      (word & ~std::uint64_t{0xff}) | static_cast<std::uint64_t>(State::kOverdue);
  if (slot_.word.compare_exchange_strong(expected, taken)) {
    end_process(state, is_statement ? Late::kStatement : Late::kRequest, now);
  }
}

void Watchdog::end_process(State was, Late late, std::int64_t now) {
  if (was == State::kRunning) {
    Answer& answer = late == Late::kStatement ? answers_.late_statement : answers_.late_request;
    write_out(wants_json_ ? answer.json : answer.html);
  } else if (was == State::kStreaming && !answers_.break_off.empty()) {
    // Without blocking: when nginx takes nothing now, the master breaks the stream off.
    send(descriptor_, answers_.break_off.data(), answers_.break_off.size(), MSG_DONTWAIT);
  }
  slot_.counters.overdue += 1;
  slot_.counters.count(
      {.status = 400, .duration = std::chrono::microseconds((now - slot_.started) / 1000)});
  const std::string milliseconds = std::to_string((now - slot_.started) / 1'000'000);
  base::log(base::LogLevel::kError, "request_overdue",
            {{"lane", instance::lane_name(slot_.lane)},
             {"method", slot_.method.load()},
             {"path", slot_.target.load()},
             {"ms", milliseconds},
             {"limit", late == Late::kStatement ? "sql_time_limit_ms" : "request_time_limit_ms"},
             {"sql", base::log_excerpt(slot_.sql.load())}});
  _exit(kExitOverdue);
}

void Watchdog::write_out(std::string& bytes) const {
  if (request_id_ > 1) set_request_id(bytes, request_id_);
  std::string_view rest = bytes;
  while (!rest.empty()) {
    const ssize_t written = ::write(descriptor_, rest.data(), rest.size());
    if (written < 0 && errno != EINTR) return;
    if (written > 0) rest.remove_prefix(static_cast<std::size_t>(written));
  }
}

}  // namespace tapedeck::fcgi
