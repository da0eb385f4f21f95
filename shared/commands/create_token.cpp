#include "commands/create_token.hpp"

#include <cstdio>
#include <ctime>
#include <optional>
#include <string_view>
#include <utility>

#include "auth/action.hpp"
#include "auth/token.hpp"
#include "base/output.hpp"
#include "base/text.hpp"
#include "config/config_error.hpp"
#include "render/json_text.hpp"

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

  /// The name in an option `--name=VALUE`, `--name`, `-nVALUE` or `-n`; the value is kept for
  /// values_of().
  std::string name_of(const std::string& option) {
    attached_.reset();
    const bool is_long = option.starts_with("--");
    const std::size_t end = is_long ? option.find('=') : kShortLength;
    if (end >= option.size()) return option;
    attached_ = option.substr(is_long ? end + 1 : end);
    return option.substr(0, end);
  }
  std::vector<std::string> values_of(const std::string& option, std::size_t count) {
    std::vector<std::string> values;
    if (attached_) values.push_back(*std::exchange(attached_, std::nullopt));
    while (values.size() < count && !at_end()) values.push_back(take());
    if (values.size() < count) {
      throw UsageError("Option '" + option + "' requires " +
                       (count == 1 ? "an argument" : std::to_string(count) + " arguments"));
    }
    return values;
  }
  void require_no_value(const std::string& option) const {
    if (attached_) throw UsageError("Option '" + option + "' does not take a value");
  }

 private:
  static constexpr std::size_t kShortLength = 2;

  const std::vector<std::string>& arguments_;
  std::size_t next_ = 0;
  std::optional<std::string> attached_;
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

void read_option(Reader& reader, const std::string& argument, Wanted& wanted) {
  const std::string option = reader.name_of(argument);
  if (option == "--help") {
    reader.require_no_value(option);
    wanted.help = true;
  } else if (option == "--debug") {
    reader.require_no_value(option);
    wanted.debug = true;
  } else if (option == "--secret") {
    wanted.secret = reader.values_of(option, 1)[0];
  } else if (option == "--plugins-dir") {
    reader.values_of(option, 1);
  } else if (option == "-e" || option == "--expires-after") {
    wanted.seconds = parse_seconds(reader.values_of(option, 1)[0]);
  } else if (option == "-a" || option == "--all") {
    const auto values = reader.values_of(option, 1);
    warn_of_unknown(values[0]);
    auth::allow_action(wanted.restrictions, values[0]);
  } else if (option == "-d" || option == "--database") {
    const auto values = reader.values_of(option, 2);
    warn_of_unknown(values[1]);
    auth::allow_action(wanted.restrictions, values[1], values[0]);
  } else if (option == "-r" || option == "--resource") {
    const auto values = reader.values_of(option, 3);
    warn_of_unknown(values[2]);
    auth::allow_action(wanted.restrictions, values[2], values[0], values[1]);
  } else {
    throw UsageError("No such option: " + option);
  }
}

Wanted read(const std::vector<std::string>& arguments) {
  Wanted wanted;
  Reader reader(arguments);
  bool only_ids = false;
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
    base::print(kUsage);
    return 0;
  }
  if (!wanted.id || wanted.id->empty()) throw UsageError("Missing argument 'ID'");
  const std::string secret = secret_of(wanted, environment);
  const boost::json::object content = auth::token_content(
      boost::json::value(*wanted.id), std::time(nullptr), wanted.seconds, wanted.restrictions);
  std::string text = auth::make_token(secret, content) + "\n";
  if (wanted.debug) text += "\nDecoded:\n\n" + render::pretty_json(content) + "\n";
  base::print(text);
  return 0;
}

}  // namespace tapedeck::commands
