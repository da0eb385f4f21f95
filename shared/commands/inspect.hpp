#pragma once

#include "config/serve_options.hpp"

namespace tapedeck::commands {

/// `tapedeck inspect FILES`: what is worth knowing beforehand about files that do not change, as
/// JSON on standard output or, written whole or not at all, in `options.inspect_file`:
///
///   {"DATABASE": {"hash": SHA-256, "size": bytes, "file": "as given",
///                 "tables": {"TABLE": {"count": rows}}}}
///
/// Views are left out; a table that SQLite cannot count (a module is missing) has the count null.
/// `serve --inspect-file` reads it, see config::read_inspect_file(). Returns the exit status.
/// Throws config::ConfigError for files that are missing or no databases.
[[nodiscard]] int inspect(const config::ServeOptions& options);

}  // namespace tapedeck::commands
