#include "commands/create_token.hpp"

#include <cstdio>
#include <ctime>
#include <optional>
#include <string_view>
#include <utility>

#include "auth/action.hpp"
#include "auth/token.hpp"
#include "base/text.hpp"
#include "config/config_error.hpp"
#include "pages/answer.hpp"

namespace tapedeck::commands {

namespace {

using config::UsageError;

constexpr std::string_view kUsage =
    "Usage: tapedeck create-token [OPTIONS] ID     print an API token for the actor ID\n"
    "\n"
    "  --secret TEXT                  Secret of the server (or TAPEDECK_SECRET, DATASETTE_SECRET)\n"
    "  -e, --expires-after SECONDS    Lifetime; for ever without it\n"
    "  -a, --all ACTION               Restrict the token to this action\n"
    "  -d, --database DB ACTION       ... on one database\n"
    "  -r, --resource DB NAME ACTION  ... on one table, view or query\n"
    "  --debug                        Print the content of the token as well\n"
    "  --help                         Print this text\n";

struct Wanted {
  std::optional<std::string> id;
  std::optional<std::string> secret;
  std::optional<std::int64_t> seconds;
  boost::json::object restrictions;
  bool debug = false;
  bool help = false;
};

/// Takes arguments one by one.
class Reader {
 public:
  explicit Reader(const std::vector<std::string>& arguments) : arguments_(arguments) {}

  [[nodiscard]] bool at_end() const { return next_ == arguments_.size(); }
  const std::string& take() { return arguments_[next_++]; }
  const std::string& value_of(const std::string& option) {
    if (at_end()) throw UsageError("Option '" + option + "' requires an argument");
    return take();
  }

 private:
  const std::vector<std::string>& arguments_;
  std::size_t next_ = 0;
};

std::int64_t parse_seconds(const std::string& text) {
  const auto seconds = base::parse_int64(text);
  if (!seconds || *seconds < 1) {
    throw UsageError("--expires-after should be a number of seconds from 1, not '" + text + "'");
  }
  return *seconds;
}

void warn_of_unknown(std::string_view action) {
  if (auth::find_action(action) != nullptr) return;
  std::fprintf(stderr, "  Unknown permission: %.*s \n", static_cast<int>(action.size()),
               action.data());
}

void read_option(Reader& reader, const std::string& option, Wanted& wanted) {
  if (option == "--help") {
    wanted.help = true;
  } else if (option == "--debug") {
    wanted.debug = true;
  } else if (option == "--secret") {
    wanted.secret = reader.value_of(option);
  } else if (option == "--plugins-dir") {
    reader.value_of(option);
  } else if (option == "-e" || option == "--expires-after") {
    wanted.seconds = parse_seconds(reader.value_of(option));
  } else if (option == "-a" || option == "--all") {
    const std::string& action = reader.value_of(option);
    warn_of_unknown(action);
    auth::allow_action(wanted.restrictions, action);
  } else if (option == "-d" || option == "--database") {
    const std::string& database = reader.value_of(option);
    const std::string& action = reader.value_of(option);
    warn_of_unknown(action);
    auth::allow_action(wanted.restrictions, action, database);
  } else if (option == "-r" || option == "--resource") {
    const std::string& database = reader.value_of(option);
    const std::string& resource = reader.value_of(option);
    const std::string& action = reader.value_of(option);
    warn_of_unknown(action);
    auth::allow_action(wanted.restrictions, action, database, resource);
  } else {
    throw UsageError("No such option: " + option);
  }
}

Wanted read(const std::vector<std::string>& arguments) {
  Wanted wanted;
  std::vector<std::string> split;
  bool only_ids = false;
  for (const std::string& argument : arguments) {
    only_ids = only_ids || argument == "--";
    const std::size_t equals = argument.find('=');
    const bool has_value = !only_ids && argument.starts_with("--") && equals != std::string::npos;
    split.push_back(argument.substr(0, has_value ? equals : std::string::npos));
    if (has_value) split.push_back(argument.substr(equals + 1));
  }
  Reader reader(split);
  only_ids = false;
  while (!reader.at_end()) {
    const std::string& argument = reader.take();
    if (!only_ids && argument == "--") {
      only_ids = true;
    } else if (!only_ids && argument.size() > 1 && argument.starts_with('-')) {
      read_option(reader, argument, wanted);
    } else if (wanted.id) {
      throw UsageError("Got unexpected extra argument (" + argument + ")");
    } else {
      wanted.id = argument;
    }
  }
  return wanted;
}

std::string secret_of(const Wanted& wanted, const config::Environment& environment) {
  std::optional<std::string> secret = wanted.secret;
  for (const char* variable : {"TAPEDECK_SECRET", "DATASETTE_SECRET"}) {
    const char* value = environment(variable);
    if (!secret && value != nullptr && *value != '\0') secret = value;
  }
  if (!secret || secret->empty()) throw UsageError("Missing option '--secret'");
  return *std::move(secret);
}

}  // namespace

int create_token(const std::vector<std::string>& arguments,
                 const config::Environment& environment) {
  const Wanted wanted = read(arguments);
  if (wanted.help) {
    std::fputs(kUsage.data(), stdout);
    return 0;
  }
  if (!wanted.id || wanted.id->empty()) throw UsageError("Missing argument 'ID'");
  const std::string secret = secret_of(wanted, environment);
  const boost::json::object content =
      auth::token_content(*wanted.id, std::time(nullptr), wanted.seconds, wanted.restrictions);
  std::printf("%s\n", auth::make_token(secret, content).c_str());
  if (wanted.debug) std::printf("\nDecoded:\n\n%s\n", pages::pretty_json(content).c_str());
  return 0;
}

}  // namespace tapedeck::commands
