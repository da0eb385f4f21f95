#include "sqlite/trace.hpp"

#include <gtest/gtest.h>

#include "sqlite/connection.hpp"
#include "sqlite/error.hpp"

namespace tapedeck::sqlite {
namespace {

TEST(Trace, HoldsStatementsWithTheirParameters) {
  Connection connection({.path = {}, .mode = OpenMode::kMemory});
  const Trace trace;
  EXPECT_EQ(connection.query_integer("select ?1 + 1", {std::int64_t{4}}), 5);
  {
    const CachedStatement named = connection.prepare("select :name");
    named->bind(1, std::string("x"));
    EXPECT_TRUE(named->step());
  }
  ASSERT_EQ(trace.statements().size(), 2U);
  EXPECT_EQ(trace.count(), 2U);
  EXPECT_EQ(trace.statements()[0].sql, "select ?1 + 1");
  EXPECT_EQ(trace.statements()[0].params.at(0).first, "?1");
  EXPECT_EQ(trace.statements()[0].params.at(0).second, Value(std::int64_t{4}));
  EXPECT_EQ(trace.statements()[1].params.at(0).first, ":name");
  EXPECT_LE(trace.statements()[1].start, trace.statements()[1].end);
  EXPECT_EQ(trace.statements()[1].error, "");
}

TEST(Trace, HoldsTheErrorOfAStatement) {
  Connection connection({.path = {}, .mode = OpenMode::kMemory});
  const Trace trace;
  const CachedStatement bad = connection.prepare("select json('{')");
  EXPECT_THROW(bad->step(), Error);
  ASSERT_EQ(trace.statements().size(), 1U);
  EXPECT_EQ(trace.statements()[0].error, "malformed JSON");
}

TEST(Trace, KeepsABoundedNumber) {
  Connection connection({.path = {}, .mode = OpenMode::kMemory});
  const Trace trace;
  for (std::size_t i = 0; i < Trace::kMost + 5; ++i) {
    EXPECT_TRUE(connection.query_integer("select 1").has_value());
  }
  EXPECT_EQ(trace.statements().size(), Trace::kMost);
  EXPECT_EQ(trace.count(), Trace::kMost + 5);
}

TEST(Trace, EndsWithItsLife) {
  { const Trace trace; }
  EXPECT_EQ(Trace::active(), nullptr);
}

}  // namespace
}  // namespace tapedeck::sqlite
