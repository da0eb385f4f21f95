#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace tapedeck::config {

/// `--static MOUNT:DIR`
struct StaticMount {
  std::string mount;      ///< without slashes at the ends
  std::string directory;  ///< absolute, resolved
};

/// What `serve`, `pool` and plain CGI are told: command line over environment over configuration.
///
/// A plain struct: whoever fills in `host` or `port` from the command line or the environment says
/// so in `is_host_given` and `is_port_given`, since the key `serve` of the configuration file
/// stands behind both.
struct ServeOptions {
  std::vector<std::string> files;
  std::vector<std::string> immutable;
  std::string host = "127.0.0.1";
  bool is_host_given = false;
  /// 0 = a free one.
  int port = 8001;
  bool is_port_given = false;
  std::optional<std::string> metadata;
  std::optional<std::string> config;
  /// `--setting NAME VALUE` in their order.
  std::vector<std::pair<std::string, std::string>> settings;
  std::vector<StaticMount> static_mounts;
  std::optional<std::string> template_dir;
  bool memory = false;
  bool cors = false;
  bool crossdb = false;
  bool root = false;
  bool default_deny = false;
  /// Open files without SQLite's locks, for those that another program keeps locked.
  bool nolock = false;
  /// Make the files that do not exist, see instance::create_missing_files().
  bool create = false;
  /// Load everything anew when a file of the configuration changes.
  bool reload = false;
  /// `--load-extension PATH[:ENTRY]` in their order.
  std::vector<std::string> load_extensions;
  /// They come from DATASETTE_LOAD_EXTENSION.
  bool are_extensions_of_environment = false;
  /// Output of `inspect`.
  std::optional<std::string> inspect_file;
  /// What with_directory() found: the folder, the databases in it, and the file names among them
  /// that are immutable.
  std::optional<std::string> directory;
  std::vector<std::string> directory_files;
  std::vector<std::string> directory_immutable;
  bool is_directory_merged = false;
  /// Unix socket in place of host and port.
  std::optional<std::string> uds;
  std::optional<std::string> version_note;
  std::optional<std::string> secret;
  /// Absolute paths of files that a running server serves already: one of them that is missing does
  /// not stop a reload, or a file that was removed would keep new permissions from taking effect.
  std::vector<std::string> served_before;
  /// Workers of the read lane; 0 = by the number of processors.
  int workers = 0;
  /// merge_serve_key() has been here.
  bool is_serve_key_merged = false;
};

/// More processes than any machine serves well; keeps a slip of the finger from forking without
/// end.
constexpr int kMaxWorkers = 1024;

}  // namespace tapedeck::config
