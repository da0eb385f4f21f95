#include "data/table_plan.hpp"

#include <gmock/gmock.h>

#include "http/request_error.hpp"
#include "sqlite/error.hpp"
#include "support/temporary_database.hpp"

namespace tapedeck::data {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class TablePlanTest : public testing::Test {
 protected:
  TablePlanTest() {
    support::run_sql(folder_ / "db.db", R"(
      create table plain(id integer primary key, name text, rating real, "odd name" text);
      insert into plain values (1, 'a', 4.2, ''), (2, 'b', null, ''), (3, 'inf', 9e999, '');
      create table loose(a, b text);
      insert into loose values (1, 'x'), ('1', 'y'), (2.5, 'z');
      create table pair(k1 text, k2 integer, v text, primary key (k1, k2)) without rowid;
      insert into pair values ('a', 1, 'x');
      create table untyped(k primary key, v);
      insert into untyped values (5, 'number'), ('seven', 'text'), ('8', 'digits'),
        (cast('bytes' as blob), 'blob');
      create view seen as select name, rating from plain;
      create table child(id integer primary key, plain_id integer references plain(id));
      create virtual table plain_fts using fts5(name, content="plain", content_rowid='id');
    )");
    connection_ = std::make_unique<sqlite::Connection>(
        sqlite::OpenOptions{.path = folder_ / "db.db", .profile = sqlite::Profile::kVisitor});
    catalogue_ = sqlite::read_catalogue(*connection_);
  }

  TablePlan plan(std::string_view table, std::string_view query, const TableConfig& config = {}) {
    const http::QueryString arguments(query);
    const sqlite::Table* found = catalogue_.find(table);
    if (found == nullptr) throw std::runtime_error("no such table");
    return plan_table({.table = *found,
                       .config = config,
                       .query = arguments,
                       .settings = settings_,
                       .expand_labels = true,
                       .fts_table = found->fts_tables.empty() ? "" : found->fts_tables.front(),
                       .fts = catalogue_.find("plain_fts")},
                      *connection_);
  }

  /// The message of the 400; "" when the plan was made.
  std::string refusal(std::string_view table, std::string_view query,
                      const TableConfig& config = {}) {
    try {
      static_cast<void>(plan(table, query, config));
      return "";
    } catch (const http::RequestError& error) {
      EXPECT_EQ(error.status, 400) << query;
      return error.message;
    } catch (const sqlite::Error& error) {
      return error.what();
    }
  }

  static std::vector<std::string> values(const TablePlan& plan) {
    std::vector<std::string> texts;
    for (const auto& [name, value] : plan.params.pairs()) {
      texts.push_back(std::to_string(value.index()) + ":" +
                      sqlite::to_text(sqlite::view_of(value)));
    }
    return texts;
  }

  config::Settings settings_;

