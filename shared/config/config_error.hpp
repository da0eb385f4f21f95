#pragma once

#include <stdexcept>

namespace tapedeck::config {

/// A mistake in options or files: one line that names the file, option or key and what is wrong.
/// Exit status 1.
class ConfigError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// A mistake in the command line itself: unknown option, unknown setting, missing argument. Exit
/// status 2.
class UsageError : public ConfigError {
 public:
  using ConfigError::ConfigError;
};

}  // namespace tapedeck::config
