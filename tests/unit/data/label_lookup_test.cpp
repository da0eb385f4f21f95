#include "data/label_lookup.hpp"

#include <map>
#include <memory>
#include <string>
#include <utility>

#include <gtest/gtest.h>

#include "support/temporary_database.hpp"

namespace tapedeck::data {
namespace {

class LabelLookupTest : public testing::Test {
 protected:
  LabelLookupTest() {
    support::run_sql(folder_ / "db.db", R"(
      create table author(id integer primary key, name text, code text);
      insert into author values (1, 'Jane', 'J1'), (2, null, 'J2'), (3, '', 'J3');
      create table plain(id integer primary key, a, b);
      insert into plain values (1, 'x', 'y');
      create table book(author integer references author(id), plain integer references plain(id),
                        gone integer references nowhere(id));
    )");
    connection_ =
        std::make_unique<sqlite::Connection>(sqlite::OpenOptions{.path = folder_ / "db.db"});
    catalogue_ = sqlite::read_catalogue(*connection_);
    for (const sqlite::ForeignKey& key : catalogue_.find("book")->outgoing) {
      keys_[key.column] = &key;
    }
  }

  LabelLookup lookup(std::string label_column = "") {
    TableConfig config;
    config.label_column = std::move(label_column);
    return {*connection_, catalogue_, [config](std::string_view) { return config; }};
  }
  const sqlite::ForeignKey& key(const std::string& column) { return *keys_.at(column); }
  static sqlite::ValueView view(const sqlite::Value& value) { return sqlite::view_of(value); }

 private:
  support::TemporaryFolder folder_;
  std::unique_ptr<sqlite::Connection> connection_;
  sqlite::Catalogue catalogue_;
  std::map<std::string, const sqlite::ForeignKey*> keys_;
};

TEST_F(LabelLookupTest, GivesTheLabelColumnOfTheRow) {
  LabelLookup labels = lookup();
  EXPECT_EQ(labels.find(key("author"), view(std::int64_t{1})), "Jane");
  EXPECT_EQ(labels.find(key("author"), view(std::string("1"))), "Jane");
  EXPECT_EQ(labels.find(key("author"), view(std::int64_t{2})), "") << "NULL";
  EXPECT_EQ(labels.find(key("author"), view(std::int64_t{3})), "");
  EXPECT_EQ(labels.find(key("author"), view(std::int64_t{9})), std::nullopt);
  EXPECT_EQ(labels.find(key("author"), view(std::string("x"))), std::nullopt);
}

TEST_F(LabelLookupTest, WithoutLabelColumnTheValueItself) {
  LabelLookup labels = lookup();
  EXPECT_EQ(labels.find(key("plain"), view(std::int64_t{1})), "1");
  EXPECT_EQ(labels.find(key("plain"), view(std::int64_t{2})), std::nullopt);
}

TEST_F(LabelLookupTest, TheConfigurationNamesAnotherColumn) {
  LabelLookup labels = lookup("code");
  EXPECT_EQ(labels.find(key("author"), view(std::int64_t{1})), "J1");
  LabelLookup hostile = lookup("code from author; drop table author");
  // An unknown quoted name is a string to SQLite; nothing else of it runs.
  EXPECT_EQ(hostile.find(key("author"), view(std::int64_t{1})),
            "code from author; drop table author");
}

TEST_F(LabelLookupTest, AKeyToNowhereHasNoLabel) {
  LabelLookup labels = lookup();
  EXPECT_EQ(labels.find(key("gone"), view(std::int64_t{1})), std::nullopt);
}

TEST_F(LabelLookupTest, AsksOncePerValue) {
  LabelLookup labels = lookup();
  EXPECT_EQ(labels.find(key("author"), view(std::int64_t{1})), "Jane");
  EXPECT_EQ(labels.find(key("author"), view(std::int64_t{9})), std::nullopt);
  const std::uint64_t before = sqlite::statements_run();
  EXPECT_EQ(labels.find(key("author"), view(std::int64_t{1})), "Jane");
  EXPECT_EQ(labels.find(key("author"), view(std::int64_t{9})), std::nullopt);
  EXPECT_EQ(sqlite::statements_run(), before);
}

}  // namespace
}  // namespace tapedeck::data
