#pragma once

#include <optional>
#include <string>
#include <vector>

#include "config/configuration.hpp"
#include "config/serve_options.hpp"
#include "instance/instance.hpp"

namespace tapedeck::fcgi {

/// `--reload`: notices changes of the files that a start has read once, by looking at them (size,
/// time, identity). Looked at: metadata, configuration, inspect file, the folder of directory mode,
/// templates (the program's own too), static mounts, and immutable databases. Others are followed
/// by their generation anyway.
class FileWatch {
 public:
  /// `options` with directory and key `serve` merged in.
  FileWatch(const config::ServeOptions& options, const config::Configuration& configuration,
            const instance::AssetPaths& assets);

  /// Whether anything has changed since the last call, or since the start.
  [[nodiscard]] bool has_changed();

 private:
  [[nodiscard]] std::string state() const;

  std::optional<std::string> directory_;
  std::vector<std::string> files_;
  std::vector<std::string> folders_;
  std::string state_;
};

}  // namespace tapedeck::fcgi
