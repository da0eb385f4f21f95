#include "base/utc_time.hpp"

#include <array>

namespace tapedeck::base {

std::string format_utc(std::time_t time, const char* format) {
  std::tm parts{};
  gmtime_r(&time, &parts);
  std::array<char, 32> text{};
  const std::size_t length = std::strftime(text.data(), text.size(), format, &parts);
  return {text.data(), length};
}

}  // namespace tapedeck::base
