#pragma once

#include "config/serve_options.hpp"

namespace tapedeck::config {

/// Configuration directory mode, `serve DIR`: a folder among `files` stands for what lies in it.
///
/// - *.db *.sqlite *.sqlite3: databases, after all others (ServeOptions::directory_files)
/// - metadata.json, .yaml or .yml: the first found, unless --metadata is given
/// - datasette.json, .yaml or .yml: likewise for --config
/// - templates/: unless --template-dir is given
/// - static/: at /static/, unless any --static is given
/// - inspect-data.json: unless --inspect-file is given; databases whose file it names are immutable
///
/// Other files may be given beside the folder; a database given itself is not served twice. Looks
/// at the folder each time, so that a reload finds what is new in it. Returns `options` as they are
/// when no folder is among them or they have been here already.
/// Throws UsageError for a second folder, ConfigError for one that cannot be read.
[[nodiscard]] ServeOptions with_directory(ServeOptions options);
/// Tells the log which files of the folder have names that Datasette once read, or that it reads
/// and Tapedeck does not.
void warn_of_unread_files(const ServeOptions& options);

}  // namespace tapedeck::config
