#pragma once

#include <cstddef>
#include <string>

#include "instance/instance.hpp"

namespace tapedeck::fcgi {

/// Length of the secret made up where none is configured; written as 64 hexadecimal digits.
inline constexpr std::size_t kSecretBytes = 32;

/// Where the one-time token signs root in, below base_url.
[[nodiscard]] inline std::string root_sign_in_path(const std::string& token) {
  return "/-/auth-token?token=" + token;
}

/// Where the files lie that belong to the program.
struct Installation {
  instance::AssetPaths assets;
  /// The folder with tapedeck.conf.in and the snippets that it includes.
  std::string nginx;
};

/// Looks from the executable: in a checkout (build/tapedeck) at templates/, nginx/ and the built
/// build/static, or static/ when nothing was built; installed (PREFIX/bin/tapedeck) at
/// PREFIX/share/tapedeck. Throws config::ConfigError when there is neither.
[[nodiscard]] Installation find_installation();

}  // namespace tapedeck::fcgi
