#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace tapedeck::base {

/// SHA-256 over pieces. Not copyable; one use.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(const Sha256&) = delete;
  Sha256& operator=(const Sha256&) = delete;
  void update(std::string_view bytes);
  /// Lower-case hexadecimal digest; call once, last.
  [[nodiscard]] std::string hex();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

[[nodiscard]] std::string sha256_hex(std::string_view bytes);
/// Digest of a whole file, read in pieces. The caller may not have it open in SQLite (design:
/// closing a second descriptor drops SQLite's locks).
[[nodiscard]] Result<std::string> sha256_hex_of_file(const std::string& path);
/// Only where compatibility asks for MD5 (colours, CSS classes, static ETags); never for security.
[[nodiscard]] std::string md5_hex(std::string_view bytes);
/// `count` random bytes of the operating system in hexadecimal.
[[nodiscard]] std::string random_hex(std::size_t count);
/// A fast 64-bit hash for cache keys and ETags of trusted text (FNV-1a); not for security.
[[nodiscard]] std::uint64_t fast_hash(std::string_view bytes,
                                      std::uint64_t seed = 0xcbf29ce484222325U);

}  // namespace tapedeck::base
