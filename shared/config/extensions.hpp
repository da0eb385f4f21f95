#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tapedeck::config {

/// A shared object with SQL functions and the like.
struct Extension {
  /// Absolute.
  std::string path;
  /// Name of its initialisation function; "" for SQLite's usual ones.
  std::string entry_point;

  friend bool operator==(const Extension&, const Extension&) = default;
};

/// `--load-extension PATH[:ENTRY]`, in their order. `spatialite` stands for mod_spatialite where
/// packages put it. As SQLite does, a PATH that does not exist is tried with ".so" behind it.
/// Throws ConfigError for one that is not there, which begins with `source`.
[[nodiscard]] std::vector<Extension> find_extensions(const std::vector<std::string>& given,
                                                     std::string_view source = "--load-extension");

}  // namespace tapedeck::config
