#include "base/json.hpp"

#include <limits>

#include <gtest/gtest.h>

namespace tapedeck::base {
namespace {

TEST(ToJson, IsCompactWithNumbersAsInAllAnswers) {
  struct Case {
    const char* given;
    const char* expected;
  };
  const Case cases[] = {
      {"{}", "{}"},
      {"[]", "[]"},
      {R"({ "a" : [ 1, true, null, "x\"\u00e9<\n" ], "b\\" : { } })",
       "{\"a\":[1,true,null,\"x\\\"é<\\n\"],\"b\\\\\":{}}"},
      {"[1.5, 0.1, 1e100, 1e-5, 2.0, -0.0]", "[1.5,0.1,1e+100,1e-05,2.0,-0.0]"},
      {"[9223372036854775807, 18446744073709551615, -9223372036854775808]",
       "[9223372036854775807,18446744073709551615,-9223372036854775808]"},
  };
  for (const auto& [given, expected] : cases) {
    EXPECT_EQ(to_json(boost::json::parse(given)), expected) << given;
  }
  EXPECT_EQ(to_json(boost::json::value(std::numeric_limits<double>::infinity())), "null");
}

}  // namespace
}  // namespace tapedeck::base
