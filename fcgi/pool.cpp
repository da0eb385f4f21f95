#include "fcgi/pool.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <system_error>
#include <thread>
#include <unistd.h>
#include <utility>
#include <vector>

#include <systemd/sd-daemon.h>

#include "base/digest.hpp"
#include "base/log.hpp"
#include "base/output.hpp"
#include "config/config_error.hpp"
#include "config/configuration.hpp"
#include "config/serve_key.hpp"
#include "fcgi/file_watch.hpp"
#include "fcgi/installation.hpp"
#include "fcgi/lane_sockets.hpp"
#include "fcgi/restarts.hpp"
#include "fcgi/sandbox.hpp"
#include "fcgi/stream_guard.hpp"
#include "fcgi/temporary_folder.hpp"
#include "fcgi/watchdog.hpp"
#include "fcgi/worker.hpp"
#include "instance/database.hpp"
#include "instance/scoreboard.hpp"

namespace tapedeck::fcgi {

namespace {

using base::LogLevel;
using Clock = std::chrono::steady_clock;
using instance::Lane;
using instance::Scoreboard;

/// Room for several generations: old workers may be in long exports while new ones serve.
constexpr std::size_t kGenerationsInSlots = 8;
constexpr std::size_t kFewestSlots = 512;
/// Bounds of the query lane, whose size is num_sql_threads less one: Datasette's threads run the
/// SQL of pages too, and those have the read lane here. The default gives two, so that one
/// visitor's slow SQL does not stop the next visitor's; more compete for the processors that pages
/// need.
constexpr int kLeastQueryWorkers = 1;
constexpr int kMostQueryWorkers = 64;
/// Streams mostly wait for their reader; nginx takes what fits into its temporary file.
constexpr int kExportWorkers = 2;
constexpr int kLeastReadWorkers = 2;

constexpr std::chrono::seconds kDrainLimit{10};
/// Loading templates and locking in takes tens of milliseconds, on a busy machine some seconds.
constexpr std::chrono::seconds kStartLimit{60};
constexpr std::chrono::milliseconds kStartPoll{5};
/// --reload: how soon a saved file is noticed.
constexpr std::chrono::milliseconds kWatchInterval{500};

enum class Phase {
  kStarting,  ///< of a generation that has not taken over yet
  kServing,
  kRetiring,  ///< has been told to finish
  kDropped,   ///< has been killed before it served
};

struct Worker {
  pid_t pid = 0;
  Lane lane = Lane::kRead;
  std::size_t slot = 0;
  Phase phase = Phase::kStarting;
  std::unique_ptr<StreamGuard> guard;
  std::unique_ptr<TemporaryFolder> folder;
};

struct Generation {
  std::uint32_t number = 0;
  std::shared_ptr<const config::Configuration> configuration;
  int read_workers = 0;
  /// With --reload.
  std::shared_ptr<FileWatch> watch;
};

sigset_t master_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  for (const int signal : {SIGCHLD, SIGHUP, SIGINT, SIGQUIT, SIGTERM}) sigaddset(&signals, signal);
  return signals;
}

int read_worker_count(const config::ServeOptions& merged) {
  if (merged.workers > 0) return merged.workers;
  return std::max(kLeastReadWorkers, static_cast<int>(std::thread::hardware_concurrency()));
}

class Pool {
 public:
  explicit Pool(const PoolOptions& options);
  int run();

 private:
  Generation load(std::uint32_t number);
  [[nodiscard]] int worker_count(const Generation& generation, Lane lane) const;
  void fork_generation(const Generation& generation);
  bool fork_worker(const Generation& generation, Lane lane, Phase phase);
  [[noreturn]] void become_worker(const WorkerTask& task);
  /// False when a worker of the new generation cannot serve it.
  bool await_starting();
  void take_over(Generation generation);
  void drop_starting();

  void wait(Clock::time_point until);
  void handle(int signal);
  void reap();
  [[nodiscard]] bool is_end_asked_for(const Worker& worker, int status) const;
  void buried(Worker worker, int status);
  void schedule_restart(Lane lane, int status);
  void restart_due();
  void reload();
  void drain();

