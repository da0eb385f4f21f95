#include "instance/paths.hpp"

#include <gtest/gtest.h>

namespace tapedeck::instance {
namespace {

TEST(Paths, AreTildeEncodedUnderTheBaseUrl) {
  config::Settings root;
  config::Settings prefixed;
  prefixed.base_url = "/data/";
  EXPECT_EQ(site_path(root), "/");
  EXPECT_EQ(site_path(prefixed), "/data/");
  EXPECT_EQ(site_path(prefixed, "-/static/app.css"), "/data/-/static/app.css");
  const struct {
    std::string database;
    std::string table;
    std::string path;
  } cases[] = {
      {"db", "t", "db/t"},
      {"my db", "a/b", "my+db/a~2Fb"},
      {"x.y", "t.csv", "x~2Ey/t~2Ecsv"},
      {"é", "~", "~C3~A9/~7E"},
      {"//host", "..", "~2F~2Fhost/~2E~2E"},
      {"\\host", "<\">", "~5Chost/~3C~22~3E"},
  };
  for (const auto& [database, table, path] : cases) {
    EXPECT_EQ(table_path(root, database, table), "/" + path);
    EXPECT_EQ(table_path(prefixed, database, table), "/data/" + path);
    EXPECT_EQ(database_path(root, database), "/" + path.substr(0, path.rfind('/')));
  }
}

}  // namespace
}  // namespace tapedeck::instance
