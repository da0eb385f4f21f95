#include "sqlite/connection.hpp"

#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sqlite/error.hpp"
#include "support/writer.hpp"

namespace tapedeck::sqlite {
namespace {

using support::make_database;
using support::TemporaryFolder;
using support::Writer;

/// The whole program runs under the limit that a worker has.
class Library : public testing::Environment {
 public:
  void SetUp() override { initialise(std::int64_t{128} * 1024 * 1024); }
};
const testing::Environment* const library = testing::AddGlobalTestEnvironment(new Library);

int refused_code(Connection& connection, const std::string& sql) {
  try {
    connection.execute(sql);
    return SQLITE_OK;
  } catch (const Error& error) {
    return error.primary_code();
  }
}

TEST(Connection, LongAndStrangersStatementsDoNotFillTheMemoryOfTheRest) {
  Connection visitor({.path = {}, .mode = OpenMode::kMemory, .profile = Profile::kVisitor});
  const auto run_list = [&visitor](int first, int count) {
    std::string sql = "select " + std::to_string(first);
    sql += " in (0";
    for (int i = 0; i < count; ++i) sql += ",1";
    EXPECT_TRUE(visitor.query_integer(sql + ")").has_value());
  };
  run_list(0, 20000);
  const std::int64_t before = sqlite3_memory_used();
  for (int i = 1; i < 200; ++i) run_list(i, 20000);
  for (int i = 1; i < 2000; ++i) run_list(i, 1000);
  EXPECT_LT(sqlite3_memory_used() - before, 4 * 1024 * 1024);
}

TEST(Connection, IsReadOnlyInEveryModeAndProfile) {
  const TemporaryFolder scratch;
  const std::string path =
      make_database(scratch, "a.db", "create table t(n); insert into t values(1)");
  const OpenOptions cases[] = {
      {.path = path},
      {.path = path, .profile = Profile::kVisitor},
      {.path = path, .mode = OpenMode::kImmutable},
      {.path = path, .mode = OpenMode::kImmutable, .profile = Profile::kVisitor},
  };
  for (const OpenOptions& options : cases) {
    Connection connection(options);
    for (const char* sql :
         {"insert into t values(2)", "update t set n = 3", "delete from t",
          "with x as (select 1) insert into t select * from x", "replace into t values(4)"}) {
      try {
        const CachedStatement statement = connection.prepare(sql);
        statement->step();
        ADD_FAILURE() << sql << " was not refused";
      } catch (const Error& error) {
        EXPECT_STREQ(error.what(), "attempt to write a readonly database") << sql;
        EXPECT_EQ(error.primary_code(), SQLITE_READONLY);
      }
    }
    for (const char* sql : {"create table u(n)", "drop table t", "create index i on t(n)",
                            "alter table t add column m", "create temp table u(n)", "vacuum"}) {
      EXPECT_NE(refused_code(connection, sql), SQLITE_OK) << sql;
    }
    EXPECT_EQ(connection.query_integer("select count(*) from t"), 1);
  }
}

TEST(Connection, MemoryIsEmptyAndReadOnlyToo) {
  Connection connection({.path = "ignored", .mode = OpenMode::kMemory});
  EXPECT_EQ(connection.query_integer("select count(*) from sqlite_master"), 0);
  EXPECT_EQ(refused_code(connection, "create table t(n)"), SQLITE_READONLY);
}

TEST(Connection, RefusesWhatIsNoDatabase) {
  const TemporaryFolder scratch;
  const struct {
    std::string path;
    int code;
  } cases[] = {
      {scratch / "missing.db", SQLITE_CANTOPEN},
      {scratch.write("junk.db", std::string(4096, 'j')), SQLITE_NOTADB},
      {scratch.write("short.db", "hello, world"), SQLITE_NOTADB},
  };
  for (const auto& [path, code] : cases) {
    try {
      const Connection connection({.path = path});
      ADD_FAILURE() << path << " was opened";
    } catch (const Error& error) {
      EXPECT_EQ(error.primary_code(), code) << path << ": " << error.what();
    }
  }
  EXPECT_FALSE(std::filesystem::exists(scratch / "missing.db")) << "nothing is created";
}

TEST(Connection, OpensPathsThatLookLikeUris) {
  const TemporaryFolder scratch;
  for (const char* name : {"a b.db", "a?mode=rwc.db", "a#b.db", "100%25.db", "é.db", "a&b=c.db",
                           "file:x.db", "new\nline.db", "q'uote\".db"}) {
    const std::string path = make_database(scratch, name, "create table t(n)");
    Connection connection({.path = path});
    EXPECT_EQ(connection.query_integer("select count(*) from sqlite_master"), 1) << name;
  }
}

TEST(Connection, QueryIntegerGivesTheFirstColumnOfTheFirstRow) {
  Connection connection({.path = "", .mode = OpenMode::kMemory});
  EXPECT_EQ(connection.query_integer("select 4, 5 union all select 6, 7"), 4);
  EXPECT_EQ(connection.query_integer("select ?1 + ?2", {std::int64_t{2}, std::int64_t{3}}), 5);
  EXPECT_EQ(connection.query_integer("select 1 where 0"), std::nullopt);
}

TEST(Connection, LendsACachedStatementAgain) {
  Connection connection({.path = "", .mode = OpenMode::kMemory});
  const Statement* first = nullptr;
  {
    const CachedStatement statement = connection.prepare("select ?1");
    statement->bind(1, std::int64_t{1});
    statement->set_pace(Pace::kStream);
    ASSERT_TRUE(statement->step());
    first = &*statement;
  }
  const CachedStatement again = connection.prepare("select ?1");
  EXPECT_EQ(&*again, first);
  ASSERT_TRUE(again->step());
  EXPECT_TRUE(again->view(0).is_null()) << "it comes back unbound";
  const CachedStatement beside = connection.prepare("select ?1");
  EXPECT_NE(&*beside, first) << "one in use is not lent twice";
  ASSERT_TRUE(beside->step());
}

TEST(Connection, ForgetsStatementsWhenTold) {
  Connection connection({.path = "", .mode = OpenMode::kMemory});
  { EXPECT_TRUE(connection.prepare("select 1")->step()); }
  connection.clear_statements();
  EXPECT_TRUE(connection.prepare("select 1")->step());
  const CachedStatement lent = connection.prepare("select 2");
  connection.clear_statements();
  EXPECT_TRUE(lent->step()) << "a lent statement outlives the clearing";
}

TEST(Connection, KeepsABoundedNumberOfStatements) {
  Connection connection({.path = "", .mode = OpenMode::kMemory});
  for (int i = 0; i < 1000; ++i) {
    EXPECT_EQ(connection.query_integer("select " + std::to_string(i)), i);
  }
  sqlite3_int64 unused = 0;
  sqlite3_int64 memory = 0;
  sqlite3_status64(SQLITE_STATUS_MEMORY_USED, &memory, &unused, 0);
  EXPECT_LT(memory, 8 * 1024 * 1024);
}

TEST(Connection, CachedStatementsFollowTheSchema) {
  const TemporaryFolder scratch;
  const std::string path =
      make_database(scratch, "a.db", "create table t(a); insert into t values(1)");
  Connection connection({.path = path});
  {
    const CachedStatement statement = connection.prepare("select * from t");
    EXPECT_EQ(statement->column_count(), 1);
    ASSERT_TRUE(statement->step());
  }
  Writer(path).run("alter table t add column b default 2");
  {
    const CachedStatement statement = connection.prepare("select * from t");
    ASSERT_TRUE(statement->step());
    EXPECT_EQ(statement->column_count(), 2);
    EXPECT_EQ(statement->view(1).integer, 2);
  }
  Writer(path).run("drop table t");
  const CachedStatement statement = connection.prepare("select * from t");
  EXPECT_THROW(statement->step(), Error);
}

TEST(Connection, ReadsTheFileThroughTheDescriptorOfSqlite) {
  const TemporaryFolder scratch;
  const std::string path = make_database(scratch, "a.db", "create table t(n)");
  Connection connection({.path = path});
  char bytes[16] = {};
  ASSERT_TRUE(connection.read_file(0, bytes, 16));
  EXPECT_EQ(std::string_view(bytes, 16), std::string_view("SQLite format 3\0", 16));
  EXPECT_FALSE(connection.read_file(1'000'000'000, bytes, 16)) << "past the end";
  Connection memory({.path = "", .mode = OpenMode::kMemory});
  EXPECT_FALSE(memory.read_file(0, bytes, 16));
}

TEST(Connection, CountsTheStatementsThatBegin) {
  Connection connection({.path = "", .mode = OpenMode::kMemory});
  const std::uint64_t before = statements_run();
  const CachedStatement statement = connection.prepare("select 1 union all select 2");
  EXPECT_EQ(statements_run(), before) << "compiling runs nothing";
  while (statement->step()) {
  }
  EXPECT_EQ(statements_run(), before + 1);
}

TEST(Connection, MapsOnlyFilesThatItIsToldTo) {
  const TemporaryFolder scratch;
  const std::string path = make_database(scratch, "a.db", "create table t(n)");
  Connection plain({.path = path, .mode = OpenMode::kImmutable});
  EXPECT_EQ(plain.query_integer("pragma mmap_size"), 0);
  Connection mapped({.path = path, .mode = OpenMode::kImmutable, .map_file = true});
  EXPECT_GT(mapped.query_integer("pragma mmap_size").value_or(0), 0);
}

TEST(ReadTransaction, EverythingReadInsideAgrees) {
  const TemporaryFolder scratch;
  const std::string path = make_database(
      scratch, "a.db", "pragma journal_mode = wal; create table t(n); insert into t values(1)");
  for (const Profile profile : {Profile::kTrusted, Profile::kVisitor}) {
    Writer writer(path);
    writer.run("delete from t; insert into t values(1)");
    Connection connection({.path = path, .profile = profile});
    {
      const ReadTransaction transaction(connection);
      EXPECT_EQ(connection.query_integer("select count(*) from t"), 1);
      writer.run("insert into t values(2)");
      EXPECT_EQ(connection.query_integer("select count(*) from t"), 1);
    }
    EXPECT_EQ(connection.query_integer("select count(*) from t"), 2);
  }
}

TEST(ReadTransaction, InsideOfAnotherOneItDoesNothing) {
  const TemporaryFolder scratch;
  const std::string path =
      make_database(scratch, "a.db", "pragma journal_mode = wal; create table t(n)");
  Connection connection({.path = path});
  Writer writer(path);
  const ReadTransaction outer(connection);
  EXPECT_EQ(connection.query_integer("select count(*) from t"), 0);
  { const ReadTransaction inner(connection); }
  writer.run("insert into t values(1)");
  EXPECT_EQ(connection.query_integer("select count(*) from t"), 0);
}

TEST(ReadTransaction, LeavesVisitorsNoStatementOfItsOwn) {
  Connection connection({.path = "", .mode = OpenMode::kMemory, .profile = Profile::kVisitor});
  { const ReadTransaction transaction(connection); }
  for (const char* sql : {"begin", "rollback", "begin immediate", "savepoint s"}) {
    EXPECT_THROW(static_cast<void>(connection.prepare(sql)), Error) << sql;
  }
}

}  // namespace
}  // namespace tapedeck::sqlite
