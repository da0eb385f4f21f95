#include "fcgi/serve.hpp"

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <fcntl.h>
#include <poll.h>
#include <string>
#include <string_view>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>

#include "base/digest.hpp"
#include "base/log.hpp"
#include "base/output.hpp"
#include "config/configuration.hpp"
#include "config/serve_key.hpp"
#include "fcgi/installation.hpp"
#include "fcgi/listening_socket.hpp"
#include "fcgi/nginx_process.hpp"
#include "fcgi/pool.hpp"
#include "fcgi/temporary_folder.hpp"

namespace tapedeck::fcgi {

namespace {

using config::ConfigError;
using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

/// How long nginx may finish its connections, and how long the pool its requests (the pool has a
/// limit of its own, 10 s).
constexpr std::chrono::seconds kNginxDrainLimit{10};
constexpr std::chrono::seconds kPoolDrainLimit{12};
/// A child that ended without being asked may have got the signal that is on its way to us.
constexpr milliseconds kSignalDelay{300};
constexpr milliseconds kReadyPoll{5};

/// A child that leads a process group, so that the terminal's Ctrl-C reaches only us and nothing of
/// the group outlives it.
struct Child {
  std::string_view name;
  pid_t pid = -1;
  bool alive = false;
  int status = 0;

  void signal(int number) const {
    if (alive) kill(pid, number);
  }
  void sweep() const {
    if (pid > 0) kill(-pid, SIGKILL);
  }
  [[nodiscard]] std::string end() const {
    const std::string how = WIFSIGNALED(status)
                                ? "was ended by signal " + std::to_string(WTERMSIG(status))
                                : "ended with status " + std::to_string(WEXITSTATUS(status));
    return std::string(name) + " " + how;
  }
};

std::string run_dir_parent() {
  const char* folder = std::getenv("XDG_RUNTIME_DIR");
  if (folder != nullptr && *folder != '\0' && access(folder, W_OK) == 0) return folder;
  return TemporaryFolder::default_parent();
}

/// The pool reads the configuration itself; here it is only looked at, so warnings would come
/// twice.
config::Settings read_settings(const config::ServeOptions& options) {
  const base::QuietLog quiet;
  return config::load(options, &std::getenv).settings;
}

class Server {
 public:
  explicit Server(const config::ServeOptions& options);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;
  int run();

 private:
  enum class Outcome { kReady, kStopped, kFailed };

  void start_pool();
  Outcome await_pool();
  Outcome await_nginx();
  /// Handles what arrives within `time`; true when `descriptor` became readable.
  bool wait(milliseconds time, int descriptor = -1);
  void take_signals();
  void reap();
  [[nodiscard]] bool both_alive() const { return pool_.alive && nginx_.alive; }
  int end();
  void say_address() const;
  void end_child(Child& child, int gentle, Clock::duration limit);

