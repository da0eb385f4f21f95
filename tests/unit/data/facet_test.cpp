#include "data/facet.hpp"

#include <memory>

#include <gmock/gmock.h>

#include "data/facet_suggestions.hpp"
#include "http/request_error.hpp"
#include "support/temporary_database.hpp"

/// What the facets of one page may take together.
namespace tapedeck::data {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class FacetBudgetTest : public testing::Test {
 protected:
  FacetBudgetTest() {
    support::run_sql(folder_ / "db.db", R"(
      create table t(id integer primary key, a text, b text, long text);
      insert into t values
        (1, 'x', 'p', printf('%.*c', 400000, 'l')), (2, 'x', 'q', printf('%.*c', 400000, 'm')),
        (3, 'y', 'q', printf('%.*c', 400000, 'n')), (4, 'y', 'q', null);
    )");
    database_ = std::make_unique<instance::Database>(
        config::DatabaseFile{.name = "db", .path = folder_ / "db.db"}, settings_);
    database_->refresh();
  }

  FacetResults facets(std::string_view query, bool with_suggestions = false) {
    const http::QueryString arguments(query);
    const sqlite::Table& table = *database_->catalogue().find("t");
    const TablePlan plan =
        plan_table({.table = table, .config = config_, .query = arguments, .settings = settings_},
                   database_->connection());
    const FacetInput input{.database = *database_,
                           .connection = database_->connection(),
                           .table = table,
                           .plan = plan,
                           .config = config_,
                           .query = arguments,
                           .settings = settings_};
    FacetResults results = run_facets(input);
    if (with_suggestions) suggest_facets(input, 4, results);
    return results;
  }

  support::TemporaryFolder folder_;
  config::Settings settings_;
  TableConfig config_;
  std::unique_ptr<instance::Database> database_;
};

TEST_F(FacetBudgetTest, NoTimeIsLeftForFacetsThatAreNotKnownYet) {
  EXPECT_EQ(facets("_facet=a").facets.size(), 1U);
  settings_.sql_time_limit_ms = 0;
  const FacetResults results = facets("_facet=a&_facet=b");
  ASSERT_EQ(results.facets.size(), 1U) << "what is known costs nothing";
  EXPECT_EQ(results.facets[0].column, "a");
  EXPECT_THAT(results.timed_out, ElementsAre("b"));
  settings_.sql_time_limit_ms = 1000;
  EXPECT_EQ(facets("_facet=b").facets.size(), 1U) << "what was not run is not remembered";
}

TEST_F(FacetBudgetTest, NoTimeIsLeftForSuggestions) {
  settings_.sql_time_limit_ms = 0;
  const FacetResults none = facets("", true);
  EXPECT_TRUE(none.suggestions.empty());
  EXPECT_TRUE(none.is_incomplete);
  settings_.sql_time_limit_ms = 1000;
  EXPECT_EQ(facets("a__not=z", true).suggestions.size(), 2U);
}

TEST_F(FacetBudgetTest, ValuesKeepToTheSizeOfAnswers) {
  settings_.max_answer_mb = 1;
  try {
    static_cast<void>(facets("_facet=long"));
    FAIL() << "1.2 MB of values";
  } catch (const http::RequestError& error) {
    EXPECT_EQ(error.status, 400);
    EXPECT_THAT(error.message, HasSubstr("max_answer_mb"));
  }
  settings_.max_answer_mb = 2;
  EXPECT_EQ(facets("_facet=long").facets[0].values.size(), 3U);
  settings_.max_answer_mb = 1;
  EXPECT_THROW(static_cast<void>(facets("_facet=long")), http::RequestError)
      << "though it is known";
}

}  // namespace
}  // namespace tapedeck::data