  pid_t master_pid_ = getpid();
  PoolOptions options_;
  Installation installation_;
  LaneSockets sockets_;
  TemporaryFolder folder_;
  std::string secret_;
  std::unique_ptr<Scoreboard> scoreboard_;
  Generation current_;
  std::vector<Worker> workers_;
  Restarts restarts_;
  bool stop_asked_ = false;
  bool reload_asked_ = false;
  bool start_failed_ = false;
};

LaneSockets open_sockets(const PoolOptions& options) {
  if (auto inherited = LaneSockets::inherit()) return std::move(*inherited);
  if (!options.run_dir) {
    throw config::ConfigError("No sockets are inherited (LISTEN_FDS) and --run-dir is missing");
  }
  return LaneSockets::make(*options.run_dir);
}

Pool::Pool(const PoolOptions& options)
    : options_(options), installation_(find_installation()), sockets_(open_sockets(options)) {
  if (options_.root_token.empty()) {
    options_.root_token = base::random_hex(kSecretBytes);
    if (options_.serve.root) {
      base::print(root_sign_in_path(options_.root_token) + "\n");
    }
  }
  if (!landlock_is_available()) {
    base::log(LogLevel::kWarning, "sandbox_incomplete", {{"missing", "landlock"}});
  }
}

Generation Pool::load(std::uint32_t number) {
  // The options as given: a reload reads the configuration's key `serve` anew.
  config::ServeOptions merged = config::merge_serve_key(options_.serve);
  if (current_.configuration != nullptr) {
    for (const config::DatabaseFile& file : current_.configuration->databases) {
      if (!file.path.empty()) merged.served_before.push_back(file.path);
    }
  }
  auto configuration = std::make_shared<config::Configuration>(config::load(merged, &std::getenv));
  if (configuration->secret.empty()) {
    // Kept across reloads, or every cookie would end with them.
    if (secret_.empty()) secret_ = base::random_hex(kSecretBytes);
    configuration->secret = secret_;
  }
  configuration->root_token = options_.root_token;
  instance::hash_immutable_files(*configuration, current_.configuration.get());
  Generation generation{.number = number,
                        .configuration = std::move(configuration),
                        .read_workers = read_worker_count(merged),
                        .watch = nullptr};
  if (merged.reload) {
    generation.watch =
        std::make_shared<FileWatch>(merged, *generation.configuration, installation_.assets);
  }
  return generation;
}

int Pool::worker_count(const Generation& generation, Lane lane) const {
  switch (lane) {
    case Lane::kRead:
      return generation.read_workers;
    case Lane::kQuery:
      return std::clamp(generation.configuration->settings.num_sql_threads - 1, kLeastQueryWorkers,
                        kMostQueryWorkers);
    case Lane::kExport:
      return kExportWorkers;
    case Lane::kWrite:
      return 0;
  }
  return 0;
}

void Pool::become_worker(const WorkerTask& task) {
  prctl(PR_SET_PDEATHSIG, SIGTERM);
  if (getppid() != master_pid_) _exit(kExitFailure);  // it died before that call
  sockets_.close_others(task.lane);
  if (options_.ready_descriptor >= 0) close(options_.ready_descriptor);
  // The others' guards must not stay open here, and their folders are not this process's to remove.
  for (const Worker& other : workers_) other.folder->disown();
  workers_.clear();
  const int status = run_worker(task);
  // Without the destructors of the master's objects: sockets, folders and scoreboard stay.
  _exit(status);
}

/// False when it could not be forked; the reason is logged.
bool Pool::fork_worker(const Generation& generation, Lane lane, Phase phase) try {
  const std::optional<std::size_t> slot = scoreboard_->claim(lane, generation.number);
  if (!slot) {
    base::log(LogLevel::kError, "no_free_slot", {{"lane", instance::lane_name(lane)}});
    return false;
  }
  const auto give_back = [this](const std::size_t* taken) { scoreboard_->release(*taken); };
  std::unique_ptr<const std::size_t, decltype(give_back)> claimed(&*slot, give_back);
  Worker worker{.pid = 0,
                .lane = lane,
                .slot = *slot,
                .phase = phase,
                .guard = std::make_unique<StreamGuard>(),
                .folder = std::make_unique<TemporaryFolder>(folder_.path())};
  const WorkerTask task{.configuration = generation.configuration,
                        .assets = installation_.assets,
                        .lane = lane,
                        .scoreboard = scoreboard_.get(),
                        .slot = *slot,
                        .listening_socket = sockets_.of(lane),
                        .stream_guard = worker.guard.get(),
                        .temporary_folder = worker.folder->path()};
  worker.pid = fork();
  if (worker.pid == 0) {
    become_worker(task);
  }
  if (worker.pid < 0) {
    throw std::system_error(errno, std::generic_category(), "fork");
  }
  scoreboard_->slots()[*slot].pid = worker.pid;
  static_cast<void>(claimed.release());
  workers_.push_back(std::move(worker));
  return true;
} catch (const std::exception& error) {
  // A full disk or too many descriptors pass; the master goes on.
  base::log(LogLevel::kError, "fork_failed", {{"reason", error.what()}});
  return false;
}

void Pool::fork_generation(const Generation& generation) {
  start_failed_ = false;
  for (const Lane lane : kServedLanes) {
    for (int i = 0; i < worker_count(generation, lane); ++i) {
      if (!fork_worker(generation, lane, Phase::kStarting)) start_failed_ = true;
    }
  }
}

bool Pool::await_starting() {
  const Clock::time_point limit = Clock::now() + kStartLimit;
  while (!start_failed_ && !stop_asked_) {
    const bool ready = std::ranges::none_of(workers_, [this](const Worker& worker) {
      return worker.phase == Phase::kStarting &&
             scoreboard_->slots()[worker.slot].state() == Scoreboard::State::kStarting;
    });
    if (ready) return true;
    if (Clock::now() > limit) {
      base::log(LogLevel::kError, "start_timed_out");
      return false;
    }
    restart_due();
    wait(Clock::now() + kStartPoll);
  }
  return false;
}

void Pool::take_over(Generation generation) {
  for (Worker& worker : workers_) {
    if (worker.phase == Phase::kServing) {
      worker.phase = Phase::kRetiring;
      kill(worker.pid, SIGTERM);
    } else if (worker.phase == Phase::kStarting) {
      worker.phase = Phase::kServing;
    }
  }
  restarts_.clear();
  scoreboard_->header().configuration_number = generation.number;
  current_ = std::move(generation);
}

void Pool::drop_starting() {
  for (Worker& worker : workers_) {
    if (worker.phase != Phase::kStarting) continue;
    worker.phase = Phase::kDropped;
    kill(worker.pid, SIGKILL);
  }
}

/// Handles one signal, or returns at `until`.
void Pool::wait(Clock::time_point until) {
  using std::chrono::nanoseconds;
  const nanoseconds left = std::max(nanoseconds(until - Clock::now()), nanoseconds(0));
  const timespec timeout{static_cast<time_t>(left.count() / 1'000'000'000),
                         static_cast<long>(left.count() % 1'000'000'000)};
  const sigset_t signals = master_signals();
  const int signal = sigtimedwait(&signals, nullptr, &timeout);
  if (signal > 0) handle(signal);
}

void Pool::handle(int signal) {
  switch (signal) {
    case SIGCHLD:
      reap();
      break;
    case SIGHUP:
      reload_asked_ = true;
      break;
    default:
      stop_asked_ = true;
  }
}

void Pool::reap() {
  int status = 0;
  for (pid_t pid = 0; (pid = waitpid(-1, &status, WNOHANG)) > 0;) {
    const auto found = std::ranges::find(workers_, pid, &Worker::pid);
    if (found == workers_.end()) continue;  // a helper that broke a stream off
    Worker worker = std::move(*found);
    workers_.erase(found);
    buried(std::move(worker), status);
  }
}

/// A worker that was told to end before it handled signals dies by that one.
bool Pool::is_end_asked_for(const Worker& worker, int status) const {
  if (WIFEXITED(status)) return WEXITSTATUS(status) == kExitDone;
  if (worker.phase == Phase::kDropped) return WTERMSIG(status) == SIGKILL;
  const bool was_told = stop_asked_ || worker.phase == Phase::kRetiring;
  constexpr auto kStops = std::to_array({SIGTERM, SIGINT, SIGQUIT});
  return was_told && std::ranges::find(kStops, WTERMSIG(status)) != kStops.end();
}

void Pool::buried(Worker worker, int status) {
  worker.guard->break_off();
  scoreboard_->release(worker.slot);
  if (!is_end_asked_for(worker, status)) {
    const std::string end = WIFSIGNALED(status) ? "signal " + std::to_string(WTERMSIG(status))
                                                : "status " + std::to_string(WEXITSTATUS(status));
    base::log(LogLevel::kWarning, "worker_died",
              {{"lane", instance::lane_name(worker.lane)},
               {"pid", std::to_string(worker.pid)},
               {"end", end}});
  }
  if (worker.phase == Phase::kStarting) start_failed_ = true;
  if (worker.phase == Phase::kServing && !stop_asked_) schedule_restart(worker.lane, status);
}

void Pool::schedule_restart(Lane lane, int status) {
  using End = Restarts::End;
  End end = End::kDeath;
  if (WIFEXITED(status) && WEXITSTATUS(status) == kExitDone) end = End::kByItself;
  if (WIFEXITED(status) && WEXITSTATUS(status) == Watchdog::kExitOverdue) end = End::kOverdue;
  restarts_.add(lane, end, Clock::now());
}

void Pool::restart_due() {
  restarts_.fork_due(Clock::now(), [this](Lane lane) {
    if (!fork_worker(current_, lane, Phase::kServing)) return false;
    scoreboard_->header().restarts += 1;
    return true;
  });
}

void Pool::reload() {
  reload_asked_ = false;
  const auto microseconds =
      std::chrono::duration_cast<std::chrono::microseconds>(Clock::now().time_since_epoch());
  sd_notifyf(0, "RELOADING=1\nMONOTONIC_USEC=%lld", static_cast<long long>(microseconds.count()));
  try {
    Generation next = load(current_.number + 1);
    fork_generation(next);
    if (await_starting()) {
      take_over(std::move(next));
      base::log(LogLevel::kInfo, "reloaded", {{"configuration", std::to_string(current_.number)}});
    } else {
      drop_starting();
      base::log(LogLevel::kError, "reload_failed",
                {{"reason", "a worker could not start; the old configuration stays"}});
    }
  } catch (const std::exception& error) {
    base::log(LogLevel::kError, "reload_failed", {{"reason", error.what()}});
  }
  sd_notify(0, "READY=1");
}

void Pool::drain() {
  sd_notify(0, "STOPPING=1");
  for (const Worker& worker : workers_) kill(worker.pid, SIGTERM);
  const Clock::time_point limit = Clock::now() + kDrainLimit;
  while (!workers_.empty() && Clock::now() < limit) wait(limit);
  for (const Worker& worker : workers_) kill(worker.pid, SIGKILL);
  while (!workers_.empty()) wait(Clock::now() + kDrainLimit);
}

int Pool::run() {
  Generation first = load(1);
  std::size_t workers = 0;
  for (const Lane lane : kServedLanes)
    workers += static_cast<std::size_t>(worker_count(first, lane));
  // A later configuration may want more workers.
  scoreboard_ = std::make_unique<Scoreboard>(std::max(workers * kGenerationsInSlots, kFewestSlots));
  fork_generation(first);
  if (!await_starting()) {
    const bool was_asked = stop_asked_;
    drop_starting();
    drain();
    return was_asked ? 0 : 1;
  }
  take_over(std::move(first));
  base::log(LogLevel::kInfo, "ready", {{"workers", std::to_string(workers_.size())}});
  sd_notify(0, "READY=1");
  if (options_.ready_descriptor >= 0) {
    static_cast<void>(write(options_.ready_descriptor, "\n", 1));
  }
  while (!stop_asked_) {
    if (reload_asked_) reload();
    restart_due();
    Clock::time_point until = restarts_.next(Clock::now() + std::chrono::hours(1));
    if (current_.watch) until = std::min(until, Clock::now() + kWatchInterval);
    if (!stop_asked_ && !reload_asked_) wait(until);
    if (current_.watch && current_.watch->has_changed()) {
      base::log(LogLevel::kInfo, "files_changed");
      reload_asked_ = true;
    }
  }
  drain();
  return 0;
}

}  // namespace

int run_pool(const PoolOptions& options) {
  const sigset_t signals = master_signals();
  sigprocmask(SIG_BLOCK, &signals, nullptr);
  if (options.parent_death_signal != 0) prctl(PR_SET_PDEATHSIG, options.parent_death_signal);
  std::signal(SIGPIPE, SIG_IGN);
  tzset();
  return Pool(options).run();
}

}  // namespace tapedeck::fcgi
