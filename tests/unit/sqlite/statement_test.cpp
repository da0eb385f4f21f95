#include "sqlite/statement.hpp"

#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sqlite/connection.hpp"
#include "sqlite/error.hpp"
#include "support/writer.hpp"

namespace tapedeck::sqlite {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;

constexpr char kEndless[] =
    "with recursive n(i) as (select 1 union all select i + 1 from n) select count(*) from n";

OpenOptions in_memory(Profile profile = Profile::kTrusted) {
  return {.path = "", .mode = OpenMode::kMemory, .profile = profile};
}

std::string refusal(Connection& connection, std::string_view sql) {
  try {
    const Statement statement(connection, sql);
    return "";
  } catch (const Error& error) {
    return error.what();
  }
}

TEST(Statement, HoldsExactlyOneStatement) {
  Connection connection(in_memory());
  const std::string only_one = "You can only execute one statement at a time.";
  const struct {
    std::string sql;
    std::string refused;
  } cases[] = {
      {"select 1", ""},
      {"select 1;", ""},
      {"select 1 ; ;\r\n\t\f;", ""},
      {"select 1; -- done", ""},
      {"select 1; /* done */ ", ""},
      {"select 1; /* never closed", ""},
      {"-- first\nselect 1", ""},
      {"select 1 -- ; select 2", ""},
      {"select ';' ", ""},
      {"select 1; select 2", only_one},
      {"select 1; /* a */ select 2", only_one},
      {"select 1; -- a\nselect 2", only_one},
      {"select 1; nonsense", only_one},
      {"select 1; pragma user_version = 3", only_one},
      {"", "SQL holds no statement"},
      {" \n", "SQL holds no statement"},
      {";;", "SQL holds no statement"},
      {"-- nothing", "SQL holds no statement"},
      {std::string("select 1\0", 9), "SQL contains a NUL character"},
      {std::string("select 1\0; drop table t", 23), "SQL contains a NUL character"},
      {std::string("\0", 1), "SQL contains a NUL character"},
      {"select", "incomplete input"},
      {"selekt 1", "near \"selekt\": syntax error"},
      {"select * from missing", "no such table: missing"},
      {"select 'open", "unrecognized token: \"'open\""},
  };
  for (const auto& [sql, refused] : cases) EXPECT_EQ(refusal(connection, sql), refused) << sql;
}

TEST(Statement, GivesEachStorageClassAsItIs) {
  Connection connection(in_memory());
  Statement statement(connection, "select ?1, ?2, ?3, ?4, ?5, ?6, ?7");
  const Params params{Null{},
                      std::numeric_limits<std::int64_t>::min(),
                      -0.5,
                      std::string("a\0b", 3),
                      Blob{"\xff\x01"},
                      std::string(),
                      Blob{}};
  statement.bind_all(params);
  ASSERT_TRUE(statement.step());
  ASSERT_EQ(statement.column_count(), 7);
  for (int i = 0; i < 7; ++i) {
    EXPECT_EQ(to_value(statement.view(i)), params[static_cast<std::size_t>(i)]) << i;
  }
  EXPECT_FALSE(statement.step());
}

TEST(Statement, TextKeepsItsBytesEvenWithoutBeingUtf8) {
  Connection connection(in_memory());
  Statement statement(connection, "select cast(x'61ff' as text)");
  ASSERT_TRUE(statement.step());
  EXPECT_EQ(statement.view(0).type, ValueType::kText);
  EXPECT_EQ(statement.view(0).bytes, "a\xff");
}

TEST(Statement, NamesParametersAndColumns) {
  Connection connection(in_memory());
  Statement statement(connection, "select :a as \"the a\", @b, $c, ?, :a");
  ASSERT_EQ(statement.parameter_count(), 4);
  EXPECT_EQ(statement.parameter_name(1), ":a");
  EXPECT_EQ(statement.parameter_name(2), "@b");
  EXPECT_EQ(statement.parameter_name(3), "$c");
  EXPECT_EQ(statement.parameter_name(4), "");
  EXPECT_EQ(statement.column_name(0), "the a");
  EXPECT_EQ(statement.column_count(), 5);
  EXPECT_THROW(statement.bind(5, Null{}), Error);
  EXPECT_THROW(statement.bind(0, Null{}), Error);
}

TEST(Statement, ResetUnbindsAndRunsAgain) {
  Connection connection(in_memory());
  Statement statement(connection, "select ?1");
  statement.bind(1, std::int64_t{5});
  ASSERT_TRUE(statement.step());
  statement.reset();
  ASSERT_TRUE(statement.step());
  EXPECT_TRUE(statement.view(0).is_null());
}

TEST(Statement, ErrorsOfRunningCarryTheTextOfSqlite) {
  Connection connection(in_memory());
  Statement statement(connection, "select json_extract(?1, '$.a')");
  statement.bind(1, std::string("{"));
  try {
    statement.step();
    FAIL() << "malformed JSON was accepted";
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(), "malformed JSON");
    EXPECT_EQ(error.primary_code(), SQLITE_ERROR);
  }
  statement.bind(1, std::string(R"({"a": 3})"));
  ASSERT_TRUE(statement.step()) << "a statement can run again after an error";
  EXPECT_EQ(statement.view(0).integer, 3);
}

