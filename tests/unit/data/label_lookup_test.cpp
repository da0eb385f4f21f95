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
      create table nokey(a, b, c);
      create table word(word text collate nocase, name integer);
      insert into word values ('A', 1), ('a', 2);
      create table book(author integer references author(id), plain integer references plain(id),
                        gone integer references nowhere(id), goneby integer references nowhere,
                        nokey references nokey, word references word(word), b blob references plain(id));
    )");
    connection_ =
        std::make_unique<sqlite::Connection>(sqlite::OpenOptions{.path = folder_ / "db.db"});
    catalogue_ = sqlite::read_catalogue(*connection_);
    for (const sqlite::Reference& key : catalogue_.find("book")->references) {
      keys_[key.key.column] = &key.key;
    }
  }

  LabelLookup lookup(std::string label_column = "") {
    TableConfig config;
    config.label_column = std::move(label_column);
    return {*connection_, catalogue_, [config](std::string_view) { return config; }};
  }
  const sqlite::ForeignKey& key(const std::string& column) { return *keys_.at(column); }
  sqlite::Connection& connection() { return *connection_; }
  const sqlite::Catalogue& catalogue() const { return catalogue_; }
  static sqlite::ValueView view(const sqlite::Value& value) { return sqlite::view_of(value); }

 private:
  support::TemporaryFolder folder_;
  std::unique_ptr<sqlite::Connection> connection_;
  sqlite::Catalogue catalogue_;
  std::map<std::string, const sqlite::ForeignKey*> keys_;
};

TEST_F(LabelLookupTest, GivesTheLabelColumnOfTheRow) {
  struct Case {
    const char* column;
    sqlite::Value value;
    std::optional<sqlite::Value> label;
  };
  const Case cases[] = {
      {"author", std::int64_t{1}, "Jane"},
      {"author", 1.0, "Jane"},
      {"author", "1", std::nullopt},  // text is no number, though SQLite finds the row
      {"author", std::int64_t{2}, sqlite::Null{}},
      {"author", std::int64_t{3}, ""},
      {"author", std::int64_t{9}, std::nullopt},
      {"author", "x", std::nullopt},
      {"word", "A", std::int64_t{1}},
      {"word", "a", std::int64_t{2}},   // past the column's collation
      {"plain", std::int64_t{1}, "1"},  // no label column: the value itself, whether the row exists
      {"plain", std::int64_t{2}, "2"},
      {"plain", 1.5, "1.5"},
      {"b", sqlite::Blob{"x"}, std::nullopt},
      {"gone", std::int64_t{1}, "1"},
      {"goneby", std::int64_t{1}, std::nullopt},  // no column to follow
      {"nokey", std::int64_t{1}, std::nullopt},
  };
  LabelLookup labels = lookup();
  for (const auto& [column, value, label] : cases) {
    EXPECT_EQ(labels.find(key(column), view(value)), label)
        << column << " " << sqlite::to_text(view(value));
  }
}

TEST_F(LabelLookupTest, ATableThatMustNotBeLookedIntoHasNoLabels) {
  LabelLookup labels(connection(), catalogue(),
                     [](std::string_view table) -> std::optional<TableConfig> {
                       if (table == "author" || table == "nowhere") return std::nullopt;
                       return TableConfig{};
                     });
  EXPECT_EQ(labels.find(key("author"), view(std::int64_t{1})), std::nullopt);
  EXPECT_EQ(labels.find(key("gone"), view(std::int64_t{1})), std::nullopt);
  EXPECT_EQ(labels.find(key("plain"), view(std::int64_t{1})), sqlite::Value("1"));
}

TEST_F(LabelLookupTest, TheConfigurationNamesAnotherColumn) {
  LabelLookup labels = lookup("code");
  EXPECT_EQ(labels.find(key("author"), view(std::int64_t{1})), sqlite::Value("J1"));
  LabelLookup hostile = lookup("code from author; drop table author");
  // An unknown quoted name is a string to SQLite; nothing else of it runs.
  EXPECT_EQ(hostile.find(key("author"), view(std::int64_t{1})),
            sqlite::Value("code from author; drop table author"));
}

TEST_F(LabelLookupTest, AsksOncePerValue) {
  LabelLookup labels = lookup();
  EXPECT_EQ(labels.find(key("author"), view(std::int64_t{1})), sqlite::Value("Jane"));
  EXPECT_EQ(labels.find(key("author"), view(std::int64_t{9})), std::nullopt);
  const std::uint64_t before = sqlite::statements_run();
  EXPECT_EQ(labels.find(key("author"), view(std::int64_t{1})), sqlite::Value("Jane"));
  EXPECT_EQ(labels.find(key("author"), view(std::int64_t{9})), std::nullopt);
  EXPECT_EQ(sqlite::statements_run(), before);
}

}  // namespace
}  // namespace tapedeck::data
