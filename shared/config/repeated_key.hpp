#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace tapedeck::config {

/// A key that stands in one object of a JSON document a second time.
struct RepeatedKey {
  std::string name;
  /// Bytes in front of it, about: up to the end of the key.
  std::size_t offset = 0;
};

/// The first of them; nothing without one. Escapes are read: "a" and "\u0061" are one key.
/// REQUIRES: `document` is JSON.
[[nodiscard]] std::optional<RepeatedKey> find_repeated_key(std::string_view document);

}  // namespace tapedeck::config