  config::ServeOptions options_;
  config::ServeOptions merged_;
  Installation installation_;
  config::Settings settings_;
  std::string nginx_program_;
  ListeningSocket socket_;
  TemporaryFolder run_dir_;
  NginxSite site_;
  Child pool_{"the pool"};
  Child nginx_{"nginx"};
  int signals_ = -1;
  int ready_ = -1;
  int stops_asked_ = 0;
  std::string root_token_ = base::random_hex(kSecretBytes);
};

Server::Server(const config::ServeOptions& options)
    : options_(options),
      merged_(config::merge_serve_key(options)),
      installation_(find_installation()),
      settings_(read_settings(merged_)),
      nginx_program_(find_nginx()),
      socket_(merged_.uds ? ListeningSocket(*merged_.uds)
                          : ListeningSocket(merged_.host, merged_.port)),
      run_dir_(run_dir_parent()) {
  site_ = {.run_dir = run_dir_.path(),
           .listening_socket = socket_.descriptor(),
           .listen = socket_.address(),
           .max_body_bytes = settings_.max_post_body_bytes};
  write_nginx_configuration(site_, installation_);
  sigset_t handled;
  sigemptyset(&handled);
  for (const int signal : {SIGCHLD, SIGHUP, SIGINT, SIGQUIT, SIGTERM}) sigaddset(&handled, signal);
  sigprocmask(SIG_BLOCK, &handled, nullptr);
  signals_ = signalfd(-1, &handled, SFD_CLOEXEC | SFD_NONBLOCK);
  if (signals_ < 0) throw ConfigError(std::string("signalfd: ") + std::strerror(errno));
}

Server::~Server() {
  pool_.sweep();
  nginx_.sweep();
  if (signals_ >= 0) close(signals_);
  if (ready_ >= 0) close(ready_);
}

void Server::start_pool() {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) {
    throw ConfigError(std::string("pipe: ") + std::strerror(errno));
  }
  ready_ = ends[0];
  pool_.pid = fork();
  if (pool_.pid < 0) throw ConfigError(std::string("fork: ") + std::strerror(errno));
  if (pool_.pid == 0) {
    setpgid(0, 0);
    close(ends[0]);
    close(signals_);
    socket_.close();
    int status = 1;
    try {
      status = run_pool({.serve = options_,
                         .run_dir = run_dir_.path(),
                         .root_token = root_token_,
                         .ready_descriptor = ends[1],
                         .parent_death_signal = SIGTERM});
    } catch (const std::exception& error) {
      std::fprintf(stderr, "Error: %s\n", error.what());
    }
    _exit(status);  // without the destructors of the parent's objects
  }
  setpgid(pool_.pid, pool_.pid);
  pool_.alive = true;
  close(ends[1]);
}

bool Server::wait(milliseconds time, int descriptor) {
  std::array<pollfd, 2> waited{{{signals_, POLLIN, 0}, {descriptor, POLLIN, 0}}};
  if (poll(waited.data(), waited.size(), static_cast<int>(time.count())) <= 0) return false;
  if (waited[0].revents != 0) take_signals();
  return waited[1].revents != 0;
}

void Server::take_signals() {
  signalfd_siginfo info{};
  while (read(signals_, &info, sizeof(info)) == static_cast<ssize_t>(sizeof(info))) {
    switch (info.ssi_signo) {
      case SIGCHLD:
        reap();
        break;
      case SIGHUP:
        pool_.signal(SIGHUP);
        break;
      default:
        ++stops_asked_;
    }
  }
}

void Server::reap() {
  int status = 0;
  for (pid_t pid = 0; (pid = waitpid(-1, &status, WNOHANG)) > 0;) {
    for (Child* child : {&pool_, &nginx_}) {
      if (child->pid != pid) continue;
      child->alive = false;
      child->status = status;
    }
  }
}

Server::Outcome Server::await_pool() {
  while (pool_.alive && stops_asked_ == 0) {
    if (!wait(milliseconds(1000), ready_)) continue;
    char byte = 0;
    if (read(ready_, &byte, 1) == 1) return Outcome::kReady;
    // Closed without a word: the pool is ending, and its signal says so soon.
    close(ready_);
    ready_ = -1;
  }
  return stops_asked_ > 0 ? Outcome::kStopped : Outcome::kFailed;
}

Server::Outcome Server::await_nginx() {
  while (both_alive() && stops_asked_ == 0) {
    if (nginx_is_ready(site_)) return Outcome::kReady;
    wait(kReadyPoll);
  }
  return stops_asked_ > 0 ? Outcome::kStopped : Outcome::kFailed;
}

void Server::end_child(Child& child, int gentle, Clock::duration limit) {
  child.signal(gentle);
  const Clock::time_point until = Clock::now() + limit;
  const int stops_before = stops_asked_;
  while (child.alive && stops_asked_ == stops_before) {
    const auto left = std::chrono::duration_cast<milliseconds>(until - Clock::now());
    if (left.count() <= 0) break;
    wait(left);
  }
  child.sweep();
  while (child.alive) wait(milliseconds(100));
}

/// nginx first, so that requests in hand still find their worker.
int Server::end() {
  const bool was_asked = stops_asked_ > 0;
  end_child(nginx_, SIGQUIT, kNginxDrainLimit);
  end_child(pool_, SIGTERM, kPoolDrainLimit);
  return was_asked ? 0 : 1;
}

void Server::say_address() const {
  std::string text;
  if (merged_.uds) {
    text = socket_.address() + "\n";
  } else {
    const std::string host =
        merged_.host.find(':') == std::string::npos ? merged_.host : "[" + merged_.host + "]";
    const std::string site = "http://" + host + ":" + std::to_string(socket_.port());
    const std::string& base_url = settings_.base_url;
    text = site + (base_url == "/" ? "" : base_url) + "\n";
    if (options_.root) {
      const std::string below = base_url.substr(0, base_url.size() - 1);
      text += site + below + root_sign_in_path(root_token_) + "\n";
    }
  }
  try {
    base::print(text);
  } catch (const std::system_error& error) {
    // Whoever closed it knows the address; the site is served all the same.
    base::log(base::LogLevel::kError, "address_not_printed", {{"reason", error.what()}});
  }
}

int Server::run() {
  start_pool();
  Outcome outcome = await_pool();
  if (outcome == Outcome::kReady) {
    nginx_.pid = start_nginx(nginx_program_, site_);
    setpgid(nginx_.pid, nginx_.pid);
    nginx_.alive = true;
    socket_.close();
    outcome = await_nginx();
  }
  if (outcome == Outcome::kReady) {
    say_address();
    while (both_alive() && stops_asked_ == 0) wait(milliseconds(60000));
    if (stops_asked_ == 0) wait(kSignalDelay);
  }
  if (stops_asked_ == 0) {
    if (outcome == Outcome::kFailed && nginx_.pid > 0) {
      std::fputs(nginx_start_log(site_).c_str(), stderr);
    }
    for (const Child* child : {&pool_, &nginx_}) {
      if (child->pid > 0 && !child->alive) {
        std::fprintf(stderr, "Error: %s\n", child->end().c_str());
      }
    }
  }
  return end();
}

}  // namespace

int serve(const config::ServeOptions& options) {
  return Server(options).run();
}

}  // namespace tapedeck::fcgi
