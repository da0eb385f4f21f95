#include "instance/permission_log.hpp"

#include <algorithm>

namespace tapedeck::instance {

void PermissionLog::add(std::string_view action, std::string_view database, std::string_view child,
                        std::string_view actor, bool allowed) {
  Check& check = checks_[added_ % kSize];
  ++added_;
  check.time = std::chrono::system_clock::now();
  check.action = action;
  check.database = database;
  check.child = child;
  check.actor = actor;
  check.allowed = allowed;
}

std::vector<PermissionLog::Check> PermissionLog::checks() const {
  std::vector<Check> newest_first;
  const std::size_t count = std::min(added_, kSize);
  newest_first.reserve(count);
  for (std::size_t i = 1; i <= count; ++i) newest_first.push_back(checks_[(added_ - i) % kSize]);
  return newest_first;
}

}  // namespace tapedeck::instance
