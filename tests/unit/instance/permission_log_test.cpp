#include "instance/permission_log.hpp"

#include <string>

#include <gtest/gtest.h>

namespace tapedeck::instance {
namespace {

TEST(PermissionLog, GivesTheNewestChecksFirst) {
  PermissionLog log;
  EXPECT_TRUE(log.checks().empty());
  log.add("view-table", "db", "t", R"({"id":"a"})", true);
  log.add("execute-sql", "db", "", "", false);
  const auto checks = log.checks();
  ASSERT_EQ(checks.size(), 2U);
  EXPECT_EQ(checks[0].action, "execute-sql");
  EXPECT_EQ(checks[0].child, "");
  EXPECT_EQ(checks[0].actor, "");
  EXPECT_FALSE(checks[0].allowed);
  EXPECT_EQ(checks[1].database, "db");
  EXPECT_EQ(checks[1].child, "t");
  EXPECT_EQ(checks[1].actor, R"({"id":"a"})");
  EXPECT_TRUE(checks[1].allowed);
  EXPECT_LE(checks[1].time, checks[0].time);
}

TEST(PermissionLog, ForgetsTheOldest) {
  PermissionLog log;
  for (std::size_t i = 0; i < PermissionLog::kSize + 3; ++i) {
    log.add("view-table", "db", std::to_string(i), "", true);
  }
  const auto checks = log.checks();
  ASSERT_EQ(checks.size(), PermissionLog::kSize);
  EXPECT_EQ(checks.front().child, std::to_string(PermissionLog::kSize + 2));
  EXPECT_EQ(checks.back().child, "3");
}

}  // namespace
}  // namespace tapedeck::instance
