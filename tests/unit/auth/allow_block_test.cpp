#include "auth/allow_block.hpp"

#include <gtest/gtest.h>

namespace tapedeck::auth {
namespace {

struct Case {
  const char* block;
  /// "null" is nobody.
  const char* actor;
  bool matches;
};

TEST(AllowBlock, MatchesAsDatasetteDoes) {
  const Case cases[] = {
      {"true", "null", true},
      {"true", R"({"id": "a"})", true},
      {"1", "null", true},
      {"false", R"({"id": "a"})", false},
      {"0", R"({"id": "a"})", false},
      {"{}", "null", false},
      {"{}", R"({"id": "a"})", false},
      {R"({"id": "a"})", R"({"id": "a"})", true},
      {R"({"id": "a"})", R"({"id": "b"})", false},
      {R"({"id": "a"})", "null", false},
      {R"({"id": ["a", "b"]})", R"({"id": "b"})", true},
      {R"({"roles": "dev"})", R"({"roles": ["ops", "dev"]})", true},
      {R"({"roles": ["dev", "x"]})", R"({"roles": ["ops", "dev"]})", true},
      {R"({"roles": ["x"]})", R"({"roles": ["ops", "dev"]})", false},
      {R"({"id": "*"})", R"({"id": null})", true},
      {R"({"id": "*"})", R"({"id": "x"})", true},
      {R"({"id": "*"})", "null", false},
      {R"({"id": "*"})", "{}", false},
      {R"({"id": "*"})", R"({"name": "x"})", false},
      {R"({"id": ["*"]})", R"({"id": "x"})", false},
      {R"({"id": ["*"]})", R"({"id": "*"})", true},
      {R"({"id": 5})", R"({"id": "5"})", false},
      {R"({"id": "5"})", R"({"id": 5})", false},
      {R"({"id": 1})", R"({"id": true})", true},
      {R"({"id": 1.0})", R"({"id": 1})", true},
      {R"({"id": 1.5})", R"({"id": 1})", false},
      {R"({"id": 0})", R"({"id": false})", true},
      {R"({"id": 9007199254740993})", R"({"id": 9007199254740992.0})", false},
      {R"({"id": null})", R"({"id": null})", false},
      {R"({"id": [null]})", R"({"id": [null]})", true},
      {R"({"id": {"a": 1}})", R"({"id": {"a": 1}})", false},
      {R"({"id": [[1]]})", R"({"id": [[1]]})", false},
      {R"({"ID": "a"})", R"({"id": "a"})", false},
      {R"({"unauthenticated": true})", "null", true},
      {R"({"unauthenticated": true})", "{}", false},
      {R"({"unauthenticated": true})", R"({"id": "x"})", false},
      {R"({"unauthenticated": true})", R"({"unauthenticated": true})", true},
      {R"({"unauthenticated": "true"})", "null", false},
      {R"({"unauthenticated": 1})", "null", false},
      {R"({"unauthenticated": false})", "null", false},
      {R"({"id": "x", "unauthenticated": true})", "null", true},
      {R"({"id": "x", "unauthenticated": true})", R"({"id": "x"})", true},
      {R"({"id": ["q"], "role": "z"})", R"({"id": "x", "role": "z"})", true},
      // No such block passes the configuration's checks; here it must not let anybody in.
      {R"(["a"])", R"({"id": "a"})", false},
      {R"("a")", R"({"id": "a"})", false},
      {"2", R"({"id": "a"})", false},
  };
  for (const auto& [block, actor, expected] : cases) {
    const boost::json::value who = boost::json::parse(actor);
    EXPECT_EQ(matches(boost::json::parse(block), who.if_object()), expected)
        << block << " and " << actor;
  }
}

}  // namespace
}  // namespace tapedeck::auth
