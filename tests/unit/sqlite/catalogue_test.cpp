#include "sqlite/catalogue.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sqlite/connection.hpp"
#include "support/writer.hpp"

namespace tapedeck::sqlite {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Catalogue catalogue_of(const std::string& sql) {
  const support::TemporaryFolder scratch;
  Connection connection({.path = support::make_database(scratch, "a.db", sql)});
  return read_catalogue(connection);
}

TEST(Affinity, FollowsTheDeclaredType) {
  const struct {
    const char* type;
    std::string_view affinity;
  } cases[] = {{"", "BLOB"},           {"integer", "INTEGER"}, {"BIGINT", "INTEGER"},
               {"POINT", "INTEGER"},   {"CHARINT", "INTEGER"}, {"varchar(10)", "TEXT"},
               {"CLOB", "TEXT"},       {"Text", "TEXT"},       {"BLOB", "BLOB"},
               {"REAL", "REAL"},       {"DOUBLE", "REAL"},     {"float", "REAL"},
               {"NUMERIC", "NUMERIC"}, {"DATE", "NUMERIC"},    {"any", "NUMERIC"}};
  for (const auto& [type, affinity] : cases) {
    EXPECT_EQ(affinity_name(affinity_of(type)), affinity) << type;
  }
}

TEST(Identifiers, AreQuotedWhenNeeded) {
  const struct {
    const char* name;
    const char* quoted;
  } cases[] = {
      {"a", "a"},         {"_a1", "_a1"},           {"1a", "\"1a\""},       {"", "\"\""},
      {"a b", "\"a b\""}, {"select", "\"select\""}, {"Order", "\"Order\""}, {"a\"b", "\"a\"\"b\""},
      {"a]b", "\"a]b\""}, {"é", "\"é\""},           {"a\nb", "\"a\nb\""},   {"over", "over"},
      {"a.b", "\"a.b\""}, {"a'b", "\"a'b\""}};
  for (const auto& [name, quoted] : cases) EXPECT_EQ(quote_identifier(name), quoted) << name;
  EXPECT_EQ(force_quote_identifier("a"), "\"a\"");
  EXPECT_EQ(force_quote_identifier("\""), "\"\"\"\"");
}

TEST(Catalogue, KnowsTablesWithAnyName) {
  std::string sql;
  const std::vector<std::string> names = {"plain",     "a b",  "q\"uote",   "q'uote",
                                          "br[ack]et", "é 日", "new\nline", "select",
                                          "100%",      "--",   "a;b",       "`tick`"};
  for (const std::string& name : names) {
    sql += "create table " + force_quote_identifier(name) + " (" + force_quote_identifier(name) +
           " integer primary key);";
  }
  const Catalogue catalogue = catalogue_of(sql);
  EXPECT_EQ(catalogue.tables.size(), names.size());
  for (const std::string& name : names) {
    const Table* table = catalogue.find(name);
    ASSERT_TRUE(table) << name;
    EXPECT_THAT(table->primary_keys, ElementsAre(name));
  }
  EXPECT_FALSE(catalogue.find("PLAIN")) << "names compare exactly";
}

TEST(Catalogue, ReadsColumnsAndKeys) {
  const Catalogue catalogue = catalogue_of(
      "create table t(b text not null default 'x', a integer, g as (a + 1), s as (a + 2) stored, "
      "primary key (a, b)) without rowid;"
      "create table plain(x); create table strict_one(id integer primary key, v any) strict;"
      "create table seq(id integer primary key autoincrement); create view v as select x from "
      "plain");
  const Table& t = *catalogue.find("t");
  EXPECT_THAT(t.primary_keys, ElementsAre("a", "b"));
  EXPECT_FALSE(t.uses_rowid);
  ASSERT_EQ(t.columns.size(), 4U);
  EXPECT_TRUE(t.columns[0].not_null);
  EXPECT_EQ(t.columns[0].default_value, "'x'");
  EXPECT_EQ(t.columns[0].pk_position, 2);
  EXPECT_EQ(t.columns[2].hidden, 2);
  EXPECT_EQ(t.columns[3].hidden, 3);
  EXPECT_EQ(t.find_column("B")->name, "b");
  EXPECT_EQ(t.find_column("c"), nullptr);
  EXPECT_TRUE(catalogue.find("plain")->uses_rowid);
  EXPECT_FALSE(catalogue.find("strict_one")->uses_rowid);
  EXPECT_FALSE(catalogue.find("sqlite_sequence")->hidden);
  EXPECT_TRUE(catalogue.find("v")->is_view());
  EXPECT_FALSE(catalogue.find("v")->uses_rowid);
}

TEST(Catalogue, LinksForeignKeys) {
  const Catalogue catalogue = catalogue_of(
      "create table authors(id integer primary key, name text);"
      "create table pairs(a, b, primary key (a, b));"
      "create table books(id integer primary key, author references authors, "
      "editor references AUTHORS(ID), lost references nowhere, lost_too references nowhere(id), "
      "a, b, half references pairs, foreign key (a, b) references pairs(a, b))");
  EXPECT_THAT(
      catalogue.find("books")->outgoing,
      ElementsAre(ForeignKey{"authors", "author", "id"}, ForeignKey{"authors", "editor", "id"},
                  ForeignKey{"nowhere", "lost_too", "id"}));
  EXPECT_THAT(
      catalogue.find("authors")->incoming,
      ElementsAre(ForeignKey{"books", "id", "author"}, ForeignKey{"books", "id", "editor"}));
  EXPECT_THAT(catalogue.find("pairs")->incoming, IsEmpty());

  std::vector<std::string> references;
  for (const Reference& reference : catalogue.find("books")->references) {
    const ForeignKey& key = reference.key;
    references.push_back(key.column + ">" + key.other_table + "." + key.other_column +
                         (reference.is_implicit ? " implicit" : ""));
  }
  // As SQLite lists them, those that lead nowhere included; never those of several columns.
  EXPECT_THAT(references,
              ElementsAre("half>pairs. implicit", "lost_too>nowhere.id", "lost>nowhere. implicit",
                          "editor>authors.id", "author>authors.id implicit"));
  EXPECT_EQ(catalogue.find("books")->reference_of("lost")->other_table, "nowhere");
  EXPECT_EQ(catalogue.find("books")->reference_of("a"), nullptr);
}

TEST(Catalogue, UniqueColumnsHaveAUniqueIndexOfTheirOwn) {
  const Catalogue catalogue = catalogue_of(
      "create table t(code text primary key, a unique, b, c, d, e);"
      "create unique index bc on t(b, c); create unique index partly on t(d) where d > 0;"
      "create unique index lowered on t(lower(e)); create index plain on t(c);");
  EXPECT_THAT(catalogue.find("t")->unique_columns, testing::UnorderedElementsAre("code", "a", "d"));
  EXPECT_EQ(catalogue.find("t")->index_sql.size(), 4U);
}

TEST(Catalogue, ABrokenPartLeavesTheOthers) {
  const Catalogue catalogue = catalogue_of(
      "create table t(a); create view broken as select * from missing;"
      "create view one as select 1; create view circle as select 1; drop view circle;"
      "pragma writable_schema = 1;"
      "insert into sqlite_master values ('table', 'strange', 'strange', 0, "
      "'CREATE VIRTUAL TABLE strange USING nosuchmodule(a)');");
  EXPECT_THAT(catalogue.find("broken")->trouble, HasSubstr("no such table: main.missing"));
  EXPECT_THAT(catalogue.find("broken")->columns, IsEmpty());
  EXPECT_THAT(catalogue.find("strange")->trouble, HasSubstr("no such module"));
  EXPECT_EQ(catalogue.find("t")->trouble, "");
  EXPECT_EQ(catalogue.find("t")->columns.size(), 1U);
  EXPECT_EQ(catalogue.find("one")->trouble, "");
}

TEST(Catalogue, HidesTablesByTheirNature) {
  const Catalogue catalogue = catalogue_of(
      "create table t(a); create table _private(a); create view _v as select 1;"
      "create index i on t(a); insert into t values(1); analyze;"
      "create virtual table own using fts5(a);"
      "create virtual table outer_content using fts5(a, content = 't');"
      "create virtual table old using fts4(a, content=\"t\");"
      "create table idx_t(a); create table \"content=\"(a)");
  for (const auto& [name, table] : catalogue.tables) {
    const bool hidden = name == "_private" || name == "sqlite_stat1" || name == "sqlite_stat4" ||
                        name == "outer_content" || name == "old" ||
                        table.kind == TableKind::kShadow;
    EXPECT_EQ(table.hidden, hidden) << name;
  }
  EXPECT_EQ(catalogue.find("own_data")->kind, TableKind::kShadow);
  EXPECT_EQ(catalogue.find("own")->kind, TableKind::kVirtual);
  EXPECT_EQ(catalogue.find("own")->fts_tables, std::vector<std::string>{"own"});
  EXPECT_EQ(catalogue.find("t")->fts_tables, std::vector<std::string>{"old"});
}

TEST(Catalogue, HidesTheTablesOfSpatialite) {
  const Catalogue catalogue = catalogue_of(
      "create table geometry_columns(a); create table spatial_ref_sys(a); create table KNN(a);"
      "create table idx_places(a); create table places(a)");
  for (const auto& [name, table] : catalogue.tables)
    EXPECT_EQ(table.hidden, name != "places") << name;
}

}  // namespace
}  // namespace tapedeck::sqlite
