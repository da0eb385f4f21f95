#include "fcgi/nginx_process.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <pwd.h>
#include <string_view>
#include <sys/prctl.h>
#include <unistd.h>
#include <utility>
#include <vector>

#include "base/text.hpp"
#include "config/config_error.hpp"

namespace tapedeck::fcgi {

namespace {

namespace fs = std::filesystem;
using config::ConfigError;

constexpr std::string_view kFrame = "tapedeck.conf.in";
constexpr std::array kSnippets{"tapedeck-http.conf", "tapedeck-server.conf"};
/// Over max_post_body_bytes, so that a body just past the limit gets the worker's own answer.
constexpr long kBodySlack = 1048576;

std::string read_text(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw ConfigError(path.string() + ": cannot be read");
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

void write_text(const fs::path& path, std::string_view text) {
  std::ofstream file(path, std::ios::binary);
  file.write(text.data(), static_cast<std::streamsize>(text.size()));
  if (!file.flush()) throw ConfigError(path.string() + ": cannot be written");
}

/// A parameter in double quotes. nginx has no way to write "$" where it looks for variables.
std::string quoted(const std::string& text) {
  if (text.find('$') != std::string::npos) {
    throw ConfigError(text + ": nginx cannot be given a path with '$' in it");
  }
  return '"' + base::replace_all(base::replace_all(text, "\\", "\\\\"), "\"", "\\\"") + '"';
}

/// Run by root, nginx would change to another user, who may not enter the user's own folders.
std::string user_directive() {
  if (geteuid() != 0) return "";
  const passwd* user = getpwuid(geteuid());
  return user == nullptr ? "" : "user " + quoted(user->pw_name) + ";";
}

std::string start_log_of(const NginxSite& site) {
  return site.run_dir + "/nginx-start.log";
}

}  // namespace

std::string find_nginx() {
  // Debian keeps it where an ordinary user's PATH does not look.
  const char* path = std::getenv("PATH");
  const std::string folders =
      std::string(path == nullptr ? "" : path) + ":/usr/sbin:/usr/local/sbin";
  for (const std::string_view folder : base::split(folders, ':')) {
    if (folder.empty()) continue;
    std::string program = std::string(folder) + "/nginx";
    if (access(program.c_str(), X_OK) == 0) return program;
  }
  throw ConfigError("nginx is not installed (looked in " + folders + ")");
}

void write_nginx_configuration(const NginxSite& site, const Installation& installation) {
  const fs::path run_dir(site.run_dir);
  const long body_limit = site.max_body_bytes == 0 ? 0 : site.max_body_bytes + kBodySlack;
  const std::vector<std::pair<std::string_view, std::string>> values{
      {"@USER_DIRECTIVE@", user_directive()},
      {"@RUN_DIR@", site.run_dir},
      {"@LISTEN@", site.listen},
      {"@STATIC_FILES@", installation.assets.static_files},
      {"@MAX_BODY_BYTES@", std::to_string(body_limit)}};
  std::string text = read_text(fs::path(installation.nginx) / kFrame);
  for (const auto& [name, value] : values) {
    // Paths stand inside a parameter, so they are checked here and quoted there.
    const std::string checked = quoted(value);
    text = base::replace_all(text, name,
                             name == "@USER_DIRECTIVE@"
                                 ? value
                                 : std::string_view(checked).substr(1, checked.size() - 2));
  }
  write_text(run_dir / "nginx.conf", text);
  for (const char* snippet : kSnippets) {
    write_text(run_dir / snippet, read_text(fs::path(installation.nginx) / snippet));
  }
  for (const char* folder : {"cache", "body", "fastcgi", "unused"}) {
    fs::create_directory(run_dir / folder);
  }
}

pid_t start_nginx(const std::string& program, const NginxSite& site) {
  const std::string configuration = site.run_dir + "/nginx.conf";
  const std::string inherited = std::to_string(site.listening_socket) + ";";
  const pid_t parent = getpid();
  const pid_t child = fork();
  if (child < 0) throw ConfigError(std::string("nginx cannot be started: ") + std::strerror(errno));
  if (child > 0) return child;
  setpgid(0, 0);
  prctl(PR_SET_PDEATHSIG, SIGTERM);
  if (getppid() != parent) _exit(1);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  std::signal(SIGPIPE, SIG_DFL);
  // nginx takes over the listening sockets whose numbers this variable lists, as it does from
  // itself when its program is replaced.
  fcntl(site.listening_socket, F_SETFD, 0);
  setenv("NGINX", inherited.c_str(), /*overwrite=*/1);
  // Before it has read its configuration it would greet the terminal with a notice.
  const std::string start_log = start_log_of(site);
  execl(program.c_str(), "nginx", "-e", start_log.c_str(), "-p", site.run_dir.c_str(), "-c",
        configuration.c_str(), static_cast<char*>(nullptr));
  _exit(127);
}

bool nginx_is_ready(const NginxSite& site) {
  std::error_code error;
  return fs::file_size(site.run_dir + "/nginx.pid", error) > 0 && !error;
}

std::string nginx_start_log(const NginxSite& site) {
  std::error_code error;
  const std::string path = start_log_of(site);
  return fs::exists(path, error) ? read_text(path) : std::string();
}

}  // namespace tapedeck::fcgi