 private:
  support::TemporaryFolder folder_;
  std::unique_ptr<sqlite::Connection> connection_;
  sqlite::Catalogue catalogue_;
};

TEST_F(TablePlanTest, WithoutArgumentsAllColumnsByKey) {
  EXPECT_EQ(plan("plain", "").page_sql(),
            R"(select id, name, rating, "odd name" from plain order by id limit 101)");
  EXPECT_EQ(plan("loose", "").page_sql(), "select rowid, a, b from loose order by rowid limit 101");
  EXPECT_EQ(plan("pair", "").page_sql(), "select k1, k2, v from pair order by k1, k2 limit 101");
  EXPECT_EQ(plan("seen", "").page_sql(), "select name, rating from seen limit 101");
}

TEST_F(TablePlanTest, CountAndStreamLeaveTheTokenAside) {
  const TablePlan later = plan("plain", "name=a&_next=1&_sort=name");
  EXPECT_EQ(later.count_sql(),
            R"(select count(*) from (select 1 from plain where "name" = :p0 limit 10001))");
  EXPECT_EQ(later.stream_sql(), R"(select id, name, rating, "odd name" from plain )"
                                R"(where "name" = :p0 order by name, id)");
}

TEST_F(TablePlanTest, ColumnsAreChosenAndDropped) {
  struct Case {
    const char* table;
    const char* query;
    const char* select_list;
  };
  const Case cases[] = {
      {"plain", "_col=rating&_col=name&_col=rating", "id, rating, name"},
      {"plain", "_col=id", "id"},
      {"plain", "_nocol=name&_nocol=rating", R"(id, "odd name")"},
      {"plain", "_col=rating&_col=name&_nocol=name", "id, rating"},
      {"loose", "_col=b", "rowid, b"},
      {"loose", "_nocol=a&_nocol=b", "rowid"},
      {"pair", "_col=v", "k1, k2, v"},
      {"seen", "_nocol=name&_nocol=rating", "null"},
      {"plain", "_col=name&_sort=rating", "id, name, rating"},
  };
  for (const auto& [table, query, select_list] : cases) {
    EXPECT_EQ(plan(table, query).select_list, select_list) << query;
  }
  EXPECT_EQ(plan("plain", "_col=name&_sort=rating").columns.size(), 2U);
  EXPECT_EQ(plan("plain", "_col=name&_sort=rating").sort_index, 2);
  EXPECT_EQ(plan("plain", "_sort=rating").sort_index, 2);
}

TEST_F(TablePlanTest, UnknownColumnsAreNamed) {
  EXPECT_EQ(refusal("plain", "_col=x&_col=name&_col=y"), "_col=x, y - invalid columns");
  EXPECT_EQ(refusal("plain", "_nocol=x"), "_nocol=x - invalid columns");
  EXPECT_EQ(refusal("plain", "_nocol=id"), "_nocol=id - invalid columns");
  EXPECT_EQ(refusal("plain", "_col="), "_col= - invalid columns");
  EXPECT_EQ(refusal("loose", "_col=rowid"), "_col=rowid - invalid columns");
}

TEST_F(TablePlanTest, SortIsCheckedAndTiesGoByKey) {
  EXPECT_EQ(plan("plain", "_sort=rating").order_by, "rating, id");
  EXPECT_EQ(plan("plain", "_sort_desc=rating").order_by, "rating desc, id");
  EXPECT_EQ(plan("plain", "_sort_desc=id").order_by, "id desc");
  EXPECT_EQ(plan("pair", "_sort=k2").order_by, "k2, k1");
  EXPECT_EQ(plan("loose", "_sort_desc=rowid").order_by, "rowid desc");
  EXPECT_EQ(plan("seen", "_sort=rating").order_by, "rating");
  EXPECT_EQ(plan("plain", "_sort=&_sort_desc=name").order_by, "name desc, id");
  EXPECT_EQ(refusal("plain", "_sort=x"), "Cannot sort table by x");
  EXPECT_EQ(refusal("plain", "_sort=rowid"), "Cannot sort table by rowid");
  EXPECT_EQ(refusal("plain", "_sort_desc=id%20desc"), "Cannot sort table by id desc");
  EXPECT_EQ(refusal("plain", "_sort=id&_sort_desc=name"),
            "Cannot use _sort and _sort_desc at the same time");
}

TEST_F(TablePlanTest, TheConfigurationSortsAndSizesWhereTheRequestDoesNot) {
  TableConfig config;
  config.sort = "rating";
  config.sort_descending = true;
  config.size = 5;
  config.sortable_columns = {"name"};
  TableConfig unsortable;
  unsortable.sortable_columns.emplace();
  TableConfig largest;
  largest.size_is_max = true;
  EXPECT_EQ(plan("plain", "", config).order_by, "rating desc, id");
  EXPECT_EQ(plan("plain", "_sort=name", config).order_by, "name, id");
  EXPECT_EQ(plan("plain", "", config).page_size, 5);
  EXPECT_EQ(plan("plain", "_size=7", config).page_size, 7);
  EXPECT_EQ(refusal("plain", "_sort=rating", config), "Cannot sort table by rating");
  EXPECT_EQ(plan("loose", "_sort=rowid", unsortable).order_by, "rowid");
  EXPECT_EQ(refusal("loose", "_sort=a", unsortable), "Cannot sort table by a");
  EXPECT_EQ(plan("plain", "", largest).page_size, 1000);
  settings_.max_returned_rows = 50;
  EXPECT_EQ(plan("plain", "").page_size, 50) << "the smaller of page size and most rows";
  config.size = 80;
  EXPECT_EQ(plan("plain", "", config).page_size, 50);
  EXPECT_EQ(refusal("plain", "_size=51"), "_size must be <= 50");
}

struct KeysetCase {
  const char* table;
  const char* query;
  std::string_view condition;
  std::vector<std::string> values;
};

TEST_F(TablePlanTest, TheTokenBecomesAKeysetCondition) {
  // Values: "1:" integer, "2:" float, "3:" text, "4:" blob.
  const KeysetCase cases[] = {
      {"plain", "_next=1", "id > :p0", {"1:1"}},
      {"loose", "_next=2", "rowid > :p0", {"3:2"}},
      {"loose", "_next=2,7", "rowid > :p0", {"3:2"}},
      {"pair", "_next=a,1", "((k1 > :p0) or (k1 = :p0 and k2 > :p1))", {"3:a", "1:1"}},
      {"pair", "_next=a", "", {}},
      {"pair", "_next=a,1,2", "", {}},
      {"plain",
       "_sort=rating&_next=4~2E2,1",
       "rating >= :p1 and (rating > :p1 or (rating = :p1 and id > :p0))",
       {"1:1", "2:4.2"}},
      {"plain",
       "_sort_desc=rating&_next=4~2E2,1",
       "(rating < :p1 or rating is null or (rating = :p1 and id > :p0))",
       {"1:1", "2:4.2"}},
      {"plain",
       "_sort=rating&_next=$null,2",
       "(rating is not null or (rating is null and id > :p0))",
       {"1:2"}},
      {"plain", "_sort_desc=rating&_next=$null,2", "(rating is null and id > :p0)", {"1:2"}},
      {"plain",
       "_sort=rating&_next=inf,3",
       "rating >= :p1 and (rating > :p1 or (rating = :p1 and id > :p0))",
       {"1:3", "2:inf"}},
      // The row is gone or has changed: the token's own text counts.
      {"plain",
       "_sort=rating&_next=3~2E5,1",
       "rating >= :p1 and (rating > :p1 or (rating = :p1 and id > :p0))",
       {"1:1", "2:3.5"}},
      // A column without type: the value comes from the row, so that a number stays one.
      {"loose",
       "_sort=a&_next=1,1",
       "a >= :p1 and (a > :p1 or (a = :p1 and rowid > :p0))",
       {"3:1", "1:1"}},
      {"loose",
       "_sort=a&_next=1,2",
       "a >= :p1 and (a > :p1 or (a = :p1 and rowid > :p0))",
       {"3:2", "3:1"}},
      {"loose",
       "_sort=a&_next=7,99",
       "a >= :p1 and (a > :p1 or (a = :p1 and rowid > :p0))",
       {"3:99", "1:7"}},
      {"untyped", "_next=5", "k > :p0", {"1:5"}},
      {"untyped", "_next=seven", "k > :p0", {"3:seven"}},
      {"untyped", "_next=8", "k > :p0", {"3:8"}},
      {"untyped", "_next=bytes", "k > :p0", {"4:bytes"}},
      {"untyped", "_next=99", "k > :p0", {"1:99"}},
      {"untyped", "_next=gone", "k > :p0", {"3:gone"}},
      {"untyped", "_next=$t35", "k > :p0", {"3:5"}},
      {"untyped", "_next=$x35", "k > :p0", {"4:5"}},
      // A key may be NULL more than once: the rowid goes on.
      {"untyped", "_next=$null,$r7", "((k is not null) or (k is null and rowid > :p0))", {"1:7"}},
      {"untyped", "_next=$null", "k is not null", {}},
      {"untyped", "_next=5,$r7", "((k > :p0) or (k = :p0 and rowid > :p1))", {"1:5", "1:7"}},
      {"plain", "_next=1,$r7", "id > :p0", {"1:1"}},
  };
  for (const auto& [table, query, condition, expected] : cases) {
    const TablePlan made = plan(table, query);
    EXPECT_EQ(made.after_token, condition) << table << ' ' << query;
    EXPECT_EQ(values(made), expected) << table << ' ' << query;
  }
}

TEST_F(TablePlanTest, TokensThatDoNotFitAreRefused) {
  EXPECT_EQ(refusal("pair", "_sort=v&_next=x,a"),
            "_next does not match the key of this table: x,a");
  EXPECT_EQ(refusal("plain", "_sort=name&_next=$row,99"), "The row that _next names is gone");
  EXPECT_EQ(refusal("seen", "_next=abc"), "_next must be a number of rows on a view: abc");
  EXPECT_EQ(refusal("seen", "_next=-1"), "_next must be a number of rows on a view: -1");
}

TEST_F(TablePlanTest, ViewsSkipRows) {
  EXPECT_EQ(plan("seen", "_next=40&_size=10").page_sql(),
            "select name, rating from seen limit 11 offset 40");
}

TEST_F(TablePlanTest, SearchIsBoundAndDescribed) {
  const TablePlan found = plan("plain", "_search=a%22b&name=a&_sort=name");
  EXPECT_THAT(found.where,
              ElementsAre(R"("name" = :p0)",
                          "rowid in (select rowid from plain_fts where plain_fts match "
                          "escape_fts(:search))"));
  EXPECT_EQ(found.human_description, R"(where search matches "a"b" and name = "a" sorted by name)");
  const TablePlan by_column =
      plan("plain", "_search_name=x&_search_rank=y&_search_name=z&_searchmode=raw");
  EXPECT_THAT(by_column.where,
              ElementsAre("rowid in (select rowid from plain_fts where name match :search_0)",
                          "rowid in (select rowid from plain_fts where rank match :search_1)"));
  for (const char* argument : {"_search_nope=x", "_search_rating=x", "_search_name__gt=x"}) {
    EXPECT_EQ(refusal("plain", argument), "Cannot search by that column") << argument;
  }
  EXPECT_THAT(plan("pair", "_search=x").where, IsEmpty());
  for (const char* blank :
       {"_search=", "_search=+", "_search=%09%0a", "_search_name=", "_search_name=+"}) {
    EXPECT_THAT(plan("plain", blank).where, IsEmpty()) << blank;
  }
}

TEST_F(TablePlanTest, DescriptionsJoinWithCommasAndAnd) {
  EXPECT_EQ(plan("plain", "").human_description, "");
  EXPECT_EQ(plan("plain", "name=a&id=1&rating__gt=2&_sort_desc=id").human_description,
            R"(where id = 1, name = "a" and rating > 2 sorted by id descending)");
}

TEST_F(TablePlanTest, AStrangersConditionIsOneExpression) {
  const TablePlan made = plan("plain", "_where=id=1+or+id=2+--+x&name=a");
  EXPECT_TRUE(made.is_visitor_sql);
  EXPECT_THAT(made.where, ElementsAre(R"("name" = :p0)", "(id=1 or id=2 -- x\n)"));
  for (const char* where :
       {"1=1) or (1=1", "1 union select 2", "1 order by 2", "1 limit 1", "/*", "1 /*", "", ";",
        "1; select 2", "1) union select (1", "(1", "'", "select 1", "1 group by 1", "no_column"}) {
    http::QueryString query;
    query.add("_where", where);
    EXPECT_NE(refusal("plain", query.encoded()), "") << where;
  }
}

TEST_F(TablePlanTest, ForeignKeysAreMarkedForLabels) {
  const TablePlan made = plan("child", "");
  EXPECT_EQ(made.columns[0].foreign_key, nullptr);
  ASSERT_NE(made.columns[1].foreign_key, nullptr);
  EXPECT_EQ(made.columns[1].foreign_key->other_table, "plain");
}

}  // namespace
}  // namespace tapedeck::data
