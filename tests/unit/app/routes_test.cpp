#include "app/routes.hpp"

#include <memory>
#include <string>

#include <gtest/gtest.h>

#include "pages/database_page.hpp"
#include "pages/index_page.hpp"
#include "pages/row_page.hpp"
#include "pages/special_pages.hpp"
#include "pages/static_pages.hpp"
#include "pages/table_page.hpp"

namespace tapedeck::app {
namespace {

/// Calls need an instance; this one serves nothing and reads only its templates.
class RoutesTest : public testing::Test {
 protected:
  RoutesTest()
      : instance_(std::make_shared<config::Configuration>(),
                  {.lane = {},
                   .assets = {.templates = TAPEDECK_SOURCE_DIR "/templates",
                              .static_files = TAPEDECK_SOURCE_DIR "/static"},
                   .monitor = nullptr,
                   .scoreboard = nullptr}) {}

  pages::Call call(std::string_view target) {
    request_.set_target(target);
    return {.instance = instance_,
            .request = request_,
            .access = auth::Access(instance_.configuration()),
            .path = request_.raw_path,
            .database = {},
            .table = {},
            .row = {},
            .format = {},
            .rest = {}};
  }
  static const Route* find(pages::Call& made) {
    for (const Route& route : routes()) {
      if (match(route.pattern, made.path, made)) return &route;
    }
    return nullptr;
  }

 private:
  instance::Instance instance_;
  http::Request request_;
};

struct RouteCase {
  const char* path;
  pages::Page page;
  const char* database = "";
  const char* table = "";
  const char* row = "";
  const char* format = "";
  const char* rest = "";
};

TEST_F(RoutesTest, EachPathFindsItsPageAndParts) {
  const RouteCase cases[] = {
      {"/", pages::index_page},
      {"/.json", pages::index_page, "", "", "", "json"},
      {"/-", pages::dash_page},
      {"/-/", pages::plain_index_page},
      {"/-/.json", pages::plain_index_page, "", "", "", "json"},
      {"/favicon.ico", pages::favicon},
      {"/-/static/a/b.css", pages::bundled_file, "", "", "", "", "a/b.css"},
      {"/-/static/", pages::bundled_file},
      {"/:memory:/x?y", pages::memory_redirect, "", "", "", "", "/x"},
      {"/-/versions", pages::versions_page},
      {"/-/versions.json", pages::versions_page, "", "", "", "json"},
      {"/-/health.json", pages::health_page, "", "", "", "json"},
      {"/db", pages::database_page, "db"},
      {"/db.json", pages::database_page, "db", "", "", "json"},
      {"/db.db", pages::download_page, "db"},
      {"/a~2Eb", pages::database_page, "a.b"},
      {"/db/t", pages::table_page, "db", "t"},
      {"/db/t.json", pages::table_page, "db", "t", "", "json"},
      {"/db/t.CSV", pages::table_page, "db", "t", "", "CSV"},
      {"/db/we+ird~2Ftable~2Ecsv~25", pages::table_page, "db", "we ird/table.csv%"},
      {"/db/t%2Fu", pages::table_page, "db", "t%2Fu"},
      {"/db/t/1", pages::row_page, "db", "t", "1"},
      {"/db/t/1.json", pages::row_page, "db", "t", "1", "json"},
      {"/db/t/a~2Cb,x+y", pages::row_page, "db", "t", "a~2Cb,x+y"},
      {"/db/t/a.b.blob", pages::row_page, "db", "t", "a.b", "blob"},
      {"/-/nope", pages::table_page, "-", "nope"},
  };
  for (const RouteCase& test : cases) {
    pages::Call made = call(test.path);
    const Route* route = find(made);
    ASSERT_NE(route, nullptr) << test.path;
    EXPECT_EQ(route->page, test.page) << test.path << " " << route->pattern;
    EXPECT_EQ(made.database, test.database) << test.path;
    EXPECT_EQ(made.table, test.table) << test.path;
    EXPECT_EQ(made.row, test.row) << test.path;
    EXPECT_EQ(made.format, test.format) << test.path;
    EXPECT_EQ(made.rest, test.rest) << test.path;
  }
}

TEST_F(RoutesTest, OtherPathsLeadNowhere) {
  for (const char* path : {"/db/", "/db//t", "//", "//db", "/db/t/", "/db/t/1/", "/db/t/1/2",
                           "/db/t/-/x", "/db.json/", "/.csv", "/db/.json", "/db/t.json.csv"}) {
    pages::Call made = call(path);
    EXPECT_EQ(find(made), nullptr) << path;
  }
}

TEST_F(RoutesTest, APatternThatDoesNotFitLeavesTheCallAlone) {
  pages::Call made = call("/db/t/1");
  made.database = "before";
  EXPECT_FALSE(match("/{database}/{table}[.{format}]", made.path, made));
  EXPECT_EQ(made.database, "before");
}

TEST_F(RoutesTest, TheLaneIsDecidedByWhatTheRequestAsksFor) {
  struct Case {
    const char* target;
    instance::Lane lane;
  };
  using enum instance::Lane;
  const Case cases[] = {
      {"/db/t", kRead},
      {"/db/t?_where=1", kQuery},
      {"/db/t?%5Fwhere=1", kQuery},
      {"/db/t?_where=&_where=1", kQuery},
      {"/db/t.json?_where=1", kQuery},
      {"/db/t?where=1", kRead},
      {"/db/t.csv", kRead},
      {"/db/t.csv?_stream=on", kExport},
      {"/db/t.csv?%5fstream=on", kExport},
      {"/db/t.csv?_stream=on&_where=1", kExport},
      {"/db/t.csv?_stream=", kRead},
      {"/db/t.tsv?_stream=1", kExport},
      {"/db/t.ndjson?_stream=1", kExport},
      {"/db/t.geojson?_stream=1", kExport},
      {"/db/t.geojson?_bbox=1,2,3,4", kRead},
      {"/db/t/1.csv?_stream=1", kRead},
      {"/db/-/query.csv?sql=x", kQuery},
      {"/db/-/query.csv?sql=x&_stream=1", kExport},
      {"/db/-/query.ndjson?sql=x&_stream=1", kExport},
      {"/db/-/query.json?sql=x&_stream=1", kQuery},
      {"/db/-/query?sql=x&_stream=1", kQuery},
      {"/db/t.json?_stream=on", kRead},
      {"/db/t/1?_where=1", kRead},
      {"/db?_where=1", kRead},
      {"/", kRead},
  };
  for (const auto& [target, lane] : cases) {
    pages::Call made = call(target);
    const Route* route = find(made);
    ASSERT_NE(route, nullptr) << target;
    EXPECT_EQ(lane_of(*route, made), lane) << target;
  }
}

}  // namespace
}  // namespace tapedeck::app
