#include "fcgi/worker.hpp"

#include <array>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <exception>
#include <optional>
#include <poll.h>
#include <string_view>
#include <sys/socket.h>
#include <system_error>

#include <fcgiapp.h>

#include "app/dispatch.hpp"
#include "base/log.hpp"
#include "fcgi/cgi_message.hpp"
#include "fcgi/fcgi_exchange.hpp"
#include "fcgi/memory_gauge.hpp"
#include "fcgi/overdue_answers.hpp"
#include "fcgi/process_setup.hpp"
#include "fcgi/sandbox.hpp"
#include "fcgi/watchdog.hpp"
#include "sqlite/connection.hpp"

namespace tapedeck::fcgi {

namespace {

using base::LogLevel;

/// So much the socket takes in at once (its default buffer is 208 kB), and a signal cannot come
/// between.
constexpr std::size_t kUninterruptedBytes = 65536;

volatile std::sig_atomic_t stop_asked = 0;

void ask_to_stop(int /*signal*/) {
  stop_asked = 1;
}

void set_up_signals() {
  struct sigaction action {};
  action.sa_handler = ask_to_stop;
  sigaction(SIGTERM, &action, nullptr);
  for (const int ignored : {SIGINT, SIGQUIT, SIGHUP}) std::signal(ignored, SIG_IGN);
  std::signal(SIGCHLD, SIG_DFL);
}

class Number {
 public:
  template <class T>
  explicit Number(T value)
      : length_(static_cast<std::size_t>(
            std::to_chars(digits_.data(), digits_.data() + digits_.size(), value).ptr -
            digits_.data())) {}
  [[nodiscard]] std::string_view text() const { return {digits_.data(), length_}; }

 private:
  std::array<char, 24> digits_{};
  std::size_t length_;
};

class Worker {
 public:
  explicit Worker(const WorkerTask& task)
      : task_(task),
        slot_(task.scoreboard->slots()[task.slot]),
        watchdog_(slot_),
        instance_(task.configuration, {.lane = task.lane,
                                       .assets = task.assets,
                                       .monitor = &watchdog_,
                                       .scoreboard = task.scoreboard}) {}

  void lock_in();
  void serve();

 private:
  [[nodiscard]] int wait_for_connection();
  void answer(int connection);
  void answer(const http::Request& request);
  void stream(const http::Request& request, const http::Response& response);
  void log_request(const http::Request& request, int status);

