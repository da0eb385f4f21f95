#include "fcgi/restarts.hpp"

#include <chrono>
#include <vector>

#include <gtest/gtest.h>

namespace tapedeck::fcgi {
namespace {

using instance::Lane;
using std::chrono::milliseconds;
using std::chrono::seconds;
using End = Restarts::End;

constexpr Restarts::Time kStart{std::chrono::hours(1)};

std::vector<Lane> due(Restarts& restarts, Restarts::Time now) {
  std::vector<Lane> lanes;
  restarts.fork_due(now, [&lanes](Lane lane) {
    lanes.push_back(lane);
    return true;
  });
  return lanes;
}

TEST(Restarts, ADeathIsFollowedAtOnceAndAnEndWithoutReasonALittleLater) {
  Restarts restarts;
  restarts.add(Lane::kRead, End::kDeath, kStart);
  restarts.add(Lane::kQuery, End::kOverdue, kStart);
  restarts.add(Lane::kExport, End::kByItself, kStart);
  EXPECT_EQ(restarts.next(kStart + seconds(9)), kStart);
  EXPECT_EQ(due(restarts, kStart), (std::vector{Lane::kRead, Lane::kQuery}));
  EXPECT_EQ(restarts.next(kStart + seconds(9)), kStart + Restarts::kDelayAfterEnd);
  EXPECT_EQ(due(restarts, kStart + Restarts::kDelayAfterEnd), std::vector{Lane::kExport});
  EXPECT_EQ(restarts.next(kStart + seconds(9)), kStart + seconds(9)) << "nothing is left";
}

TEST(Restarts, ALaneThatDiesAgainAndAgainComesBackOnceASecond) {
  Restarts restarts;
  for (std::size_t i = 0; i < Restarts::kDeathsUntilBrake; ++i) {
    restarts.add(Lane::kRead, End::kDeath, kStart);
  }
  EXPECT_EQ(due(restarts, kStart).size(), Restarts::kDeathsUntilBrake);
  restarts.add(Lane::kRead, End::kDeath, kStart);
  restarts.add(Lane::kRead, End::kDeath, kStart);
  restarts.add(Lane::kQuery, End::kDeath, kStart);
  EXPECT_EQ(due(restarts, kStart), std::vector{Lane::kQuery}) << "each lane has its own brake";
  EXPECT_EQ(due(restarts, kStart + seconds(1)), std::vector{Lane::kRead});
  EXPECT_EQ(due(restarts, kStart + seconds(2)), std::vector{Lane::kRead});
  const Restarts::Time later = kStart + Restarts::kDeathWindow + seconds(1);
  restarts.add(Lane::kRead, End::kDeath, later);
  EXPECT_EQ(due(restarts, later), std::vector{Lane::kRead}) << "old deaths are forgotten";
}

TEST(Restarts, OverdueRequestsPutNoBrakeOn) {
  Restarts restarts;
  for (int i = 0; i < 20; ++i) restarts.add(Lane::kQuery, End::kOverdue, kStart);
  EXPECT_EQ(due(restarts, kStart).size(), 20U);
}

TEST(Restarts, WhatCannotBeForkedIsTriedAgain) {
  Restarts restarts;
  restarts.add(Lane::kRead, End::kDeath, kStart);
  restarts.fork_due(kStart, [](Lane) { return false; });
  EXPECT_TRUE(due(restarts, kStart + milliseconds(999)).empty());
  EXPECT_EQ(due(restarts, kStart + seconds(1)), std::vector{Lane::kRead});
}

TEST(Restarts, CanBeForgotten) {
  Restarts restarts;
  restarts.add(Lane::kRead, End::kDeath, kStart);
  restarts.clear();
  EXPECT_TRUE(due(restarts, kStart + seconds(1)).empty());
}

}  // namespace
}  // namespace tapedeck::fcgi
