#include "commands/inspect.hpp"

#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <limits>
#include <string>
#include <string_view>

#include <boost/json.hpp>

#include "base/output.hpp"
#include "config/config_error.hpp"
#include "config/database_files.hpp"
#include "config/extensions.hpp"
#include "http/request_error.hpp"
#include "instance/instance.hpp"
#include "render/json_text.hpp"
#include "sqlite/error.hpp"

namespace tapedeck::commands {

namespace {

namespace json = boost::json;

/// Nobody waits for a request here, but a file made to exhaust the memory must not.
constexpr std::int64_t kHeapLimit = std::int64_t{1} << 30;

json::value count_of(sqlite::Connection& connection, std::string_view table) {
  try {
    const auto count =
        connection.query_integer("select count(*) from " + sqlite::quote_identifier(table));
    return count ? json::value(*count) : json::value(nullptr);
  } catch (const sqlite::Error&) {
    return nullptr;
  }
}

json::object inspect_file(const config::DatabaseFile& file, const config::Settings& settings) try {
  instance::Database database(file, settings, nullptr);
  const auto hash = database.hash();
  database.current();
  json::object tables;
  for (const auto& [name, table] : database.catalogue().tables) {
    if (table.is_view()) continue;
    tables[name] = json::object{{"count", count_of(database.connection(), name)}};
  }
  return {{"hash", hash ? json::value(*hash) : json::value()},
          {"size", database.file_size()},
          {"file", file.given_path},
          {"tables", std::move(tables)}};
} catch (const http::RequestError& error) {
  throw config::ConfigError(file.given_path + ": " + error.message);
}

/// A half-written file must not take the place of a whole one.
void write_whole(const std::string& path, std::string_view text) {
  const std::string draft = path + ".new";
  std::ofstream file(draft, std::ios::binary);
  file.write(text.data(), static_cast<std::streamsize>(text.size()));
  file.close();
  if (!file || std::rename(draft.c_str(), path.c_str()) != 0) {
    const std::string reason = std::strerror(errno);
    std::remove(draft.c_str());
    throw config::ConfigError(path + ": cannot be written: " + reason);
  }
}

}  // namespace

int inspect(const config::ServeOptions& options) {
  sqlite::initialise(kHeapLimit);
  instance::use_extensions(config::find_extensions(options.load_extensions));
  config::Settings settings;
  settings.sql_time_limit_ms = std::numeric_limits<int>::max();
  json::object document;
  for (config::DatabaseFile file : config::find_database_files(options)) {
    if (file.path.empty()) continue;
    file.immutable = true;
    document[file.name] = inspect_file(file, settings);
  }
  const std::string text = render::pretty_json(document) + "\n";
  if (options.inspect_file && *options.inspect_file != "-") {
    write_whole(*options.inspect_file, text);
  } else {
    base::print(text);
  }
  return 0;
}

}  // namespace tapedeck::commands
