#include "instance/database.hpp"

#include <csignal>
#include <fcntl.h>
#include <functional>
#include <sys/stat.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/digest.hpp"
#include "http/request_error.hpp"
#include "sqlite/error.hpp"
#include "support/writer.hpp"

namespace tapedeck::instance {
namespace {

using namespace std::chrono_literals;
using support::make_database;
using support::TemporaryFolder;
using support::Writer;
using testing::HasSubstr;

constexpr char kTable[] = "create table t(n); insert into t values(1);";
constexpr char kWalTable[] =
    "pragma journal_mode = wal; create table t(n); insert into t values(1)";

Database database_at(const std::string& path, bool immutable = false,
                     sqlite::Monitor* monitor = nullptr, SchemaReadings* readings = nullptr) {
  return {{.name = "data", .path = path, .immutable = immutable, .cache_size_kb = 256},
          config::Settings{},
          monitor,
          readings};
}

std::int64_t rows(Database& database) {
  database.refresh();
  return database.connection().query_integer("select count(*) from t").value_or(-1);
}

struct Refusal {
  int status = 0;
  std::string message;
};
Refusal refusal(Database& database) {
  try {
    database.refresh();
    return {};
  } catch (const http::RequestError& error) {
    return {error.status, error.message};
  }
}

/// Another process: POSIX locks do not exist between two descriptors of one process.
class Child {
 public:
  /// The child runs `work`, which tells with the given function that it is ready, and ends with the
  /// status that `work` returns.
  explicit Child(const std::function<int(const std::function<void()>&)>& work) {
    int ready[2];
    if (::pipe(ready) != 0) throw std::runtime_error("pipe");
    id_ = ::fork();
    if (id_ == 0) {
      ::close(ready[0]);
      int status = 99;
      try {
        status = work([&] {
          if (::write(ready[1], "r", 1) != 1) ::_exit(98);
        });
      } catch (const std::exception& error) {
        std::fprintf(stderr, "child: %s\n", error.what());
      }
      ::_exit(status);
    }
    ::close(ready[1]);
    char byte = 0;
    while (::read(ready[0], &byte, 1) < 0 && errno == EINTR) {
    }
    ::close(ready[0]);
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child() {
    if (id_ > 0) {
      ::kill(id_, SIGKILL);
      wait();
    }
  }
  int wait() {
    int status = 0;
    ::waitpid(id_, &status, 0);
    id_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }

 private:
  pid_t id_ = -1;
};

/// SQLite's result code of `sql`, run by another process.
int run_elsewhere(const std::string& path, const std::string& sql) {
  return Child([&](const auto&) { return Writer(path).try_run(sql) & 0xff; }).wait();
}
/// The generation as another process sees it.
std::string generation_elsewhere(const std::string& path) {
  int fds[2];
  if (::pipe(fds) != 0) throw std::runtime_error("pipe");
  Child child([&](const auto&) {
    Database database = database_at(path);
    std::string text;
    database.refresh().append_to(text);
    return ::write(fds[1], text.data(), text.size()) == static_cast<ssize_t>(text.size()) ? 0 : 1;
  });
  EXPECT_EQ(child.wait(), 0);
  ::close(fds[1]);
  std::string text(1000, '\0');
  const ssize_t got = ::read(fds[0], text.data(), text.size());
  ::close(fds[0]);
  text.resize(got < 0 ? 0 : static_cast<std::size_t>(got));
  return text;
}
std::string generation_here(Database& database) {
  std::string text;
  database.refresh().append_to(text);
  return text;
}

TEST(Database, RefreshRunsNoSqlWhenNothingChanged) {
  const TemporaryFolder scratch;
  for (const char* sql : {kTable, kWalTable}) {
    const std::string path = make_database(scratch, sql == kTable ? "a.db" : "w.db", sql);
    Database database = database_at(path);
    EXPECT_EQ(rows(database), 1);
    EXPECT_TRUE(database.catalogue().find("t"));
    const std::uint64_t before = sqlite::statements_run();
    for (int i = 0; i < 10; ++i) database.refresh();
    static_cast<void>(database.catalogue());
    EXPECT_EQ(sqlite::statements_run(), before);
  }
}

TEST(Database, CurrentLooksOnceInARequest) {
  const TemporaryFolder scratch;
  const std::string path = make_database(scratch, "a.db", kTable);
  Database database = database_at(path);
  const Generation first = database.current();
  EXPECT_EQ(run_elsewhere(path, "insert into t values(2)"), SQLITE_OK);
  EXPECT_EQ(database.current(), first);
  database.begin_request();
  EXPECT_NE(database.current(), first);
}

TEST(Database, GenerationsAreEqualInEveryProcessAndChangeWithEveryWrite) {
  const TemporaryFolder scratch;
  for (const char* sql : {kTable, kWalTable}) {
    const std::string path = make_database(scratch, sql == kTable ? "a.db" : "w.db", sql);
    Database one = database_at(path);
    // Keeps the log of the WAL file alive between the writes.
    const Child other([&](const auto& ready) {
      Writer writer(path);
      writer.run("select count(*) from t");
      ready();
      ::pause();
      return 0;
    });
    std::string last;
    for (int i = 0; i < 4; ++i) {
      EXPECT_EQ(run_elsewhere(path, "insert into t values(0)"), SQLITE_OK);
      const std::string now = generation_here(one);
      EXPECT_NE(now, last) << i;
      EXPECT_EQ(now, generation_elsewhere(path)) << i;
      EXPECT_EQ(now, generation_here(one)) << "no change without a write";
      EXPECT_EQ(rows(one), i + 2);
      last = now;
    }
    {
      Database restarted = database_at(path);
      EXPECT_EQ(generation_here(restarted), last) << "equal after a restart";
    }
    EXPECT_EQ(generation_here(one), last);
    EXPECT_EQ(run_elsewhere(path, "pragma wal_checkpoint(truncate)"), SQLITE_OK);
    EXPECT_EQ(rows(one), 5) << "after a checkpoint";
    last = generation_here(one);
    EXPECT_EQ(run_elsewhere(path, "update t set n = n + 1"), SQLITE_OK);
    EXPECT_NE(generation_here(one), last) << "a log begun anew";
    EXPECT_EQ(generation_here(one), generation_elsewhere(path));
  }
}

TEST(Database, CatalogueFollowsTheSchema) {
  const TemporaryFolder scratch;
  const std::string path = make_database(scratch, "a.db", kTable);
  Database database = database_at(path);
  database.refresh();
  EXPECT_FALSE(database.catalogue().find("u"));
  EXPECT_EQ(run_elsewhere(path, "create table u(a)"), SQLITE_OK);
  database.refresh();
  EXPECT_TRUE(database.catalogue().find("u"));
  EXPECT_EQ(run_elsewhere(path, "drop table u; create view u as select random()"), SQLITE_OK);
  database.refresh();
  EXPECT_TRUE(database.catalogue().find("u")->is_view());
}

TEST(Database, StatementsAreJudgedAnewAfterAChange) {
  const TemporaryFolder scratch;
  const std::string path = make_database(scratch, "a.db", "create view v as select 1 as n");
  Database database = database_at(path);
  database.refresh();
  { EXPECT_TRUE(database.visitor_connection().prepare("select n from v")->is_deterministic()); }
  EXPECT_EQ(run_elsewhere(path, "drop view v; create view v as select random() as n"), SQLITE_OK);
  database.refresh();
  EXPECT_FALSE(database.visitor_connection().prepare("select n from v")->is_deterministic());
}

TEST(Database, AReplacedFileIsReopened) {
  const TemporaryFolder scratch;
  const std::string path = make_database(scratch, "a.db", kTable);
  Database database = database_at(path);
  Database immutable = database_at(path, true);
  EXPECT_EQ(rows(database), 1);
  EXPECT_EQ(rows(immutable), 1);
  const auto hash = immutable.hash();
  database.results().keep_count("k", 1);
  const std::string next =
      make_database(scratch, "b.db", std::string(kTable) + "insert into t values(2)");
  std::filesystem::rename(next, path);
  EXPECT_EQ(rows(database), 2);
  EXPECT_EQ(rows(immutable), 2);
  EXPECT_NE(immutable.hash(), hash);
  EXPECT_EQ(database.results().count("k"), nullptr);
}

/// Replaces the file in the moment of its opening.
class Replacer : public sqlite::Monitor {
 public:
  void statement_begins(std::chrono::steady_clock::time_point, std::string_view) override {
    if (todo) std::exchange(todo, nullptr)();
  }
  void statement_renews(std::chrono::steady_clock::time_point) override {}
  void statement_ends() override {}
  bool client_left() override { return false; }
  std::function<void()> todo;
};

TEST(Database, AFileReplacedWhileItOpensIsOpenedAgain) {
  const TemporaryFolder scratch;
  const std::string path = make_database(scratch, "a.db", kTable);
  const std::string next =
      make_database(scratch, "b.db", std::string(kTable) + "insert into t values(2)");
  Replacer monitor;
  monitor.todo = [&] { std::filesystem::rename(next, path); };
  Database database = database_at(path, false, &monitor);
  database.refresh();
  EXPECT_EQ(rows(database), 2);
}

TEST(Database, AFileThatBecomesWalWhileItIsOpenIsFollowed) {
  const TemporaryFolder scratch;
  const std::string path = make_database(scratch, "data.db", kTable);
  Database database = database_at(path);
  EXPECT_EQ(rows(database), 1);
  {
    Writer writer(path);
    writer.run("pragma journal_mode = wal; insert into t values(2)");
    database.refresh();  // looks at the log before any statement has
  }
  Writer writer(path);
  for (std::int64_t count = 3; count < 6; ++count) {
    const Generation before = database.refresh();
    writer.run("insert into t values(0)");
    EXPECT_NE(database.refresh(), before) << count;
    EXPECT_EQ(rows(database), count);
  }
}

TEST(Database, AFileThatVanishedIs503UntilItIsBack) {
  const TemporaryFolder scratch;
  const std::string path = make_database(scratch, "a.db", kTable);
  Database database = database_at(path);
  EXPECT_EQ(rows(database), 1);
  std::filesystem::rename(path, scratch / "away.db");
  const Refusal gone = refusal(database);
  EXPECT_EQ(gone.status, 503);
  EXPECT_EQ(gone.message, "Database data is not available: its file is gone");
  EXPECT_EQ(database.file_size(), 0);
  std::filesystem::rename(scratch / "away.db", path);
  EXPECT_EQ(rows(database), 1);
  std::filesystem::remove(path);
  EXPECT_EQ(refusal(database).status, 503);
  make_database(scratch, "a.db", std::string(kTable) + "insert into t values(2)");
  EXPECT_EQ(rows(database), 2);
}

TEST(Database, SaysWhyAFileCannotBeRead) {
  const TemporaryFolder scratch;
  std::string noise;
  for (unsigned i = 0; i < 8192; ++i) noise += static_cast<char>(i * 2654435761U >> 13);
  std::filesystem::create_directory(scratch / "folder.db");
  const std::string torn = make_database(scratch, "torn.db", kTable);
  {
    std::fstream file(torn, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(100);
    file << std::string(400, '\xee');
  }
  const struct {
    std::string path;
    int status;
    std::string reason;
  } cases[] = {
      {scratch / "missing.db", 503, "its file is gone"},
      {scratch.write("empty.db", ""), 503, "its file is empty"},
      {scratch / "folder.db", 503, "it is no regular file"},
      {"/dev/null", 503, "it is no regular file"},
      {scratch.write("junk.db", "no database"), 500, "file is not a database"},
      {scratch.write("encrypted.db", noise), 500, "(or it is encrypted)"},
      {torn, 500, "is damaged"},
  };
  for (const auto& [path, status, reason] : cases) {
    Database database = database_at(path);
    for (int attempt = 0; attempt < 2; ++attempt) {
      const Refusal refused = refusal(database);
      EXPECT_EQ(refused.status, status) << path << ": " << refused.message;
      EXPECT_THAT(refused.message, HasSubstr(reason)) << path;
      EXPECT_THAT(refused.message, Not(HasSubstr(scratch.path()))) << "no path for the public";
    }
    EXPECT_FALSE(database.wants_new_process());
  }
}

TEST(Database, RecoversFromEveryRefusal) {
  const TemporaryFolder scratch;
  const std::string path = scratch.write("a.db", "junk");
  Database database = database_at(path);
  EXPECT_EQ(refusal(database).status, 500);
  scratch.write("a.db", "");
  EXPECT_EQ(refusal(database).status, 503);
  make_database(scratch, "a.db", kTable);
  EXPECT_EQ(rows(database), 1);
}

TEST(Database, AnExclusiveLockIs503WithinAboutASecond) {
  const TemporaryFolder scratch;
  const std::string path = make_database(scratch, "a.db", kTable);
  Database database = database_at(path);
  {
    const Child locker([&](const auto& ready) {
      Writer writer(path);
      writer.run("begin exclusive");
      ready();
      ::pause();
      return 0;
    });
    const auto start = std::chrono::steady_clock::now();
    const Refusal refused = refusal(database);
    EXPECT_EQ(refused.status, 503);
    EXPECT_THAT(refused.message, HasSubstr("locked by another program"));
    EXPECT_LT(std::chrono::steady_clock::now() - start, 2s);
  }
  EXPECT_EQ(rows(database), 1);
}

TEST(Database, HalfATransactionOfACrashedWriterIsNeverRead) {
  const TemporaryFolder scratch;
  const std::string path = make_database(scratch, "a.db", kTable);
  const Child crashed([&](const auto& ready) {
    Writer writer(path);
    // Spills to the file before it commits, then ends without a word.
    writer.run(
        "pragma cache_size = 1; pragma synchronous = off; begin;"
        "create table u(a); with recursive c(i) as (select 1 union all select i + 1 from c "
        "limit 5000) insert into u select hex(zeroblob(50)) from c;");
    ready();
    ::pause();
    return 0;
  });
  // What a crash leaves: the file and its journal, and no lock.
  std::filesystem::create_directory(scratch / "crashed");
  for (const char* name : {"a.db", "a.db-journal"}) {
    ASSERT_TRUE(std::filesystem::copy_file(scratch / name,
                                           scratch / "crashed" + ("/" + std::string(name))));
  }
  Database database = database_at(scratch / "crashed/a.db");
  const Refusal refused = refusal(database);
  EXPECT_EQ(refused.status, 503);
  EXPECT_THAT(refused.message, HasSubstr("-journal"));
  EXPECT_EQ(run_elsewhere(scratch / "crashed/a.db", "select count(*) from t"), SQLITE_OK);
  EXPECT_EQ(rows(database), 1) << "the next writer has rolled it back";
}

TEST(Database, TheLogOfAReplacedFileIsNotLaidOverTheNewOne) {
  const TemporaryFolder scratch;
  const std::string path = make_database(scratch, "w.db", kWalTable);
  Database database = database_at(path);
  {
    Writer writer(path);
    writer.run("insert into t values(2)");
    EXPECT_EQ(rows(database), 2);
  }
  // Our own connection keeps the log from being put away.
  const std::string other = make_database(
      scratch, "other.db",
      "pragma journal_mode = wal; create table t(n); insert into t values(7), (8), (9)");
  ASSERT_TRUE(std::filesystem::exists(path + "-wal"));
  std::filesystem::rename(path, scratch / "old.db");
  std::filesystem::rename(other, path);
  for (int i = 0; i < 2; ++i) {
    const Refusal refused = refusal(database);
    EXPECT_EQ(refused.status, 503);
    EXPECT_THAT(refused.message, HasSubstr("the log beside it"));
  }
  std::filesystem::remove(path + "-wal");
  std::filesystem::remove(path + "-shm");
  EXPECT_EQ(rows(database), 3);
}

TEST(Database, RefreshNeverDropsLocks) {
  const TemporaryFolder scratch;
  for (const char* sql : {kTable, kWalTable}) {
    const bool is_wal = sql == kWalTable;
    const std::string path = make_database(scratch, is_wal ? "w.db" : "a.db", sql);
    Database database = database_at(path);
    EXPECT_EQ(run_elsewhere(path, "insert into t values(2)"), SQLITE_OK);
    EXPECT_EQ(rows(database), 2);
    const sqlite::ReadTransaction transaction(database.connection());
    EXPECT_EQ(database.connection().query_integer("select count(*) from t"), 2);
    // What our reads stand in the way of: any commit, or with a log, leaving the WAL mode.
    const std::string refused = is_wal ? "pragma journal_mode = delete" : "insert into t values(3)";
    for (int i = 0; i < 3; ++i) {
      EXPECT_EQ(run_elsewhere(path, refused), SQLITE_BUSY) << i;
      database.refresh();
      static_cast<void>(database.catalogue());
      static_cast<void>(database.visitor_connection());
      static_cast<void>(database.file_size());
    }
    if (is_wal) {
      EXPECT_EQ(run_elsewhere(path, "insert into t values(3)"), SQLITE_OK);
      database.refresh();
      EXPECT_EQ(run_elsewhere(path, refused), SQLITE_BUSY);
    }
    EXPECT_EQ(database.connection().query_integer("select count(*) from t"), 2);
  }
}

/// Runs `work` as a user who may not write here; its result is the status of a process.
int as_nobody(const std::function<int()>& work) {
  return Child([&](const auto&) {
           if (::setgid(65534) != 0 || ::setuid(65534) != 0) return 97;
           return work();
         })
      .wait();
}

TEST(Database, AWalFileIsReadableWithoutWriteAccessToItsFolder) {
  if (::getuid() != 0) GTEST_SKIP() << "needs a second user";
  const TemporaryFolder scratch;
  ASSERT_EQ(::chmod(scratch.path().c_str(), 0755), 0);
  const std::string path = make_database(scratch, "w.db", kWalTable);
  const auto count = [&] {
    Database database = database_at(path);
    return static_cast<int>(rows(database));
  };
  // Closed cleanly: no log, and no -shm can be made.
  EXPECT_EQ(as_nobody(count), 1);
  {
    Writer writer(path);
    writer.run("insert into t values(2)");
    EXPECT_EQ(as_nobody(count), 2) << "a log with its index";
  }
  EXPECT_EQ(as_nobody(count), 2) << "closed again";
  int begin[2];
  ASSERT_EQ(::pipe(begin), 0);
  Child reader([&](const auto& ready) {
    if (::setgid(65534) != 0 || ::setuid(65534) != 0) return 97;
    Database database = database_at(path);
    if (rows(database) != 2) return 1;
    if (database.connection().query_integer("pragma mmap_size") != 0) return 2;
    ready();
    char byte = 0;
    if (::read(begin[0], &byte, 1) != 1) return 3;
    return static_cast<int>(rows(database));
  });
  Writer writer(path);
  writer.run("insert into t values(3)");
  ASSERT_EQ(::write(begin[1], "b", 1), 1);
  EXPECT_EQ(reader.wait(), 3) << "an immutable connection follows a log that appeared";
  ::close(begin[0]);
  ::close(begin[1]);
}

TEST(Database, AFileWithoutReadAccessIs503) {
  if (::getuid() != 0) GTEST_SKIP() << "needs a second user";
  const TemporaryFolder scratch;
  ASSERT_EQ(::chmod(scratch.path().c_str(), 0755), 0);
  const std::string path = make_database(scratch, "a.db", kTable);
  ASSERT_EQ(::chmod(path.c_str(), 0), 0);
  EXPECT_EQ(as_nobody([&] {
              Database database = database_at(path);
              return refusal(database).status == 503 && !database.wants_new_process() ? 0 : 1;
            }),
            0);
}

TEST(Database, AnImmutableFileIsMappedAndReadWithoutLocks) {
  const TemporaryFolder scratch;
  const std::string path = make_database(scratch, "a.db", kTable);
  Database database = database_at(path, true);
  EXPECT_EQ(rows(database), 1);
  EXPECT_GT(database.connection().query_integer("pragma mmap_size").value_or(0), 0);
  const sqlite::ReadTransaction transaction(database.connection());
  EXPECT_EQ(database.connection().query_integer("select count(*) from t"), 1);
  EXPECT_EQ(run_elsewhere(path, "begin exclusive; rollback"), SQLITE_OK);
  ASSERT_TRUE(database.hash());
  EXPECT_EQ(database.hash()->size(), 64U);
}

TEST(Database, AMutableFileHasNoHash) {
  const TemporaryFolder scratch;
  Database database = database_at(make_database(scratch, "a.db", kTable));
  EXPECT_EQ(database.hash(), std::nullopt);
  EXPECT_GT(database.file_size(), 0);
}

TEST(Database, MemoryHasAGenerationThatNeverChanges) {
  Database database = database_at("");
  EXPECT_TRUE(database.is_memory());
  EXPECT_EQ(database.refresh(), Generation{});
  EXPECT_EQ(database.visitor_connection().query_integer("select 1 + 1"), 2);
  EXPECT_TRUE(database.catalogue().tables.empty());
  EXPECT_EQ(database.file_size(), 0);
  EXPECT_EQ(database.hash(), std::nullopt);
}

TEST(Database, CountsHoldForOneGeneration) {
  const TemporaryFolder scratch;
  const std::string path = make_database(scratch, "a.db", kTable);
  Database database = database_at(path);
  database.refresh();
  EXPECT_EQ(database.results().count("a"), nullptr);
  database.results().keep_count("a", 5);
  database.results().keep_count("slow", std::nullopt);
  database.refresh();
  ASSERT_TRUE(database.results().count("a"));
  EXPECT_EQ(database.results().count("a")->count, 5);
  ASSERT_TRUE(database.results().count("slow")) << "a time-out is a result too";
  EXPECT_EQ(database.results().count("slow")->count, std::nullopt);
  const auto left = database.results().count("slow")->expires - std::chrono::steady_clock::now();
  EXPECT_GT(left, 55s);
  EXPECT_LE(left, 60s);
  EXPECT_EQ(run_elsewhere(path, "insert into t values(2)"), SQLITE_OK);
  database.refresh();
  EXPECT_EQ(database.results().count("a"), nullptr);
  EXPECT_EQ(database.results().count("slow"), nullptr);
  for (int i = 0; i < 5000; ++i) database.results().keep_count(std::to_string(i), i);
  EXPECT_EQ(database.results().count("0"), nullptr) << "their number is bounded";
  EXPECT_TRUE(database.results().count("4999"));
}

TEST(Database, HashesOfImmutableFilesAreWorkedOutBeforehand) {
  const TemporaryFolder scratch;
  config::Configuration configuration;
  const std::string path = scratch.write("a.db", "abc");
  configuration.databases = {{.name = "a", .path = path, .immutable = true},
                             {.name = "b", .path = path},
                             {.name = "c", .path = scratch / "missing", .immutable = true},
                             {.name = "_memory", .path = ""}};
  const config::Configuration fresh = configuration;
  hash_immutable_files(configuration, nullptr);
  EXPECT_EQ(configuration.databases[0].hash,
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  for (std::size_t i = 1; i < 4; ++i) EXPECT_EQ(configuration.databases[i].hash, "") << i;

  // A reload takes over what is known of the same file, and of no other.
  config::Configuration before = configuration;
  before.databases[0].hash = "known";
  config::Configuration reloaded = fresh;
  hash_immutable_files(reloaded, &before);
  EXPECT_EQ(reloaded.databases[0].hash, "known");
  scratch.write("a.db", "other");
  reloaded = fresh;
  hash_immutable_files(reloaded, &before);
  EXPECT_EQ(reloaded.databases[0].hash.size(), 64U);
}

TEST(Database, IsRefusedWhileAReadingOfItsSchemaNeverCameToItsEnd) {
  const TemporaryFolder folder;
  const std::string path = make_database(folder, "slow.db", kTable);
  struct stat status {};
  ASSERT_EQ(::stat(path.c_str(), &status), 0);
  SchemaReadings readings;
  Database database = database_at(path, false, nullptr, &readings);
  database.refresh();
  const auto version = database.connection().query_integer("pragma schema_version").value_or(0);
  const std::uint64_t schema =
      base::fast_hash(std::to_string(status.st_dev) + '/' + std::to_string(status.st_ino) + '/' +
                      std::to_string(version));
  const auto now = std::chrono::steady_clock::now();
  ASSERT_TRUE(readings.begin(schema, now - SchemaReadings::kLimit - 1s));
  try {
    static_cast<void>(database.catalogue());
    FAIL() << "the schema was read";
  } catch (const http::RequestError& error) {
    EXPECT_EQ(error.status, 503);
    EXPECT_EQ(error.message, "Database data is not available: its schema takes too long to read");
  }
  readings.end(schema);
  EXPECT_EQ(database.catalogue().tables.size(), 1U);
  EXPECT_TRUE(readings.begin(schema, now + SchemaReadings::kLimit + 1s))
      << "a reading that came to its end is no reading";
}

}  // namespace
}  // namespace tapedeck::instance