TEST(Statement, ErrorsAreUtf8WhateverTheyQuote) {
  Connection connection(in_memory());
  try {
    const Statement statement(connection, "select [no\xffne]");
    FAIL() << "an unknown column was accepted";
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(), "no such column: no\xEF\xBF\xBDne");
  }
}

TEST(Statement, IsInterruptedPastTheTimeLimit) {
  Connection connection(in_memory());
  connection.set_time_limit(50ms);
  Statement statement(connection, kEndless);
  const auto start = std::chrono::steady_clock::now();
  std::string message;
  try {
    statement.step();
  } catch (const Interrupted& error) {
    message = error.what();
    EXPECT_EQ(error.primary_code(), SQLITE_INTERRUPT);
  }
  EXPECT_EQ(message, "interrupted");
  const auto took = std::chrono::steady_clock::now() - start;
  EXPECT_GE(took, 50ms);
  EXPECT_LT(took, 1s);
  EXPECT_EQ(connection.query_integer("select 7"), 7) << "the connection goes on";
}

TEST(Statement, TheLimitOfTheWholeCountsFromTheFirstStep) {
  Connection connection(in_memory());
  connection.set_time_limit(100ms);
  // Rows come until 100 ms are over, however many there are.
  Statement whole(
      connection,
      "with recursive n(i) as (select 1 union all select i + 1 from n) select i from n");
  const auto start = std::chrono::steady_clock::now();
  EXPECT_THROW(
      {
        while (whole.step()) {
        }
      },
      Interrupted);
  EXPECT_LT(std::chrono::steady_clock::now() - start, 1s);
}

TEST(Statement, AStreamGetsANewLimitForEachRow) {
  Connection connection(in_memory());
  connection.set_time_limit(100ms);
  Statement stream(
      connection,
      "with recursive n(i) as (select 1 union all select i + 1 from n) select i from n");
  stream.set_pace(Pace::kStream);
  const auto start = std::chrono::steady_clock::now();
  while (std::chrono::steady_clock::now() - start < 400ms) ASSERT_TRUE(stream.step());
}

TEST(Statement, AStreamEndsWhenOneRowTakesTooLong) {
  Connection connection(in_memory());
  connection.set_time_limit(50ms);
  Statement stream(connection,
                   "with recursive n(i) as (select 1 union all select i + 1 from n) "
                   "select i from n where i < 3 or i < 0");
  stream.set_pace(Pace::kStream);
  ASSERT_TRUE(stream.step());
  ASSERT_TRUE(stream.step());
  EXPECT_THROW(stream.step(), Interrupted);
}

