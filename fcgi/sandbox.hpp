#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "config/configuration.hpp"
#include "instance/instance.hpp"

/// What a worker may do once it serves, enforced by the kernel: whatever a database file or a
/// request makes SQLite do, the process reads only the data and starts nothing. The systemd unit
/// does the same from outside; neither relies on the other.
namespace tapedeck::fcgi {

struct FileAccess {
  /// Folders, and files, that may be read with everything below them.
  std::vector<std::string> readable;
  /// Folders in which files may be made, written and removed.
  std::vector<std::string> writable;
};

/// The folders of each database's path and of its link's target (a publisher replaces the file by
/// another, so the file itself would not do), templates, static files, and the temporary folder.
[[nodiscard]] FileAccess file_access(const config::Configuration& configuration,
                                     const instance::AssetPaths& assets,
                                     const std::string& temporary_folder);

enum class Restriction { kApplied, kUnavailable };

/// Whether this kernel has Landlock.
[[nodiscard]] bool landlock_is_available();
/// Sets no_new_privs and confines this thread, and those it starts later, to `access` (Landlock).
/// Throws std::system_error when a kernel that has Landlock refuses.
Restriction restrict_files(const FileAccess& access);
/// No new programs, processes, threads, sockets or tracing, for all threads of the process
/// (seccomp): such calls fail with EPERM.
Restriction restrict_system_calls();

}  // namespace tapedeck::fcgi
