#pragma once

#include "config/serve_options.hpp"

namespace tapedeck::config {

/// Looks for the files and folders that the command line itself names: configuration, metadata,
/// inspect file, templates, extensions. load() would miss them too, but by then the key `serve` and
/// a configuration directory have been merged, and nobody knows whose mistake it is.
/// To be called once, with the options as given: a file that is gone at a reload is no mistake of
/// the command line any more. Database files are left to find_database_files().
/// Throws UsageError.
void require_given_paths(const ServeOptions& options);

}  // namespace tapedeck::config
