#include "base/result.hpp"

#include <stdexcept>
#include <string>

#include <gtest/gtest.h>

namespace tapedeck::base {
namespace {

Result<int> half(int number) {
  if (number % 2 != 0) return Error(std::to_string(number) + " is odd");
  return number / 2;
}

Result<std::string> word(bool exists) {
  if (!exists) return Error("no word");
  return {boost::system::in_place_value, "word"};
}

TEST(Result, HoldsAValueOrTheReason) {
  EXPECT_EQ(*half(4), 2);
  EXPECT_TRUE(half(3).has_error());
  EXPECT_EQ(half(3).error().message(), "3 is odd");
  EXPECT_EQ(*word(true), "word");
  EXPECT_EQ(word(false).error().message(), "no word");
}

TEST(Result, ValueOfAFailureThrowsTheReason) {
  try {
    static_cast<void>(half(5).value());
    FAIL() << "no exception";
  } catch (const std::runtime_error& error) {
    EXPECT_STREQ(error.what(), "5 is odd");
  }
}

}  // namespace
}  // namespace tapedeck::base
