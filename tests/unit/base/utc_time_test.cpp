#include "base/utc_time.hpp"

#include <gtest/gtest.h>

namespace tapedeck::base {
namespace {

TEST(UtcTime, WritesTheTimeOfUtcWhateverTheZone) {
  EXPECT_EQ(format_utc(0, kUtcDateTime), "1970-01-01T00:00:00Z");
  EXPECT_EQ(format_utc(1709251199, kUtcDateTime), "2024-02-29T23:59:59Z");
  EXPECT_EQ(format_utc(1709251199, "%Y-%m-%d"), "2024-02-29");
}

}  // namespace
}  // namespace tapedeck::base
