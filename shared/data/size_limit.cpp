#include "data/size_limit.hpp"

#include <cstdint>

#include "http/request_error.hpp"

namespace tapedeck::data {

std::size_t max_answer_bytes(const config::Settings& settings) {
  constexpr std::size_t kBytesPerMb = std::size_t{1024} * 1024;
  return settings.max_answer_mb == 0
             ? SIZE_MAX
             : static_cast<std::size_t>(settings.max_answer_mb) * kBytesPerMb;
}

void require_within(std::size_t bytes, std::size_t limit) {
  if (bytes <= limit) return;
  throw http::RequestError(400,
                           "The answer is too large: ask for fewer rows or columns. The limit is "
                           "the max_answer_mb setting.");
}

}  // namespace tapedeck::data
