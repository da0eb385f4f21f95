#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <thread>

#include "instance/scoreboard.hpp"
#include "sqlite/monitor.hpp"

namespace tapedeck::fcgi {

/// Ends the process when a request runs past its limits and no progress handler can stop it (one
/// call of instr() on long strings has run for eight seconds).
///
/// A thread of its own, the only other one there is. Worker and thread share the slot's word: only
/// who wins the step out of "running" (or "streaming") may write to the client. A second past a
/// deadline the thread wins it, writes the answer kept ready, logs the SQL and ends the process
/// with kExitOverdue; the master forks another.
///
/// The order of calls for one request: request_begins, runs, then either responds or
/// stream_begins with any number of send_begins/send_ends, last request_ends.
class Watchdog final : public sqlite::Monitor {
 public:
  /// For paths that end in ".json", and for others.
  struct Answer {
    std::string json;
    std::string html;
  };
  /// Bytes written to the client's descriptor as they are.
  struct Answers {
    /// The statement in hand is past its deadline; the request is.
    Answer late_statement;
    Answer late_request;
    /// Ends a stream in a way that the client sees as an error; empty where only the end of the
    /// process can show one (plain CGI).
    std::string break_off;
  };

  /// How long past a deadline the progress handler still has the chance to end the statement.
  static constexpr std::chrono::milliseconds kGrace{1000};
  /// nginx sends requests whole, so reading one takes milliseconds; this is for a peer that is not
  /// nginx, or has stopped.
  static constexpr std::chrono::milliseconds kReadLimit{30000};
  static constexpr int kExitOverdue = 75;

  explicit Watchdog(instance::Scoreboard::Slot& slot) : slot_(slot) {}
  ~Watchdog() override;
  Watchdog(const Watchdog&) = delete;
  Watchdog& operator=(const Watchdog&) = delete;

  /// Starts the thread. REQUIRES: forks are over.
  /// The answers may be FastCGI records of request 1, or plain text for CGI.
  void start(Answers answers);

  /// A connection was accepted, or there is one request and `descriptor` is its output.
  void request_begins(int descriptor);
  struct Running {
    std::string_view method;
    std::string_view target;
    bool wants_json = false;
    /// FastCGI's, 0 in plain CGI.
    std::uint16_t request_id = 0;
    /// Bounds the making of an answer that is no stream; 0 = no limit.
    std::chrono::milliseconds limit{0};
  };
  /// The request is read and its answer is being made.
  void runs(const Running& running);
  /// The answer is whole and goes out now. Does not return when the watchdog was first.
  void responds();
  /// From here on only statements have deadlines. Does not return when the watchdog was first.
  void stream_begins();
  /// While a piece goes out the client may be slow, and the statement's time stands still.
  void send_begins();
  void send_ends();
  void request_ends();

  void statement_begins(std::chrono::steady_clock::time_point deadline,
                        std::string_view sql) override;
  void statement_renews(std::chrono::steady_clock::time_point deadline) override;
  void statement_ends() override;
  bool client_left() override;

 private:
  using State = instance::Scoreboard::State;

  void run();
  void check();
  enum class Late { kStatement, kRequest };
  [[noreturn]] void end_process(State was, Late late, std::int64_t now);
  void write_out(std::string& bytes) const;
  void move(State from, State to);
  void set(State state) { slot_.word = instance::Scoreboard::word_of(request_number_, state); }

  instance::Scoreboard::Slot& slot_;
  Answers answers_;
  std::thread thread_;
  std::uint64_t request_number_ = 0;
  std::int64_t send_started_ = 0;
  std::atomic<int> descriptor_{-1};
  std::atomic<bool> wants_json_{false};
  std::atomic<std::uint16_t> request_id_{0};
  std::atomic<bool> asleep_{false};
  std::atomic<bool> stop_{false};
};

}  // namespace tapedeck::fcgi
