#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace tapedeck::instance {

/// The last permission checks of this process, for /-/permissions. Each worker has its own.
class PermissionLog {
 public:
  static constexpr std::size_t kSize = 200;

  struct Check {
    std::chrono::system_clock::time_point time;
    std::string action;
    /// "" for what the check did not name.
    std::string database;
    std::string child;
    /// As JSON; "" for nobody.
    std::string actor;
    bool allowed = false;
  };

  void add(std::string_view action, std::string_view database, std::string_view child,
           std::string_view actor, bool allowed);
  /// Newest first.
  [[nodiscard]] std::vector<Check> checks() const;

 private:
  // Entries are written over, so that a check allocates nothing once the strings have grown.
  std::array<Check, kSize> checks_;
  std::size_t added_ = 0;
};

}  // namespace tapedeck::instance
