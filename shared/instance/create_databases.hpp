#pragma once

#include "config/serve_options.hpp"

namespace tapedeck::instance {

/// `--create`: makes an empty database of every file among `options.files` that does not exist;
/// patterns and folders are left alone. Before config::load(), in a process that has no database
/// open. Throws config::ConfigError naming the file.
void create_missing_databases(const config::ServeOptions& options);

}  // namespace tapedeck::instance
