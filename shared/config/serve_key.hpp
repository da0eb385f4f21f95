#pragma once

#include <string>
#include <string_view>

#include <boost/json.hpp>

#include "config/serve_options.hpp"

namespace tapedeck::config {

/// The key `serve` of the configuration file stands for a command line where there is none
/// (systemd units, CGI):
///
///   "serve": {"files": ["data/*.db"], "immutable": ["old.db"], "metadata": "metadata.yml",
///             "template_dir": "templates", "static": {"static": "static"}, "cors": true,
///             "memory": false, "create": false, "workers": 4, "host": "127.0.0.1", "port": 8001}
///
/// Relative paths start at the folder of the configuration file. The command line adds to files,
/// immutable and static (its mount of the same name replacing the file's) and wins otherwise.
/// A configuration directory is merged first, see with_directory().
/// Returns `options` as they are when they name no configuration file or are merged already.
/// A master that reloads keeps the options as given, and merges them anew.
/// Throws ConfigError, as load(), which calls this itself when the caller has not.
[[nodiscard]] ServeOptions merge_serve_key(ServeOptions options);

/// The same for a configuration file already read from `options.config`.
[[nodiscard]] ServeOptions merge_serve_key(ServeOptions options,
                                           const boost::json::object& configuration);

/// `--static MOUNT:DIR`, with DIR resolved. Throws ConfigError unless DIR is a directory and MOUNT
/// is a path of its own, outside "-/".
[[nodiscard]] StaticMount make_static_mount(std::string_view mount, const std::string& directory);

/// A TCP port, 0 for a free one; ConfigError naming `source` else.
[[nodiscard]] int parse_port(std::string_view text, std::string_view source);

}  // namespace tapedeck::config