  const WorkerTask& task_;
  instance::Scoreboard::Slot& slot_;
  Watchdog watchdog_;
  instance::Instance instance_;
  FcgiExchange exchange_;
  /// What SQL had cost before the request in hand.
  struct SqlTotals {
    std::chrono::nanoseconds time{0};
    std::uint64_t statements = 0;
    std::uint64_t timeouts = 0;
  };
  SqlTotals sql_before_;
  MemoryGauge memory_gauge_;
};

void Worker::lock_in() {
  restrict_files(file_access(instance_.configuration(), task_.assets, task_.temporary_folder));
  watchdog_.start(overdue_answers(instance_, http::Front::kNginx));
  if (restrict_system_calls() == Restriction::kUnavailable) {
    base::log(LogLevel::kWarning, "sandbox_incomplete", {{"missing", "seccomp"}});
  }
}

int Worker::wait_for_connection() {
  sigset_t none;
  sigemptyset(&none);
  pollfd listening{task_.listening_socket, POLLIN, 0};
  while (stop_asked == 0) {
    if (ppoll(&listening, 1, nullptr, &none) < 0) continue;
    const int connection = accept4(task_.listening_socket, nullptr, nullptr, SOCK_CLOEXEC);
    if (connection >= 0) return connection;
    // Another worker of the lane was faster, or the client has gone already.
    if (errno == EAGAIN || errno == ECONNABORTED || errno == EINTR) continue;
    throw std::system_error(errno, std::generic_category(), "accept");
  }
  return -1;
}

void Worker::serve() {
  slot_.word = instance::Scoreboard::word_of(0, instance::Scoreboard::State::kIdle);
  for (;;) {
    const int connection = wait_for_connection();
    if (connection < 0) return;
    answer(connection);
    if (instance_.wants_new_process()) return;
  }
}

void Worker::answer(int connection) {
  watchdog_.request_begins(connection);
  http::Request request;
  const auto max_body = static_cast<std::size_t>(instance_.settings().max_post_body_bytes);
  if (exchange_.receive(connection, max_body, request)) {
    watchdog_.runs(
        {.method = request.method,
         .target = request.raw_path,
         .wants_json = std::string_view(request.raw_path).ends_with(".json"),
         .request_id = exchange_.request_id(),
         .limit = std::chrono::milliseconds(instance_.settings().request_time_limit_ms)});
    sql_before_ = {.time = sqlite::statements_time(),
                   .statements = sqlite::statements_run(),
                   .timeouts = sqlite::statements_timed_out()};
    answer(request);
  } else {
    base::log(LogLevel::kWarning, "request_unreadable",
              {{"lane", instance::lane_name(task_.lane)}});
  }
  watchdog_.request_ends();
  exchange_.close();
}

void Worker::answer(const http::Request& request) {
  int status = 499;  // nginx's number for a client that left
  try {
    const http::Response response = app::dispatch(instance_, request);
    const bool copies_file = response.file && request.front != http::Front::kNginx;
    if (response.stream || copies_file) {
      stream(request, response);
    } else {
      // nginx takes a page cut short for a whole one as well, and the client would wait for the
      // rest.
      const bool may_be_cut = response.body.size() > kUninterruptedBytes;
      watchdog_.responds();
      if (may_be_cut) static_cast<void>(task_.stream_guard->arm(exchange_.descriptor()));
      exchange_.send(response, request.front);
      if (may_be_cut) task_.stream_guard->disarm();
    }
    // Handed to another lane, whose worker counts and logs it.
    if (response.headers.value("X-Accel-Redirect").starts_with('@')) return;
    status = response.status;
  } catch (const http::ClientGone&) {
    base::log(LogLevel::kDebug, "client_gone", {{"path", request.raw_path}});
  }
  log_request(request, status);
}

void Worker::stream(const http::Request& request, const http::Response& response) {
  watchdog_.stream_begins();
  if (!task_.stream_guard->arm(exchange_.descriptor())) {
    base::log(LogLevel::kWarning, "stream_unguarded", {{"path", request.raw_path}});
  }
  FcgiSink sink(exchange_, watchdog_);
  try {
    sink.begin(response, request);
    if (response.stream) {
      response.stream(sink);
    } else {
      copy_file(*response.file, sink);
    }
    sink.finish();
  } catch (const http::ClientGone&) {
    task_.stream_guard->disarm();
    throw;
  } catch (const std::exception& error) {
    if (watchdog_.client_left()) {
      // The statement was ended for that reason.
      task_.stream_guard->disarm();
      throw http::ClientGone{};
    }
    sink.break_off();
    base::log(LogLevel::kError, "stream_broken_off",
              {{"path", request.raw_path}, {"reason", error.what()}});
  }
  task_.stream_guard->disarm();
}

void Worker::log_request(const http::Request& request, int status) {
  const auto duration = std::chrono::duration_cast<std::chrono::microseconds>(
      std::chrono::nanoseconds(instance::Scoreboard::now() - slot_.started));
  slot_.counters.count({.status = status,
                        .body_bytes = exchange_.content_bytes(),
                        .duration = duration,
                        .route = instance_.route(),
                        .sql_time = std::chrono::duration_cast<std::chrono::microseconds>(
                            sqlite::statements_time() - sql_before_.time),
                        .sql_statements = sqlite::statements_run() - sql_before_.statements,
                        .sql_timeouts = sqlite::statements_timed_out() - sql_before_.timeouts});
  if (const auto resident = memory_gauge_.look()) slot_.resident_bytes = *resident;
  if (!base::logs(LogLevel::kInfo)) return;
  base::log(LogLevel::kInfo, "request",
            {{"method", request.method},
             {"path", request.target()},
             {"status", Number(status).text()},
             {"bytes", Number(exchange_.content_bytes()).text()},
             {"ms", Number(duration.count() / 1000).text()},
             {"lane", instance::lane_name(task_.lane)}});
}

}  // namespace

int run_worker(const WorkerTask& task) try {
  set_up_signals();
  set_up_process(task.configuration->settings);
  setenv("SQLITE_TMPDIR", task.temporary_folder.c_str(), /*overwrite=*/1);
  FCGX_Init();
  Worker worker(task);
  worker.lock_in();
  worker.serve();
  return kExitDone;
} catch (const config::ConfigError& error) {
  base::log(LogLevel::kError, "configuration_refused", {{"reason", error.what()}});
  return kExitConfiguration;
} catch (const std::exception& error) {
  base::log(LogLevel::kError, "worker_failed",
            {{"lane", instance::lane_name(task.lane)}, {"reason", error.what()}});
  return kExitFailure;
}

}  // namespace tapedeck::fcgi
