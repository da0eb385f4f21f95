#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "config/serve_options.hpp"

namespace tapedeck::config {

/// One database to serve. An empty path is the in-memory database `_memory`.
struct DatabaseFile {
  std::string name;
  std::string path;
  /// `path` as it was given, for people; relative to the folder of the start.
  std::string given_path{};
  bool immutable = false;
  /// Opened without SQLite's locks (`--nolock`); never an immutable one, which has none anyway.
  bool nolock = false;
  /// 0 = settings.cache_size_kb.
  int cache_size_kb = 0;
  /// SHA-256 of an immutable file, once instance::hash_immutable_files has run.
  std::string hash{};
  /// Rows by table, of an immutable file that was inspected.
  std::map<std::string, std::int64_t, std::less<>> counts{};
  /// The file as it was when `hash` and `counts` were taken (device, inode, size, time of change).
  std::string hash_identity{};
};

/// The databases that the options name, in load order: `_memory` (asked for, or nothing else to
/// serve), files, immutable files, those of the configuration directory. Files are looked at by
/// stat() only, never opened: a second descriptor of a file that SQLite has open would drop its
/// locks when closed.
///
/// Patterns: an argument with * ? or [ that is no existing file stands for the files it matches,
///           sorted by bytes, without SQLite's own companions (-wal, -shm, -journal).
/// Names:    the file name without its last extension; a second one becomes NAME_2, then NAME_3.
/// Errors:   UsageError for a file that does not exist, a pattern without match, a directory, one
///           file given twice (by device and inode, so links count).
[[nodiscard]] std::vector<DatabaseFile> find_database_files(const ServeOptions& options);

/// What `--crossdb` attaches to `_memory` for a visitor who may query the databases `names`: the
/// first ten of them. Left out are those that SQLite cannot tell from `main`, `temp` or an earlier
/// one, as it compares without case.
[[nodiscard]] std::vector<std::string> attached_names(const std::vector<std::string>& names);

}  // namespace tapedeck::config