TEST(Statement, ANestedOneHasItsOwnLimitAndLeavesTheOuterOne) {
  Connection connection(in_memory());
  connection.set_time_limit(5s);
  Statement outer(connection, "select 1 union all select 2");
  ASSERT_TRUE(outer.step());
  connection.set_time_limit(30ms);
  {
    Statement inner(connection, kEndless);
    EXPECT_THROW(inner.step(), Interrupted);
  }
  // The outer one began under five seconds.
  EXPECT_TRUE(outer.step());
  EXPECT_FALSE(outer.step());
}

TEST(Statement, ABlobThatCannotBeSpreadOutIsAnErrorAndNotEmpty) {
  Connection connection(in_memory());
  Statement statement(connection, "select zeroblob(150000000)");
  EXPECT_THROW(
      {
        statement.step();
        static_cast<void>(statement.view(0));
      },
      Error);
}

TEST(Statement, KnowsWhetherItsResultIsAFunctionOfTheData) {
  const support::TemporaryFolder scratch;
  const std::string path = support::make_database(
      scratch, "a.db",
      "create table t(id integer primary key, day text, n);"
      "create view plain as select id, upper(day) as day from t;"
      "create view dice as select random() as n;"
      "create view nested as select n from dice;"
      "create virtual table f5 using fts5(a); create virtual table f4 using fts4(a);"
      "create virtual table r using rtree(id, x0, x1)");
  const struct {
    const char* sql;
    bool deterministic;
  } cases[] = {
      {"select 1", true},
      {"select * from t", true},
      {"select count(*), max(n), group_concat(day) from t", true},
      {"select * from plain", true},
      {"select * from f5 where f5 match 'x' order by bm25(f5)", true},
      {"select snippet(f4) from f4 where f4 match 'x'", true},
      {"select * from r where x0 > 1", true},
      {"select * from json_each('[1]')", true},
      {"select row_number() over (order by n) from t", true},
      {"select * from pragma_table_info('t')", true},
      {"select random()", false},
      {"select RANDOM()", false},
      {"select hex(randomblob(4))", false},
      {"select datetime('now')", false},
      {"select date(day) from t", false},
      {"select strftime('%Y', day) from t", false},
      {"select current_timestamp", false},
      {"select current_date", false},
      {"select 1 from t order by random()", false},
      {"select 1 where exists (select 1 from t where n > random())", false},
      {"select changes()", false},
      {"select total_changes()", false},
      {"select last_insert_rowid()", false},
      {"select * from dice", false},
      {"select * from nested", false},
      {"pragma cache_size", false},
  };
  Connection connection({.path = path});
  for (const auto& [sql, deterministic] : cases) {
    // Twice: modules compile statements of their own at the first use of a table.
    for (int run = 0; run < 2; ++run) {
      Statement statement(connection, sql);
      EXPECT_EQ(statement.is_deterministic(), deterministic) << sql;
      while (statement.step()) {
      }
      EXPECT_EQ(statement.is_deterministic(), deterministic) << sql << " after it ran";
    }
  }
}

TEST(Statement, IsJudgedAnewWhenAViewChanges) {
  const support::TemporaryFolder scratch;
  const std::string path =
      support::make_database(scratch, "a.db", "create view v as select 1 as n");
  Connection connection({.path = path});
  Statement statement(connection, "select n from v");
  EXPECT_TRUE(statement.is_deterministic());
  support::Writer(path).run("drop view v; create view v as select random() as n");
  ASSERT_TRUE(statement.step());
  EXPECT_FALSE(statement.is_deterministic());
  statement.reset();
  support::Writer(path).run("drop view v; create view v as select 2 as n");
  ASSERT_TRUE(statement.step());
  EXPECT_TRUE(statement.is_deterministic());
}

class Recorder : public Monitor {
 public:
  void statement_begins(std::chrono::steady_clock::time_point deadline,
                        std::string_view sql) override {
    calls.emplace_back(sql);
    deadlines.push_back(deadline);
  }
  void statement_renews(std::chrono::steady_clock::time_point deadline) override {
    calls.emplace_back("renews");
    deadlines.push_back(deadline);
  }
  void statement_ends() override { calls.emplace_back("ends"); }
  bool client_left() override {
    ++asked;
    return left;
  }

