#pragma once

#include <optional>
#include <string_view>

#include <boost/json.hpp>

#include "config/configuration.hpp"

namespace tapedeck::config {

/// The configuration of a plugin as it holds for a table: that of the table, else of the database,
/// else of the instance; whole, never merged. Without `table`, or without `database`, the search
/// begins further out. Nothing when no level has any.
///
/// Secrets are resolved here and nowhere else, so that no page can show them: an object whose only
/// key is "$env" is replaced by that environment variable (null when it is unset), one whose only
/// key is "$file" by the content of that file, whole, with its final newline. Both at any depth.
/// Throws ConfigError for a file that cannot be read; it names the file and nothing of its content.
/// Source: Datasette docs, "Secret configuration values".
[[nodiscard]] std::optional<boost::json::value> plugin_config(const Configuration& configuration,
                                                              const Environment& environment,
                                                              std::string_view name,
                                                              std::string_view database = {},
                                                              std::string_view table = {});

}  // namespace tapedeck::config
