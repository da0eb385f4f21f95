#include "fcgi/memory_gauge.hpp"

#include <array>
#include <fcntl.h>
#include <string_view>
#include <unistd.h>

#include "base/text.hpp"

namespace tapedeck::fcgi {

namespace {

/// A look costs some microseconds, as much as a small page.
constexpr std::chrono::seconds kPause{1};

}  // namespace

MemoryGauge::MemoryGauge() : descriptor_(open("/proc/self/statm", O_RDONLY | O_CLOEXEC)) {
}

MemoryGauge::~MemoryGauge() {
  if (descriptor_ >= 0) close(descriptor_);
}

std::optional<std::uint64_t> MemoryGauge::look() {
  const auto now = std::chrono::steady_clock::now();
  if (descriptor_ < 0 || now < next_look_) return std::nullopt;
  next_look_ = now + kPause;
  std::array<char, 128> text{};
  const ssize_t length = pread(descriptor_, text.data(), text.size(), 0);
  if (length <= 0) return std::nullopt;
  // proc(5): total size, then resident size, in pages.
  const auto numbers =
      base::split(std::string_view(text.data(), static_cast<std::size_t>(length)), ' ');
  const auto pages = numbers.size() < 2 ? std::nullopt : base::parse_int64(numbers[1]);
  if (!pages) return std::nullopt;
  return static_cast<std::uint64_t>(*pages) * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
}

}  // namespace tapedeck::fcgi
