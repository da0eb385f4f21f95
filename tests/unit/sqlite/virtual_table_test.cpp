#include "sqlite/virtual_table.hpp"

#include <string>

#include <gmock/gmock.h>

namespace tapedeck::sqlite {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(VirtualTable, ModuleAndArgumentsAreReadAsSqliteDoes) {
  const auto table = parse_virtual_table(
      "CREATE VIRTUAL TABLE \"a(b\" USING FTS5(one, \"t,wo\" , tokenize = \"x 'y'\", f(1, 2))");
  ASSERT_TRUE(table);
  EXPECT_EQ(table->module, "fts5");
  EXPECT_THAT(table->arguments, ElementsAre("one", "\"t,wo\"", "tokenize = \"x 'y'\"", "f(1, 2)"));
  const auto bare = parse_virtual_table("create virtual table x using dbstat");
  ASSERT_TRUE(bare);
  EXPECT_THAT(bare->arguments, IsEmpty());
  for (const char* other : {"", "create table virtual (using)", "create virtual table",
                            "create virtual table using", "select 1"}) {
    EXPECT_FALSE(parse_virtual_table(other)) << other;
  }
}

TEST(Fts, IsFoundByItsContentHoweverItIsWritten) {
  const struct {
    const char* sql;
    const char* table;
    bool found;
  } cases[] = {
      {"CREATE VIRTUAL TABLE f USING fts5(a, content=\"books\")", "books", true},
      {"CREATE VIRTUAL TABLE f USING fts5(a, content='books')", "books", true},
      {"CREATE VIRTUAL TABLE f USING fts5(a, content=[books])", "books", true},
      {"CREATE VIRTUAL TABLE f USING fts5(a, content=`books`)", "books", true},
      {"CREATE VIRTUAL TABLE f USING fts5(a, content=books)", "books", true},
      {"CREATE VIRTUAL TABLE f USING fts5(a, content=books, content_rowid=id)", "books", true},
      {"CREATE VIRTUAL TABLE f USING fts5(content_rowid=id, content=books)", "books", true},
      {"CREATE VIRTUAL TABLE f USING FTS4 (content=\"books\", a)", "books", true},
      {"CREATE VIRTUAL TABLE f\nusing\tfts5(\n  a,\n  content = \"Books\"\n)", "books", true},
      {"CREATE VIRTUAL TABLE \"a b\"\n  USING fts5(a, content=\"my \"\"b\"\"\")", "my \"b\"", true},
      {"CREATE VIRTUAL TABLE f USING fts5(a, content='it''s')", "it's", true},
      {"CREATE VIRTUAL TABLE f USING fts5(content, content='books')", "books", true},
      {"CREATE VIRTUAL TABLE f USING fts5(content, title)", "title", false},
      {"CREATE VIRTUAL TABLE f USING fts5(a, content='')", "", true},
      {"CREATE VIRTUAL TABLE f USING fts5(a, content='books')", "book", false},
      {"CREATE VIRTUAL TABLE f USING fts5(a, content='books')", "a", false},
      {"CREATE VIRTUAL TABLE f USING fts5(a, tokenize='x, content=books')", "books", false},
      {"CREATE VIRTUAL TABLE \"using fts5(content=books\" USING rtree(a)", "books", false},
      {"CREATE VIRTUAL TABLE f USING fts5vocab(content=books)", "other", false},
      {"CREATE TABLE f(a text default 'using fts5 content=books')", "books", false},
      {"CREATE VIRTUAL TABLE f USING fts5", "books", false},
      {"CREATE VIRTUAL TABLE f USING fts5(a, content=", "books", false},
      {"CREATE VIRTUAL TABLE f USING fts5(a, content='books", "books", false},
      {"CREATE VIRTUAL TABLE \"f", "books", false},
      {"", "", false},
      // However SQLite is told.
      {"CREATE VIRTUAL TABLE \"f\"using fts5(a, content='books')", "books", true},
      {"CREATE VIRTUAL TABLE f using \"fts5\"(a, content='books')", "books", true},
      {"CREATE VIRTUAL TABLE f/*c*/using/*x*/fts5(a, content='books')", "books", true},
      {"CREATE VIRTUAL TABLE f USING fts5(a, -- content='x'\n content='books')", "books", true},
      {"create virtual table if not exists main.f using fts5(a, content='books')", "books", true},
      // FTS5 takes the beginning of an option's name, FTS4 the last of several.
      {"CREATE VIRTUAL TABLE f USING fts5(a, cont='books')", "books", true},
      {"CREATE VIRTUAL TABLE f USING fts4(a, content=\"open\", content=\"books\")", "books", true},
      {"CREATE VIRTUAL TABLE f USING fts5(a, content_rowid='books')", "books", false},
      {"CREATE VIRTUAL TABLE f USING fts5(a, content)", "", false},
  };
  for (const auto& [sql, table, found] : cases) {
    EXPECT_EQ(is_fts_for(sql, table), found) << sql << " / " << table;
  }
}

TEST(Fts, IsSearchedWhereDatasetteSeesItAndWhereContentIsUnquoted) {
  const struct {
    const char* content;
    bool searched;
  } cases[] = {
      {"\"books\"", true}, {"[books]", true}, {"books", true},  {"BOOKS, content_rowid=id", true},
      {"'books'", false},  {"''", false},     {"other", false},
  };
  for (const auto& [content, searched] : cases) {
    const std::string sql = "CREATE VIRTUAL TABLE f USING fts5(a, content=" + std::string(content);
    EXPECT_EQ(is_searched_by(sql + ")", "books"), searched) << content;
  }
}

}  // namespace
}  // namespace tapedeck::sqlite
