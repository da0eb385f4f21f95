#pragma once

#include <optional>
#include <string>

#include "config/serve_options.hpp"

namespace tapedeck::fcgi {

enum class GetOutput { kBody, kHeadersAndBody };

/// On whose behalf: an API token, or an actor as a JSON object.
struct GetCredentials {
  std::optional<std::string> token = {};
  std::optional<std::string> actor = {};
};

/// `serve --get PATH`: answers GET of `target` on standard output. Returns the exit status: 0 for
/// an answer 200, else 1. `--root` has no effect here. Throws config::ConfigError; UsageError for
/// an actor that is no JSON object.
[[nodiscard]] int get(const config::ServeOptions& options, const std::string& target,
                      GetOutput output, const GetCredentials& credentials);

}  // namespace tapedeck::fcgi
