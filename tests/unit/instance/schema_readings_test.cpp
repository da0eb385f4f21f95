#include "instance/schema_readings.hpp"

#include <gtest/gtest.h>

namespace tapedeck::instance {
namespace {

using namespace std::chrono_literals;

constexpr SchemaReadings::Time kStart{1000s};

TEST(SchemaReadings, RefuseWhatWentPastItsLimitForAWhile) {
  struct Case {
    std::chrono::milliseconds age;
    bool begins;
  };
  const Case cases[] = {
      {0ms, true},
      {SchemaReadings::kLimit, true},  // another process reads it now
      {SchemaReadings::kLimit + 1ms, false},
      {SchemaReadings::kLimit + SchemaReadings::kRefusal, false},
      {SchemaReadings::kLimit + SchemaReadings::kRefusal + 1ms, true},
  };
  for (const auto& [age, begins] : cases) {
    SchemaReadings readings;
    ASSERT_TRUE(readings.begin(7, kStart));
    EXPECT_EQ(readings.begin(7, kStart + age), begins) << age.count();
    EXPECT_TRUE(readings.begin(8, kStart + age)) << age.count();
  }
}

TEST(SchemaReadings, ASecondReaderDoesNotLengthenTheFirst) {
  SchemaReadings readings;
  ASSERT_TRUE(readings.begin(7, kStart));
  ASSERT_TRUE(readings.begin(7, kStart + SchemaReadings::kLimit));
  EXPECT_FALSE(readings.begin(7, kStart + SchemaReadings::kLimit + 1ms));
}

TEST(SchemaReadings, ANewTryHasTheWholeTime) {
  SchemaReadings readings;
  ASSERT_TRUE(readings.begin(7, kStart));
  const auto later = kStart + SchemaReadings::kLimit + SchemaReadings::kRefusal + 1ms;
  ASSERT_TRUE(readings.begin(7, later));
  EXPECT_TRUE(readings.begin(7, later + SchemaReadings::kLimit));
  EXPECT_FALSE(readings.begin(7, later + SchemaReadings::kLimit + 1ms));
}

TEST(SchemaReadings, ForgetWhatCameToItsEnd) {
  SchemaReadings readings;
  ASSERT_TRUE(readings.begin(7, kStart));
  ASSERT_TRUE(readings.begin(8, kStart));
  readings.end(7);
  EXPECT_TRUE(readings.begin(7, kStart + SchemaReadings::kLimit + 1ms));
  EXPECT_FALSE(readings.begin(8, kStart + SchemaReadings::kLimit + 1ms));
}

TEST(SchemaReadings, TheOldestGivesItsPlaceWhereAllAreTaken) {
  SchemaReadings readings;
  for (int i = 1; i <= 100; ++i) {
    ASSERT_TRUE(readings.begin(static_cast<std::uint64_t>(i), kStart + 1ms * i));
  }
  const auto later = kStart + SchemaReadings::kLimit + 1s;
  EXPECT_FALSE(readings.begin(100, later));
  EXPECT_TRUE(readings.begin(1, later));
}

}  // namespace
}  // namespace tapedeck::instance
