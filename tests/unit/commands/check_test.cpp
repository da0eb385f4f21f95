#include "commands/check.hpp"

#include <cstdlib>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/temporary_database.hpp"

namespace tapedeck::commands {
namespace {

using support::run_sql;
using support::TemporaryFolder;
using testing::HasSubstr;

class CheckTest : public testing::Test {
 protected:
  struct Said {
    int status;
    std::string out;
    std::string err;
  };
  Said said() {
    testing::internal::CaptureStdout();
    testing::internal::CaptureStderr();
    const int status = check(options_, [](const char*) { return nullptr; },
                             {.templates = TAPEDECK_SOURCE_DIR "/templates",
                              .static_files = TAPEDECK_SOURCE_DIR "/static"});
    return {status, testing::internal::GetCapturedStdout(), testing::internal::GetCapturedStderr()};
  }
  void use_config(const std::string& json) { options_.config = folder_.write("c.json", json); }

  TemporaryFolder folder_;
  config::ServeOptions options_;
};

TEST_F(CheckTest, TellsInWhichCaseAFileIs) {
  run_sql(folder_ / "plain.db", "create table t (x)");
  run_sql(folder_ / "wal.db", "pragma journal_mode = wal; create table t (x)");
  run_sql(folder_ / "promised.db", "create table t (x)");
  options_.files = {folder_ / "plain.db", folder_ / "wal.db"};
  options_.immutable = {folder_ / "promised.db"};
  const Said result = said();
  EXPECT_EQ(result.status, 0) << result.err;
  EXPECT_EQ(result.err, "");
  for (const auto* text :
       {"configuration: ok", "plain.db): rollback journal", "wal.db): WAL mode",
        "promised.db): immutable: read without locks", "templates: ok", "no problems"}) {
    EXPECT_THAT(result.out, HasSubstr(text));
  }
}

TEST_F(CheckTest, EveryProblemIsOneLine) {
  run_sql(folder_ / "a.db", "create table t (x)");
  options_.files = {folder_ / "a.db", folder_.write("junk.db", std::string(4096, 'j')),
                    folder_.write("empty.db", "")};
  use_config(R"json({"extra_js_urls": ["javascript:1"], "databases": {
      "a": {"queries": {"good": "select :x from t", "bad": {"sql": "select nope from t"},
                        "change": {"sql": "insert into t values (1)", "write": true}},
            "tables": {"missing": {}, "t": {"column_types": {"x": "map"}}}},
      "other": {}}})json");
  options_.template_dir = folder_ / "templates";
  folder_.write("templates/index.html", "{{#A}}\n{{/B}}");
  folder_.write("templates/pages/{x.html", "");
  folder_.write("templates/ok.html", "{{A}}");
  const Said result = said();
  EXPECT_EQ(result.status, 1);
  for (const auto* text : {"Error: database junk (", "Error: database empty (",
                           "databases.a.queries.bad: no such column", "javascript:1",
                           "index.html line 2:", "{x.html: braces",
                           "Warning: databases.a.tables.missing: there is no such table",
                           "Warning: databases.a.tables.t.column_types.x: the type is not url",
                           "Warning: databases.other: no such database is served"}) {
    EXPECT_THAT(result.err, HasSubstr(text));
  }
  EXPECT_THAT(result.out, HasSubstr("6 problems"));
  EXPECT_THAT(result.err, testing::Not(HasSubstr("queries.good")));
  EXPECT_THAT(result.err, testing::Not(HasSubstr("queries.change")));
}

TEST_F(CheckTest, ColumnsAndTablesInTheKeysOfATableHaveToBeThere) {
  run_sql(folder_ / "a.db",
          "create table t (x, y); create table keyed (id integer primary key);"
          "create virtual table words using fts5(x)");
  options_.files = {folder_ / "a.db"};
  struct Case {
    const char* keys;
    /// The problem; "" without.
    const char* problem;
  };
  const Case cases[] = {
      {R"({"t": {"sort": "x", "label_column": "y", "facets": ["x", {"array": "y"}, "rowid"],
                 "sortable_columns": ["x", "rowid"], "fts_table": "WORDS", "fts_pk": "rowid"}})",
       ""},
      {R"({"t": {"sort": "nope"}})", "t.sort: there is no column nope"},
      {R"({"t": {"sort_desc": "X"}})", "t.sort_desc: there is no column X"},
      {R"({"t": {"label_column": "nope"}})", "t.label_column: there is no column nope"},
      {R"({"t": {"facets": ["x", {"date": "nope"}]}})", "t.facets: there is no column nope"},
      {R"({"t": {"sortable_columns": ["nope"]}})", "t.sortable_columns: there is no column nope"},
      {R"({"t": {"fts_table": "nope"}})", "t.fts_table: there is no table nope"},
      {R"({"t": {"fts_pk": "nope"}})", "t.fts_pk: there is no column nope"},
      {R"({"keyed": {"sort": "rowid"}})", "keyed.sort: there is no column rowid"},
  };
  for (const auto& [keys, problem] : cases) {
    use_config(R"({"databases": {"a": {"tables": )" + std::string(keys) + "}}}");
    const Said result = said();
    const std::string expected =
        *problem == '\0' ? "" : "Error: databases.a.tables." + std::string(problem) + "\n";
    EXPECT_EQ(result.err, expected) << keys;
    EXPECT_EQ(result.status, *problem == '\0' ? 0 : 1) << keys;
  }
}

TEST_F(CheckTest, AConfigurationThatCannotBeLoadedDoesNotHideTheTemplates) {
  use_config("{\"title\": ");
  options_.template_dir = folder_ / "templates";
  folder_.write("templates/index.html", "{{#A}}");
  const Said result = said();
  EXPECT_EQ(result.status, 1);
  EXPECT_THAT(result.err, HasSubstr("c.json: line 1"));
  EXPECT_THAT(result.err, HasSubstr("index.html line 1"));
  EXPECT_THAT(result.out, HasSubstr("2 problems"));
}

TEST_F(CheckTest, AnImmutableFileWithALogIsAProblem) {
  const std::string path = folder_ / "w.db";
  run_sql(path, "pragma journal_mode = wal; create table t (x)");
  folder_.write("w.db-wal", "a log");
  options_.immutable = {path};
  const Said result = said();
  EXPECT_EQ(result.status, 1);
  EXPECT_THAT(result.err, HasSubstr("is served as immutable, but 5 bytes of changes"));
}

}  // namespace
}  // namespace tapedeck::commands
