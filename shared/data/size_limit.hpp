#pragma once

#include <cstddef>

#include "config/settings.hpp"

namespace tapedeck::data {

/// max_answer_mb in bytes.
[[nodiscard]] std::size_t max_answer_bytes(const config::Settings& settings);
/// Throws http::RequestError 400 when an answer that is built whole has grown beyond its limit.
void require_within(std::size_t bytes, std::size_t limit);

/// What the parts of an answer may take together, where they are made one by one.
class SizeBudget {
 public:
  explicit SizeBudget(std::size_t limit) : limit_(limit) {}

  /// Throws http::RequestError 400 when it is used up.
  void spend(std::size_t bytes) {
    spent_ += bytes;
    require_within(spent_, limit_);
  }

 private:
  std::size_t limit_;
  std::size_t spent_ = 0;
};

}  // namespace tapedeck::data
