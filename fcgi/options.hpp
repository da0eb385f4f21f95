#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/log.hpp"
#include "config/configuration.hpp"
#include "config/serve_options.hpp"

namespace tapedeck::fcgi {

enum class CommandName {
  kServe,
  kPool,
  kCheck,
  kInspect,
  kHealthcheck,
  kVersion,
  kHelp,
  kHelpSettings
};

/// What the command line and the environment ask for.
struct Command {
  CommandName name = CommandName::kServe;
  /// For all commands; `files` is the URL of healthcheck, `inspect_file` what inspect writes. Host
  /// and port are in force but for the key `serve` of the configuration file:
  /// config::merge_serve_key() brings that in.
  config::ServeOptions options;
  /// `--get PATH`: answer this one request on standard output; serve only.
  std::optional<std::string> get_path;
  /// `--headers`: print status and headers before the body of `--get`.
  bool headers = false;
  /// `--token TOKEN` and `--actor JSON`: on whose behalf `--get` asks.
  std::optional<std::string> token;
  std::optional<std::string> actor;
  /// `--run-dir DIR`: pool makes its sockets there (read.sock, query.sock, export.sock, write.sock)
  /// when it inherits none.
  std::optional<std::string> run_dir;
  /// DATASETTE_LOG_LEVEL.
  base::LogLevel log_level = base::LogLevel::kInfo;
};

/// Reads the arguments after the program's name. `serve` is the default command: `x.db` means
/// `serve x.db`. The last of several values of one option counts, lists are joined; `--` ends the
/// options. DATASETTE_HOST, DATASETTE_PORT and DATASETTE_LOAD_EXTENSION stand behind the
/// command line.
/// Throws config::UsageError for a mistake on the command line, ConfigError for one in the
/// environment; settings and files are looked at by config::load().
[[nodiscard]] Command parse_options(const std::vector<std::string>& arguments,
                                    const config::Environment& environment);

/// What --help-settings prints, with a final newline.
[[nodiscard]] std::string settings_text();
/// What --help prints, with a final newline.
[[nodiscard]] std::string usage_text();

}  // namespace tapedeck::fcgi
