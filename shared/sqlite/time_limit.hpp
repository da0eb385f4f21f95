#pragma once

#include <chrono>

#include "sqlite/connection.hpp"

namespace tapedeck::sqlite {

/// As long as this lives, statements of the connection that begin have that much time; then what
/// they had before.
class TimeLimit {
 public:
  TimeLimit(Connection& connection, std::chrono::milliseconds limit)
      : connection_(connection), before_(connection.time_limit()) {
    connection_.set_time_limit(limit);
  }
  ~TimeLimit() { connection_.set_time_limit(before_); }
  TimeLimit(const TimeLimit&) = delete;
  TimeLimit& operator=(const TimeLimit&) = delete;

 private:
  Connection& connection_;
  std::chrono::milliseconds before_;
};

}  // namespace tapedeck::sqlite
