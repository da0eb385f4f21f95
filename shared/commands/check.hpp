#pragma once

#include "config/configuration.hpp"
#include "instance/instance.hpp"

namespace tapedeck::commands {

/// `tapedeck check [OPTIONS] [FILES]`: everything that a start with these options would do but
/// serve, as `nginx -t` does it. Exit status 0 without a problem, else 1.
///
/// Standard output: a line for the configuration, for each database (journal mode, and in plain
/// words how a worker can read it) and for the templates. Standard error: each problem as one line
/// "Error: ...": the configuration's mistake, a database that cannot be read or is promised to be
/// immutable and has a log, a stored query that does not compile, a template that does not parse.
/// What is odd but served is "Warning: ...": databases and tables that only the files name.
[[nodiscard]] int check(const config::ServeOptions& options, const config::Environment& environment,
                        const instance::AssetPaths& assets);

}  // namespace tapedeck::commands
