#include "config/configuration.hpp"

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>
#include <sys/stat.h>
#include <utility>

#include "base/digest.hpp"
#include "base/json.hpp"
#include "base/log.hpp"
#include "base/text.hpp"
#include "config/configuration_file.hpp"
#include "config/directory.hpp"
#include "config/inspect_data.hpp"
#include "config/known_keys.hpp"
#include "config/moved_keys.hpp"
#include "config/serve_key.hpp"

namespace tapedeck::config {
namespace {

namespace json = boost::json;

constexpr std::string_view kSettingOption = "--setting";
// As deep as a file may be nested.
constexpr std::size_t kMostSteps = 100;

const json::object* object_in(const json::object* object, std::string_view key) {
  const json::value* value = object == nullptr ? nullptr : object->if_contains(key);
  return value == nullptr ? nullptr : value->if_object();
}

void warn_unknown(const std::vector<UnknownKey>& keys, std::string_view source) {
  for (const UnknownKey& key : keys) {
    if (key.nearest.empty()) {
      base::log(base::LogLevel::kWarning, "unknown key", {{"file", source}, {"key", key.path}});
    } else {
      base::log(base::LogLevel::kWarning, "unknown key",
                {{"file", source}, {"key", key.path}, {"nearest", key.nearest}});
    }
  }
}

/// Throws ConfigError naming `file`.
void set_from_file(Settings& settings, const json::object& config, std::string_view file) {
  const json::object* values = object_in(&config, "settings");
  if (values == nullptr) return;
  for (const auto& [name, value] : *values) {
    if (is_removed_setting(name)) continue;
    const SettingInfo* setting = find_setting(name);
    if (setting == nullptr) {
      throw ConfigError(std::string(file) + ": Invalid setting '" + std::string(name) +
                        "' in config file");
    }
    if (const auto result = set_from_json(settings, *setting, value); !result) {
      throw ConfigError(std::string(file) + ": " + result.error().message());
    }
  }
}

/// Where each query is defined, by its dotted path: a message has to name the file when all are
/// merged.
using QuerySources = std::map<std::string, std::vector<std::string>, std::less<>>;

std::string query_path(std::string_view database, std::string_view query) {
  return "databases." + std::string(database) + ".queries." + std::string(query);
}

/// Calls `visit` with the path and the definition of each query.
template <class Visit>
void for_each_query(const json::object& config, Visit visit) {
  const json::object* databases = object_in(&config, "databases");
  if (databases == nullptr) return;
  for (const auto& [database, value] : *databases) {
    const json::object* queries = object_in(value.if_object(), "queries");
    if (queries == nullptr) continue;
    for (const auto& [name, query] : *queries) visit(query_path(database, name), query);
  }
}

void note_queries(QuerySources& sources, const json::object& config, const std::string& source) {
  for_each_query(config, [&](const std::string& path, const json::value&) {
    sources[path].push_back(source);
  });
}

json::object read_checked(const std::string& path, FileKind kind, QuerySources& queries) {
  json::object object = read_configuration_file(path);
  Settings checked;  // here, since after moving nobody knows which file a setting was in
  set_from_file(checked, object, path);
  warn_unknown(check_keys(object, kind, path), path);
  note_queries(queries, object, path);
  return object;
}

void move_from_metadata(Configuration& configuration, const std::string& file) {
  const MovedKeys moved = move_keys(configuration.metadata, configuration.config);
  if (!moved.beyond_datasette.empty()) {
    base::log(base::LogLevel::kWarning, "metadata keys moved to the configuration",
              {{"file", file}, {"keys", base::join(moved.beyond_datasette, " ")}});
  }
  if (!moved.conflicts.empty()) {
    base::log(base::LogLevel::kWarning, "keys stand in metadata and configuration",
              {{"file", file}, {"keys", base::join(moved.conflicts, " ")}});
  }
}

/// Objects member by member, anything else replaced.
void merge_into(json::object& target, const json::object& source) {
  for (const auto& [key, value] : source) {
    json::value& present = target[key];
    if (present.is_object() && value.is_object()) {
      merge_into(present.get_object(), value.get_object());
    } else {
      present = value;
    }
  }
}

json::value json_or_text(std::string_view text) {
  json::error_code error;
  json::value value = json::parse(text, error);
  return error ? json::value(text) : value;
}

/// `plugins.my-plugin.key VALUE`, as an object for the place that it names.
json::object overlay_of(const std::string& path, std::string_view text) {
  const auto steps = base::split(path, '.');
  if (std::ranges::find(steps, std::string_view()) != steps.end()) {
    throw UsageError("--setting " + path + ": a name is missing beside a dot");
  }
  if (steps.size() > kMostSteps) {
    throw UsageError("--setting " + path.substr(0, 60) + ": is nested too deep");
  }
  if (steps.front() == "serve") {
    throw UsageError("--setting " + path + ": the key serve belongs in a configuration file");
  }
  json::value value = json_or_text(text);
  if (infinite_number(value)) {
    throw UsageError("--setting " + path + ": the number is too large");
  }
  for (auto step = steps.rbegin(); step != steps.rend(); ++step) {
    json::object outer;
    outer.emplace(*step, std::move(value));
    value = std::move(outer);
  }
  return std::move(value.get_object());
}

[[noreturn]] void throw_unknown_setting(std::string_view name) {
  std::vector<std::string_view> names;
  for (const SettingInfo& setting : setting_table()) names.push_back(setting.name);
  const std::string nearest = nearest_name(name, names);
  throw UsageError("--setting " + std::string(name) + ": unknown setting" +
                   (nearest.empty() ? "" : ", did you mean " + nearest + "?"));
}

/// The name of a setting given as NAME or settings.NAME; nothing for another dotted path.
std::optional<std::string_view> setting_name(std::string_view path) {
  constexpr std::string_view kPrefix = "settings.";
  if (path.starts_with(kPrefix)) return path.substr(kPrefix.size());
  if (path.find('.') == std::string_view::npos) return path;
  return std::nullopt;
}

/// Settings are shown where a file would have set them.
void show_setting(Configuration& configuration, const SettingInfo& setting) {
  json::value& shown = configuration.config["settings"];
  if (!shown.is_object()) shown.emplace_object();
  shown.get_object()[setting.name] = json_of(configuration.settings, setting);
}

std::string variable_name(const SettingInfo& setting) {
  std::string name = "DATASETTE_";
  for (const char c : setting.name) {
    name += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  }
  return name;
}

void set_from_environment(Configuration& configuration, const Environment& environment) {
  for (const SettingInfo& setting : setting_table()) {
    const std::string variable = variable_name(setting);
    const char* text = environment(variable.c_str());
    // Container files often pass variables on without a value.
    if (text == nullptr || *text == '\0') continue;
    if (const auto result = set_from_text(configuration.settings, setting, text); !result) {
      throw ConfigError("environment variable " + variable + ": " + result.error().message());
    }
    show_setting(configuration, setting);
  }
}

void set_from_options(Configuration& configuration, const ServeOptions& options) {
  for (const auto& [path, text] : options.settings) {
    const auto name = setting_name(path);
    if (!name || is_removed_setting(*name)) continue;
    const SettingInfo* setting = find_setting(*name);
    if (setting == nullptr) throw_unknown_setting(*name);
    if (const auto result = set_from_text(configuration.settings, *setting, text); !result) {
      throw UsageError("--setting " + path + ": " + result.error().message());
    }
    show_setting(configuration, *setting);
  }
}

void overlay_options(json::object& config, const ServeOptions& options, QuerySources& queries) {
  json::object overlay;
  for (const auto& [path, text] : options.settings) {
    if (!setting_name(path)) merge_into(overlay, overlay_of(path, text));
  }
  try {
    warn_unknown(check_keys(overlay, FileKind::kConfig, kSettingOption), kSettingOption);
  } catch (const ConfigError& error) {
    throw UsageError(error.what());
  }
  note_queries(queries, overlay, std::string(kSettingOption));
  merge_into(config, overlay);
}

/// Only now, since text and title of one query may stand in different files.
void require_sql(const json::object& config, const QuerySources& sources) {
  for_each_query(config, [&sources](const std::string& path, const json::value& query) {
    const json::object* object = query.if_object();
    const json::value* sql = object == nullptr ? &query : object->if_contains("sql");
    if (sql != nullptr && sql->is_string()) return;
    const std::vector<std::string>& files = sources.at(path);
    const std::string message =
        base::join({files.begin(), files.end()}, " and ") + ": \"" + path + "\" has no \"sql\"";
    if (files == std::vector{std::string(kSettingOption)}) throw UsageError(message);
    throw ConfigError(message);
  });
}

void warn_of_log(const DatabaseFile& database) {
  struct stat status {};
  const std::string log = database.path + "-wal";
  if (::stat(log.c_str(), &status) == 0 && status.st_size > 0) {
    base::log(base::LogLevel::kWarning,
              "immutable database has a write-ahead log, which is not read",
              {{"database", database.name}, {"log", log}});
  }
}

void configure_databases(Configuration& configuration) {
  for (DatabaseFile& database : configuration.databases) {
    if (database.path.empty()) continue;
    if (const json::object* keys = configuration.database_config(database.name)) {
      const json::value* immutable = keys->if_contains("immutable");
      // `false` never takes -i back: a promise was given.
      if (immutable != nullptr && (*immutable == true || *immutable == 1)) {
        database.immutable = true;
      }
      const json::value* cache = keys->if_contains("cache_size_kb");
      if (cache != nullptr && cache->is_int64()) {
        database.cache_size_kb = static_cast<int>(cache->get_int64());
      }
    }
    if (database.immutable) warn_of_log(database);
  }
}

std::optional<std::string> resolved_template_dir(const std::optional<std::string>& directory) {
  if (!directory) return std::nullopt;
  std::error_code error;
  const auto resolved = std::filesystem::canonical(*directory, error);
  if (error || !std::filesystem::is_directory(resolved, error)) {
    throw ConfigError("template directory '" + *directory + "' is not a directory");
  }
  return resolved.string();
}

std::vector<StaticMount> unique_mounts(const std::vector<StaticMount>& mounts) {
  std::vector<StaticMount> known;
  for (const StaticMount& mount : mounts) {
    if (std::ranges::find(known, mount.mount, &StaticMount::mount) != known.end()) {
      throw ConfigError("static mount '" + mount.mount + "' is given twice");
    }
    known.push_back(mount);
  }
  return known;
}

std::string secret_of(const ServeOptions& options, const Environment& environment) {
  if (options.secret) {
    if (options.secret->empty()) throw UsageError("--secret must not be empty");
    return *options.secret;
  }
  for (const char* variable : {"TAPEDECK_SECRET", "DATASETTE_SECRET"}) {
    const char* secret = environment(variable);
    if (secret != nullptr && *secret != '\0') return secret;
  }
  return {};
}

/// Tells which databases `--crossdb` leaves out for those who may query all of them.
void warn_of_unattached(const std::vector<DatabaseFile>& databases) {
  std::vector<std::string> names;
  for (const DatabaseFile& file : databases) {
    if (!file.path.empty()) names.push_back(file.name);
  }
  const std::vector<std::string> attached = attached_names(names);
  std::set<std::string> schemas = {"main", "temp"};
  for (const std::string& name : attached) schemas.insert(base::to_lower(name));
  for (const std::string& name : names) {
    if (std::ranges::find(attached, name) != attached.end()) continue;
    base::log(base::LogLevel::kWarning,
              schemas.contains(base::to_lower(name))
                  ? "--crossdb cannot attach this one, its name is taken (case does not count)"
                  : "--crossdb attaches at most ten databases, not this one",
              {{"database", name}});
  }
}

/// The secret stays out: pages that depend on it are never cached, and an ETag is public.
std::string digest_of(const Configuration& configuration, const ServeOptions& options) {
  json::object settings;
  for (const SettingInfo& setting : setting_table()) {
    settings[setting.name] = json_of(configuration.settings, setting);
  }
  json::array databases;
  for (const DatabaseFile& database : configuration.databases) {
    databases.push_back(json::array{database.name, database.path, database.immutable,
                                    database.cache_size_kb, database.hash,
                                    json::value_from(database.counts)});
  }
  json::array extensions;
  for (const Extension& extension : configuration.extensions) {
    extensions.push_back(json::array{extension.path, extension.entry_point});
  }
  json::array mounts;
  for (const StaticMount& mount : configuration.static_mounts) {
    mounts.push_back(json::array{mount.mount, mount.directory});
  }
  json::object all;
  all["settings"] = std::move(settings);
  all["metadata"] = configuration.metadata;
  all["config"] = configuration.config;
  all["databases"] = std::move(databases);
  all["static"] = std::move(mounts);
  all["extensions"] = std::move(extensions);
  all["version_note"] = configuration.version_note;
  all["template_dir"] = configuration.template_dir.value_or("");
  all["cors"] = configuration.cors;
  all["crossdb"] = options.crossdb;
  all["root"] = options.root;
  all["default_deny"] = options.default_deny;
  all["nolock"] = options.nolock;
  return base::sha256_hex(base::to_json(all));
}

void append_text(std::string& out, const json::value& value) {
  switch (value.kind()) {
    case json::kind::double_:
      base::append_double(out, value.get_double());
      break;
    case json::kind::array: {
      std::string_view separator = "[";
      for (const auto& item : value.get_array()) {
        out += std::exchange(separator, ", ");
        append_text(out, item);
      }
      out += value.get_array().empty() ? "[]" : "]";
      break;
    }
    case json::kind::object: {
      std::string_view separator = "{";
      for (const auto& [key, item] : value.get_object()) {
        out += std::exchange(separator, ", ");
        out += base::to_json(key);
        out += ": ";
        append_text(out, item);
      }
      out += value.get_object().empty() ? "{}" : "}";
      break;
    }
    default:
      out += base::to_json(value);
  }
}

}  // namespace

const json::object* Configuration::database_config(std::string_view database) const {
  return object_in(object_in(&config, "databases"), database);
}

const json::object* Configuration::table_config(std::string_view database,
                                                std::string_view table) const {
  return object_in(object_in(database_config(database), "tables"), table);
}

const json::object* Configuration::query_config(std::string_view database,
                                                std::string_view query) const {
  return object_in(object_in(database_config(database), "queries"), query);
}

const json::object* Configuration::database_metadata(std::string_view database) const {
  return object_in(object_in(&metadata, "databases"), database);
}

const json::object* Configuration::table_metadata(std::string_view database,
                                                  std::string_view table) const {
  return object_in(object_in(database_metadata(database), "tables"), table);
}

Configuration load(const ServeOptions& as_given, const Environment& environment) {
  Configuration configuration;
  QuerySources queries;
  const ServeOptions given = with_directory(as_given);
  warn_of_unread_files(given);
  if (given.config) configuration.config = read_checked(*given.config, FileKind::kConfig, queries);
  const ServeOptions options = merge_serve_key(given, configuration.config);
  configuration.config.stable_erase("serve");
  if (options.metadata) {
    configuration.metadata = read_checked(*options.metadata, FileKind::kMetadata, queries);
    move_from_metadata(configuration, *options.metadata);
  }
  overlay_options(configuration.config, options, queries);
  require_sql(configuration.config, queries);

  set_from_file(configuration.settings, configuration.config, "configuration");
  set_from_environment(configuration, environment);
  set_from_options(configuration, options);

  configuration.databases = find_database_files(options);
  configure_databases(configuration);
  if (options.inspect_file) {
    apply_inspect_data(read_inspect_file(*options.inspect_file), configuration.databases);
  }
  configuration.extensions = options.are_extensions_of_environment
                                 ? find_extensions(options.load_extensions,
                                                   "environment variable DATASETTE_LOAD_EXTENSION:")
                                 : find_extensions(options.load_extensions);
  configuration.version_note = options.version_note.value_or("");
  configuration.no_cache_headers = options.reload;
  configuration.crossdb = options.crossdb;
  if (options.crossdb) warn_of_unattached(configuration.databases);
  configuration.static_mounts = unique_mounts(options.static_mounts);
  configuration.template_dir = resolved_template_dir(options.template_dir);
  configuration.cors = options.cors;
  configuration.default_deny = options.default_deny;
  configuration.root = options.root;
  configuration.secret = secret_of(options, environment);
  configuration.digest = digest_of(configuration, options);
  return configuration;
}

std::string text_of(const json::value& value) {
  if (const auto* text = value.if_string()) return std::string(*text);
  std::string out;
  append_text(out, value);
  return out;
}

}  // namespace tapedeck::config
