#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json.hpp>

#include "config/config_error.hpp"
#include "config/database_files.hpp"
#include "config/extensions.hpp"
#include "config/serve_options.hpp"
#include "config/settings.hpp"

namespace tapedeck::config {

/// Everything that was configured, checked and merged; read-only afterwards and shared by all
/// workers of one generation.
class Configuration {
 public:
  Settings settings;
  /// Descriptions for people; keys with an effect have been moved to `config` (spec section 1.2).
  boost::json::object metadata;
  /// What changes behaviour, as loaded and merged; `$env` and `$file` unresolved.
  boost::json::object config;
  std::vector<DatabaseFile> databases;
  /// SQL of `_memory` reads the other databases too.
  bool crossdb = false;
  std::vector<StaticMount> static_mounts;
  std::optional<std::string> template_dir;
  /// `--load-extension`, resolved.
  std::vector<Extension> extensions;
  /// `--version-note`; "" without.
  std::string version_note;
  /// `--reload`: answers carry no headers that would keep an old page in a cache.
  bool no_cache_headers = false;
  bool cors = false;
  /// Nothing is allowed unless a rule allows it (`--default-deny`).
  bool default_deny = false;
  /// The actor with the id "root" may do everything that no rule denies (`--root`).
  bool root = false;
  std::string secret;
  /// The one-time token of /-/auth-token; like `secret` made by the master.
  std::string root_token;
  /// Hash over everything above that can change an answer; part of every ETag.
  std::string digest;

  /// Objects at their place in `config`; nullptr when there is none (or it is no object).
  [[nodiscard]] const boost::json::object* database_config(std::string_view database) const;
  [[nodiscard]] const boost::json::object* table_config(std::string_view database,
                                                        std::string_view table) const;
  [[nodiscard]] const boost::json::object* query_config(std::string_view database,
                                                        std::string_view query) const;
  /// The same in `metadata`.
  [[nodiscard]] const boost::json::object* database_metadata(std::string_view database) const;
  [[nodiscard]] const boost::json::object* table_metadata(std::string_view database,
                                                          std::string_view table) const;
};

/// Looks up an environment variable; nullptr when unset. A function so that tests need no setenv.
using Environment = std::function<const char*(const char*)>;

/// Loads and checks the files, applies environment and options in their order of priority (command
/// line, environment, configuration file, default), looks into a configuration directory, expands
/// file patterns, names the databases, finds extensions, applies an inspect file.
///
/// `settings` has every value in force; `config` shows under "settings" those that anybody set. The
/// key `serve` is taken out of `config` (it holds paths). `secret` is empty when neither options
/// nor TAPEDECK_SECRET nor DATASETTE_SECRET give one: the master makes one that outlives a reload.
/// Database files are looked at by stat() only.
/// Warnings (unknown keys, moved keys, immutable files with a log) go to base::log.
/// Throws ConfigError; UsageError, which is one, for what only the command line can mend.
[[nodiscard]] Configuration load(const ServeOptions& options, const Environment& environment);

/// The text of a JSON value that metadata shows: strings as they are, others as JSON text with a
/// space after "," and ":" (`{"a": [1, 2]}`, as Datasette writes it, but in UTF-8).
[[nodiscard]] std::string text_of(const boost::json::value& value);

}  // namespace tapedeck::config
