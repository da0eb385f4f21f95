#include <clocale>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <string>
#include <vector>

#include "base/log.hpp"
#include "base/output.hpp"
#include "commands/check.hpp"
#include "commands/create_token.hpp"
#include "commands/healthcheck.hpp"
#include "commands/inspect.hpp"
#include "config/config_error.hpp"
#include "config/given_paths.hpp"
#include "config/serve_key.hpp"
#include "fcgi/cgi.hpp"
#include "fcgi/get.hpp"
#include "fcgi/installation.hpp"
#include "fcgi/options.hpp"
#include "fcgi/pool.hpp"
#include "fcgi/serve.hpp"
#include "instance/create_databases.hpp"

namespace {

namespace base = tapedeck::base;
namespace commands = tapedeck::commands;
namespace config = tapedeck::config;
namespace fcgi = tapedeck::fcgi;

/// Without a URL the server that the same environment would have started.
std::string health_url(const config::ServeOptions& options) {
  if (!options.files.empty()) return options.files.front();
  const bool is_any = options.host == "0.0.0.0" || options.host == "::";
  const std::string host = is_any ? "127.0.0.1" : options.host;
  const bool is_v6 = host.find(':') != std::string::npos;
  return "http://" + (is_v6 ? "[" + host + "]" : host) + ":" + std::to_string(options.port);
}

/// The key `serve` of the configuration file may ask for it too.
void create_missing_databases(const config::ServeOptions& options) {
  tapedeck::instance::create_missing_databases([&options] {
    const base::QuietLog quiet;  // whoever serves merges again, and warns
    return config::merge_serve_key(options);
  }());
}

void require_given_paths(const fcgi::Command& command) {
  config::ServeOptions options = command.options;
  switch (command.name) {
    case fcgi::CommandName::kVersion:
    case fcgi::CommandName::kHelp:
    case fcgi::CommandName::kHelpSettings:
      return;
    case fcgi::CommandName::kInspect:
      options.inspect_file.reset();  // it is written, and need not be there
      break;
    default:
      break;
  }
  config::require_given_paths(options);
}

int run(const fcgi::Command& command) {
  base::set_log_level(command.log_level);
  const bool serves =
      command.name == fcgi::CommandName::kServe || command.name == fcgi::CommandName::kPool;
  require_given_paths(command);
  if (serves) create_missing_databases(command.options);
  switch (command.name) {
    case fcgi::CommandName::kVersion:
      base::print("tapedeck " TAPEDECK_VERSION "\n");
      return 0;
    case fcgi::CommandName::kHelp:
      base::print(fcgi::usage_text());
      return 0;
    case fcgi::CommandName::kHelpSettings:
      base::print(fcgi::settings_text());
      return 0;
    case fcgi::CommandName::kCheck:
      return commands::check(command.options, &std::getenv, fcgi::find_installation().assets);
    case fcgi::CommandName::kInspect:
      return commands::inspect(command.options);
    case fcgi::CommandName::kHealthcheck:
      return commands::healthcheck(health_url(command.options));
    case fcgi::CommandName::kPool:
      return fcgi::run_pool({.serve = command.options, .run_dir = command.run_dir});
    case fcgi::CommandName::kServe:
      if (!command.get_path) return fcgi::serve(command.options);
      return fcgi::get(command.options, *command.get_path,
                       command.headers ? fcgi::GetOutput::kHeadersAndBody : fcgi::GetOutput::kBody,
                       {.token = command.token, .actor = command.actor});
  }
  return 1;
}

}  // namespace

int main(int argc, char** argv) {
  std::setlocale(LC_ALL, "C");
  try {
    if (fcgi::is_cgi()) return fcgi::answer_cgi();
    const std::vector<std::string> arguments(argv + 1, argv + argc);
    if (!arguments.empty() && arguments.front() == "create-token") {
      return commands::create_token({arguments.begin() + 1, arguments.end()}, &std::getenv);
    }
    return run(fcgi::parse_options(arguments, &std::getenv));
  } catch (const config::UsageError& error) {
    std::fprintf(stderr, "Error: %s\n", error.what());
    return 2;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "Error: %s\n", error.what());
    return 1;
  }
}
