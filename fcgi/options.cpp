#include "fcgi/options.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <sstream>
#include <utility>

#include <boost/json.hpp>
#include <boost/program_options.hpp>

#include "base/json.hpp"
#include "base/text.hpp"
#include "config/config_error.hpp"
#include "config/known_keys.hpp"
#include "config/serve_key.hpp"
#include "config/settings.hpp"

namespace tapedeck::fcgi {
namespace {

namespace po = boost::program_options;
using config::ConfigError;
using config::UsageError;

/// Options of Datasette that this version does not have. Known, so that the message can say so;
/// those with a value are read with it, or the value would pass for a file.
struct AbsentOption {
  const char* name;
  bool has_value;
};
constexpr auto kAbsent = std::to_array<AbsentOption>({{"plugins-dir", true},
                                                      {"internal", true},
                                                      {"pdb", false},
                                                      {"open,o", false},
                                                      {"ssl-keyfile", true},
                                                      {"ssl-certfile", true}});

/// Commands of Datasette that this version does not have.
constexpr auto kAbsentCommands =
    std::to_array<std::string_view>({"plugins", "install", "uninstall", "package", "publish"});

/// Options whose empty value is the slip of a script with an unset variable, and means nothing.
constexpr auto kNeverEmpty =
    std::to_array<std::string_view>({"files", "immutable", "host", "uds", "metadata", "config",
                                     "template-dir", "load-extension", "inspect-file", "run-dir"});

struct CommandWord {
  std::string_view word;
  CommandName name;
};
constexpr auto kCommands = std::to_array<CommandWord>({{"serve", CommandName::kServe},
                                                       {"pool", CommandName::kPool},
                                                       {"check", CommandName::kCheck},
                                                       {"inspect", CommandName::kInspect},
                                                       {"healthcheck", CommandName::kHealthcheck}});

/// Commands that do not serve know few options; the others take those of `serve`.
struct NarrowCommand {
  CommandName name;
  std::array<std::string_view, 3> options;
};
constexpr auto kNarrowCommands = std::to_array<NarrowCommand>(
    {{CommandName::kInspect, {"files", "inspect-file", "load-extension"}},
     {CommandName::kHealthcheck, {"files", "", ""}}});

po::options_description shown_options() {
  const auto text = [](const char* name) { return po::value<std::string>()->value_name(name); };
  po::options_description options("Options");
  options.add_options()                                                                      //
      ("immutable,i", text("PATH"), "Database file that is promised not to change")          //
      ("host,h", text("HOST"), "Address to listen on (127.0.0.1)")                           //
      ("port,p", text("PORT"), "Port to listen on, 0 for a free one (8001)")                 //
      ("uds", text("PATH"), "Listen on a Unix socket instead")                               //
      ("metadata,m", text("FILE"), "JSON or YAML file with descriptions")                    //
      ("config,c", text("FILE"), "JSON or YAML file with the configuration")                 //
      ("setting,s", text("NAME VALUE"), "A setting, or a dotted path of the configuration")  //
      ("template-dir", text("DIR"), "Folder with your own templates")                        //
      ("static", text("MOUNT:DIR"), "Serve the files of DIR at /MOUNT/")                     //
      ("cors", "Send CORS headers")                                                          //
      ("memory", "Serve the in-memory database _memory")                                     //
      ("create", "Create database files that do not exist")                                  //
      ("crossdb", "Serve _memory, whose SQL reads the first ten databases")                  //
      ("nolock", "Open files that another program keeps locked")                             //
      ("load-extension", text("PATH[:ENTRY]"), "SQLite extension to load")                   //
      ("inspect-file", text("FILE"), "Counts and hashes of immutable files (see inspect)")   //
      ("reload", "Load everything anew when a file changes; no cache headers")               //
      ("root", "Print an address that signs in as root, who may do everything")              //
      ("default-deny", "Nothing is allowed unless the configuration allows it")              //
      ("secret", text("SECRET"), "Secret that signs cookies and tokens")                     //
      ("workers", text("N"), "Workers for pages (by the number of processors)")              //
      ("get", text("PATH"), "serve: answer one request on standard output")                  //
      ("headers", "With --get: print status and headers first")                              //
      ("token", text("TOKEN"), "With --get: send this API token")                            //
      ("actor", text("JSON"), "With --get: ask as this actor")                               //
      ("run-dir", text("DIR"), "pool: folder for the sockets when none are inherited")       //
      ("version-note", text("NOTE"), "Shown at /-/versions")                                 //
      ("help-settings", "Print the settings and their defaults")                             //
      ("version", "Print the version")                                                       //
      ("help", "Print this text");
  return options;
}

po::options_description all_options() {
  auto options = shown_options();
  options.add_options()("files", po::value<std::vector<std::string>>());
  for (const AbsentOption& absent : kAbsent) {
    if (absent.has_value) {
      options.add_options()(absent.name, po::value<std::string>());
    } else {
      options.add_options()(absent.name, "");
    }
  }
  return options;
}

/// `--setting NAME VALUE` and its shorter forms (`-s`, `--setting=NAME VALUE`, `-sNAME VALUE`): the
/// library knows options of one value or of any number, not of two.
std::vector<po::option> take_setting(std::vector<std::string>& arguments) {
  if (arguments.empty()) return {};
  const std::string& first = arguments.front();
  std::optional<std::string> glued_name;
  for (const std::string_view glued : {"--setting=", "-s"}) {
    if (first.starts_with(glued) && first != "-s") glued_name = first.substr(glued.size());
  }
  if (!glued_name && first != "--setting" && first != "-s") return {};
  const std::size_t taken = glued_name ? 2 : 3;
  if (arguments.size() < taken) throw UsageError("--setting requires two arguments: NAME VALUE");
  const auto end = arguments.begin() + static_cast<std::ptrdiff_t>(taken);
  po::option option;
  option.string_key = "setting";
  option.value = {glued_name ? *glued_name : arguments[1], arguments[taken - 1]};
  option.original_tokens = {arguments.begin(), end};
  arguments.erase(arguments.begin(), end);
  return {option};
}

std::vector<po::option> split_arguments(const std::vector<std::string>& arguments) {
  static const po::options_description options = all_options();
  po::positional_options_description positional;
  positional.add("files", -1);
  // Guessing would let today's `--me` change its meaning with tomorrow's options.
  constexpr int kStyle =
      po::command_line_style::unix_style & ~po::command_line_style::allow_guessing;
  try {
    return po::command_line_parser(arguments)
        .options(options)
        .positional(positional)
        .style(kStyle)
        .extra_style_parser(take_setting)
        .run()
        .options;
  } catch (const po::error& error) {
    throw UsageError(error.what());
  }
}

void refuse_absent(std::string_view name) {
  const auto found = std::ranges::find_if(kAbsent, [name](const AbsentOption& absent) {
    const std::string_view both = absent.name;
    return both.substr(0, both.find(',')) == name;
  });
  if (found != kAbsent.end()) {
    throw UsageError("--" + std::string(name) + ": this version does not have the option");
  }
}

int parse_workers(const std::string& text) {
  const auto number = base::parse_int64(text);
  if (!base::is_all_digits(text) || !number || *number > config::kMaxWorkers) {
    throw UsageError("--workers should be a number from 0 to " +
                     std::to_string(config::kMaxWorkers) + ", not '" + text + "'");
  }
  return static_cast<int>(*number);
}

/// A mistake that is one of the command line here, and one of a file elsewhere.
template <class Parse>
auto as_usage_error(Parse parse) try {
  return parse();
} catch (const ConfigError& error) {
  throw UsageError(error.what());
}

config::StaticMount parse_static(const std::string& text) {
  const std::size_t colon = text.find(':');
  if (colon == std::string::npos) {
    throw UsageError("--static: '" + text + "' should be of the form MOUNT:DIR");
  }
  return as_usage_error([&] {
    return config::make_static_mount(std::string_view(text).substr(0, colon),
                                     text.substr(colon + 1));
  });
}

void add_mount(std::vector<config::StaticMount>& mounts, config::StaticMount mount) {
  if (std::ranges::find(mounts, mount.mount, &config::StaticMount::mount) != mounts.end()) {
    throw UsageError("static mount '" + mount.mount + "' is given twice");
  }
  mounts.push_back(std::move(mount));
}

void require_no_empty(std::string_view option, const std::vector<std::string>& values) {
  if (std::ranges::find(kNeverEmpty, option) == kNeverEmpty.end()) return;
  if (std::ranges::find(values, std::string()) == values.end()) return;
  throw UsageError(option == "files" ? "the name of a file must not be empty"
                                     : "--" + std::string(option) + " must not be empty");
}

struct Flag {
  std::string_view name;
  bool config::ServeOptions::*member;
};
constexpr auto kFlags =
    std::to_array<Flag>({{"cors", &config::ServeOptions::cors},
                         {"memory", &config::ServeOptions::memory},
                         {"crossdb", &config::ServeOptions::crossdb},
                         {"nolock", &config::ServeOptions::nolock},
                         {"create", &config::ServeOptions::create},
                         {"reload", &config::ServeOptions::reload},
                         {"root", &config::ServeOptions::root},
                         {"default-deny", &config::ServeOptions::default_deny}});

void apply(Command& command, const std::string& name, const std::vector<std::string>& values) {
  config::ServeOptions& options = command.options;
  const std::string value = values.empty() ? std::string() : values.front();
  require_no_empty(name, values);
  if (const auto* flag = std::ranges::find(kFlags, name, &Flag::name); flag != kFlags.end()) {
    options.*(flag->member) = true;
    return;
  }
  if (name == "files") {
    options.files.insert(options.files.end(), values.begin(), values.end());
  } else if (name == "immutable") {
    options.immutable.push_back(value);
  } else if (name == "host") {
    options.host = value;
    options.is_host_given = true;
  } else if (name == "port") {
    options.port = as_usage_error([&] { return config::parse_port(value, "--port"); });
    options.is_port_given = true;
  } else if (name == "metadata") {
    options.metadata = value;
  } else if (name == "config") {
    options.config = value;
  } else if (name == "setting") {
    options.settings.emplace_back(values[0], values[1]);
  } else if (name == "template-dir") {
    options.template_dir = value;
  } else if (name == "static") {
    add_mount(options.static_mounts, parse_static(value));
  } else if (name == "secret") {
    options.secret = value;
  } else if (name == "workers") {
    options.workers = parse_workers(value);
  } else if (name == "get") {
    command.get_path = value;
  } else if (name == "headers") {
    command.headers = true;
  } else if (name == "token") {
    command.token = value;
  } else if (name == "actor") {
    command.actor = value;
  } else if (name == "run-dir") {
    command.run_dir = value;
  } else if (name == "uds") {
    options.uds = value;
  } else if (name == "load-extension") {
    options.load_extensions.push_back(value);
  } else if (name == "inspect-file") {
    options.inspect_file = value;
  } else if (name == "version-note") {
    options.version_note = value;
  } else if (name == "help-settings") {
    command.name = CommandName::kHelpSettings;
  } else if (name == "version") {
    command.name = CommandName::kVersion;
  } else if (name == "help") {
    command.name = CommandName::kHelp;
  } else {
    refuse_absent(name);
  }
}

void require_allowed(CommandName command, std::string_view option) {
  const auto* narrow = std::ranges::find(kNarrowCommands, command, &NarrowCommand::name);
  if (narrow == kNarrowCommands.end() || option == "help") return;
  if (std::ranges::find(narrow->options, option) != narrow->options.end()) return;
  const auto* word = std::ranges::find(kCommands, command, &CommandWord::name);
  throw UsageError("--" + std::string(option) + " cannot be used with " + std::string(word->word));
}

void check_together(const Command& command) {
  if (command.headers && !command.get_path) {
    throw UsageError("--headers can only be used with --get");
  }
  if ((command.token || command.actor) && !command.get_path) {
    throw UsageError("--token and --actor can only be used with --get");
  }
  if (command.get_path && command.name != CommandName::kServe) {
    throw UsageError("--get can only be used with serve");
  }
  if (command.get_path && !command.get_path->starts_with('/')) {
    throw UsageError("--get: the path '" + *command.get_path + "' should begin with /");
  }
  if (command.run_dir && command.name != CommandName::kPool) {
    throw UsageError("--run-dir can only be used with pool");
  }
  if (command.name == CommandName::kInspect && command.options.files.empty()) {
    throw UsageError("inspect: which files?");
  }
  if (command.name == CommandName::kHealthcheck && command.options.files.size() > 1) {
    throw UsageError("healthcheck takes one URL");
  }
}

/// The first word may be a file, and a file may have any name; so a word passes for a mistyped
/// command only if it is near to one and nothing else speaks for a file.
void refuse_unknown_command(const std::vector<std::string>& arguments) {
  const std::string& word = arguments.front();
  if (std::ranges::find(kAbsentCommands, word) != kAbsentCommands.end()) {
    throw UsageError(word + ": this version does not have the command");
  }
  std::error_code error;
  const bool may_be_file = word.starts_with('-') ||
                           word.find_first_of("./*?[") != std::string::npos ||
                           std::filesystem::exists(word, error) ||
                           std::ranges::find(arguments, "--create") != arguments.end();
  if (may_be_file) return;
  std::vector<std::string_view> commands = {"create-token"};
  for (const CommandWord& known : kCommands) commands.push_back(known.word);
  const std::string nearest = config::nearest_name(word, commands);
  if (!nearest.empty()) {
    throw UsageError(word + ": unknown command, did you mean " + nearest + "?");
  }
}

// An empty variable counts as unset: container files often pass variables on without a value.
std::optional<std::string> variable(const config::Environment& environment, const char* name) {
  const char* value = environment(name);
  return value == nullptr || *value == '\0' ? std::nullopt : std::optional<std::string>(value);
}

void apply_environment(Command& command, const config::Environment& environment) {
  config::ServeOptions& options = command.options;
  if (const auto host = variable(environment, "DATASETTE_HOST"); host && !options.is_host_given) {
    options.host = *host;
    options.is_host_given = true;
  }
  if (const auto port = variable(environment, "DATASETTE_PORT"); port && !options.is_port_given) {
    options.port = config::parse_port(*port, "environment variable DATASETTE_PORT");
    options.is_port_given = true;
  }
  // As Datasette reads it: names separated by spaces, in place of none on the command line.
  const auto extensions = variable(environment, "DATASETTE_LOAD_EXTENSION");
  if (extensions && options.load_extensions.empty()) {
    options.are_extensions_of_environment = true;
    for (const std::string_view extension : base::split(*extensions, ' ')) {
      if (!extension.empty()) options.load_extensions.emplace_back(extension);
    }
  }
  const auto level = variable(environment, "DATASETTE_LOG_LEVEL");
  if (level && !base::parse_log_level(*level, command.log_level)) {
    throw ConfigError(
        "environment variable DATASETTE_LOG_LEVEL should be DEBUG, INFO, WARNING or ERROR, not '" +
        *level + "'");
  }
}

}  // namespace

Command parse_options(const std::vector<std::string>& arguments,
                      const config::Environment& environment) {
  Command command;
  std::vector<std::string> rest = arguments;
  if (!rest.empty()) {
    const auto* word = std::ranges::find(kCommands, rest.front(), &CommandWord::word);
    if (word != kCommands.end()) {
      command.name = word->name;
      rest.erase(rest.begin());
    } else {
      refuse_unknown_command(rest);
    }
  }
  const CommandName given = command.name;
  for (const po::option& option : split_arguments(rest)) {
    // The library's name for arguments without an option is no option itself.
    if (option.string_key == "files" && option.position_key < 0) {
      throw UsageError("unrecognised option '--files'");
    }
    require_allowed(given, option.string_key);
    apply(command, option.string_key, option.value);
  }
  if (command.name != given) return command;  // help, version: whatever else was said
  check_together(command);
  apply_environment(command, environment);
  return command;
}

std::string settings_text() {
  constexpr std::size_t kHelpColumn = 32;
  const config::Settings defaults;
  std::string text = "Settings (--setting NAME VALUE, or DATASETTE_NAME in the environment)\n";
  for (const config::SettingInfo& setting : config::setting_table()) {
    std::string line = "  " + std::string(setting.name);
    line.resize(std::max(line.size() + 1, kHelpColumn), ' ');
    text += line + std::string(setting.help) + " (default " +
            base::to_json(config::json_of(defaults, setting)) + ")\n";
  }
  return text;
}

std::string usage_text() {
  std::ostringstream options;
  options << shown_options();
  std::string text =
      "Usage: tapedeck [serve] [OPTIONS] [FILES]...   serve databases on HOST:PORT\n"
      "       tapedeck pool [OPTIONS] [FILES]...      run the FastCGI workers alone\n"
      "       tapedeck create-token [OPTIONS] ID      print an API token (--help tells the "
      "options)\n"
      "       tapedeck check [OPTIONS] [FILES]...     look for mistakes in what would be served\n"
      "       tapedeck inspect [--inspect-file FILE] [--load-extension PATH] FILES...\n"
      "                                               print hashes and row counts as JSON\n"
      "       tapedeck healthcheck [URL]              ask a running server whether it is well\n"
      "\n" +
      options.str() + "\n" + settings_text();
  return text;
}

}  // namespace tapedeck::fcgi
