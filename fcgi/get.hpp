#pragma once

#include <string>

#include "config/serve_options.hpp"

namespace tapedeck::fcgi {

enum class GetOutput { kBody, kHeadersAndBody };

/// `serve --get PATH`: answers GET of `target` on standard output. Returns the exit status: 0 for
/// an answer 200, else 1. Throws config::ConfigError.
[[nodiscard]] int get(const config::ServeOptions& options, const std::string& target,
                      GetOutput output);

}  // namespace tapedeck::fcgi