  std::vector<std::string> calls;
  std::vector<std::chrono::steady_clock::time_point> deadlines;
  int asked = 0;
  bool left = false;
};

TEST(Monitor, HearsOfBeginAndEnd) {
  Recorder monitor;
  OpenOptions options = in_memory();
  options.monitor = &monitor;
  Connection connection(options);
  ASSERT_FALSE(monitor.calls.empty());
  EXPECT_EQ(monitor.calls.back(), "ends");
  monitor.calls.clear();
  Statement statement(connection, "select 1");
  EXPECT_TRUE(monitor.calls.empty()) << "compiling is not running";
  ASSERT_TRUE(statement.step());
  EXPECT_THAT(monitor.calls, ElementsAre("select 1"));
  EXPECT_FALSE(statement.step());
  EXPECT_THAT(monitor.calls, ElementsAre("select 1", "ends"));
}

TEST(Monitor, HearsOfTheEndAfterErrorsResetsAndDestruction) {
  Recorder monitor;
  OpenOptions options = in_memory();
  options.monitor = &monitor;
  Connection connection(options);
  monitor.calls.clear();
  {
    Statement failing(connection, "select json('{')");
    EXPECT_THROW(failing.step(), Error);
  }
  EXPECT_THAT(monitor.calls, ElementsAre("select json('{')", "ends"));
  monitor.calls.clear();
  {
    Statement left_early(connection, "select 2");
    ASSERT_TRUE(left_early.step());
  }
  EXPECT_THAT(monitor.calls, ElementsAre("select 2", "ends"));
  monitor.calls.clear();
  { ASSERT_TRUE(connection.prepare("select 3")->step()); }
  EXPECT_THAT(monitor.calls, ElementsAre("select 3", "ends"));
}

TEST(Monitor, HasTheOuterStatementInHandAgainAfterTheInnerOne) {
  Recorder monitor;
  OpenOptions options = in_memory();
  options.monitor = &monitor;
  Connection connection(options);
  monitor.calls.clear();
  monitor.deadlines.clear();
  Statement outer(connection, "select 'outer'");
  ASSERT_TRUE(outer.step());
  connection.set_time_limit(77s);
  EXPECT_EQ(connection.query_integer("select 5"), 5);
  EXPECT_FALSE(outer.step());
  EXPECT_THAT(monitor.calls, ElementsAre("select 'outer'", "select 5", "select 'outer'", "ends"));
  ASSERT_EQ(monitor.deadlines.size(), 3U);
  EXPECT_EQ(monitor.deadlines[0], monitor.deadlines[2]) << "no new time for the outer one";
  EXPECT_GT(monitor.deadlines[1], monitor.deadlines[0]);
}

TEST(Monitor, HearsOfANewDeadlineForEachRowOfAStream) {
  Recorder monitor;
  OpenOptions options = in_memory();
  options.monitor = &monitor;
  Connection connection(options);
  monitor.calls.clear();
  const CachedStatement stream = connection.prepare("select 1 union all select 2");
  stream->set_pace(Pace::kStream);
  while (stream->step()) {
  }
  EXPECT_THAT(monitor.calls,
              ElementsAre("select 1 union all select 2", "renews", "renews", "ends"));
}

TEST(Monitor, AClientThatLeftEndsTheStatement) {
  Recorder monitor;
  OpenOptions options = in_memory();
  options.monitor = &monitor;
  Connection connection(options);
  connection.set_time_limit(20s);
  monitor.left = true;
  const auto start = std::chrono::steady_clock::now();
  Statement statement(connection, kEndless);
  EXPECT_THROW(statement.step(), Abandoned);
  EXPECT_LT(std::chrono::steady_clock::now() - start, 2s);
  EXPECT_EQ(monitor.asked, 1);
  // Whoever takes an Error for news about the statement must not see this one.
  static_assert(!std::is_base_of_v<Error, Abandoned>);
  monitor.left = false;
  connection.set_time_limit(50ms);
  EXPECT_THROW(statement.step(), Interrupted) << "the next one is judged by itself";
}

}  // namespace
}  // namespace tapedeck::sqlite
