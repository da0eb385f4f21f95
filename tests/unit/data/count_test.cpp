#include "data/count.hpp"

#include <gtest/gtest.h>

#include "support/temporary_database.hpp"

namespace tapedeck::data {
namespace {

class CountTest : public testing::Test {
 protected:
  CountTest() {
    support::run_sql(folder_ / "db.db", R"(
      create table t(id integer primary key, n);
      with recursive c(i) as (select 1 union all select i + 1 from c where i < 10050)
        insert into t select i, i % 3 from c;
      create table few(id integer primary key);
      insert into few values (1), (2);
      create view slow as
        with recursive c(i) as (select 1 union all select i + 1 from c) select i from c where i < 0;
    )");
    database_ = std::make_unique<instance::Database>(
        config::DatabaseFile{.name = "db", .path = folder_ / "db.db"}, config::Settings{}, nullptr);
    database_->refresh();
  }

  std::optional<std::int64_t> count(const std::string& from, const std::string& where = "",
                                    std::string value = "") {
    TablePlan plan;
    plan.from = from;
    if (!where.empty()) plan.where.push_back(where + plan.params.add(std::move(value)));
    return count_rows(*database_, database_->connection(), plan);
  }
  instance::Database& database() { return *database_; }
  std::string path() { return folder_ / "db.db"; }

 private:
  support::TemporaryFolder folder_;
  std::unique_ptr<instance::Database> database_;
};

TEST_F(CountTest, CountsUpToTheLimit) {
  EXPECT_EQ(count("few"), 2);
  EXPECT_EQ(count("t"), kCountLimit);
  EXPECT_EQ(count("t", "id < ", "100"), 99);
  EXPECT_EQ(count_table(database(), "few", std::chrono::milliseconds(1000)), 2);
  EXPECT_EQ(count_table(database(), "no\"such", std::chrono::milliseconds(1000)), std::nullopt);
}

TEST_F(CountTest, IsKeptBySqlAndParameters) {
  EXPECT_EQ(count("t", "id < ", "100"), 99);
  const std::uint64_t before = sqlite::statements_run();
  EXPECT_EQ(count("t", "id < ", "100"), 99);
  EXPECT_EQ(sqlite::statements_run(), before);
  EXPECT_EQ(count("t", "id < ", "10"), 9);
  EXPECT_EQ(count("t", "id <= ", "10"), 10);
  EXPECT_EQ(sqlite::statements_run(), before + 2);
}

TEST_F(CountTest, IsForgottenWithTheGeneration) {
  EXPECT_EQ(count("few"), 2);
  support::run_sql(path(), "insert into few values (3)");
  database().refresh();
  EXPECT_EQ(count("few"), 3);
}

TEST_F(CountTest, ATimeOutIsKeptAsWell) {
  database().connection().set_time_limit(std::chrono::milliseconds(20));
  EXPECT_EQ(count("slow"), std::nullopt);
  const std::uint64_t before = sqlite::statements_run();
  EXPECT_EQ(count("slow"), std::nullopt);
  EXPECT_EQ(sqlite::statements_run(), before);
}

TEST_F(CountTest, TheLimitOfATableCountIsItsOwn) {
  database().connection().set_time_limit(std::chrono::milliseconds(777));
  EXPECT_EQ(count_table(database(), "slow", std::chrono::milliseconds(20)), std::nullopt);
  EXPECT_EQ(database().connection().time_limit(), std::chrono::milliseconds(777));
}

}  // namespace
}  // namespace tapedeck::data
