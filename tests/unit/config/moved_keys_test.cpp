#include "config/moved_keys.hpp"

#include <string>

#include <gtest/gtest.h>

#include "base/text.hpp"

namespace tapedeck::config {
namespace {

namespace json = boost::json;

struct Moved {
  json::value metadata;
  json::value config;
  std::string beyond;
  std::string conflicts;
};

Moved moved(std::string_view metadata_text, std::string_view config_text = "{}") {
  json::object metadata = json::parse(metadata_text).as_object();
  json::object config = json::parse(config_text).as_object();
  const auto keys = move_keys(metadata, config);
  return {metadata, config, base::join(keys.beyond_datasette, " "),
          base::join(keys.conflicts, " ")};
}

TEST(MovedKeys, DatasettesKeysMoveWithoutWarning) {
  const auto result = moved(R"({"title": "T", "allow": {"id": "a"}, "plugins": {"p": 1},
    "databases": {"d": {"title": "D", "allow": true, "plugins": {"p": 2}, "tables": {"t": {
      "title": "X", "hidden": true, "sort": "a", "sort_desc": "b", "size": 5,
      "sortable_columns": ["a"], "label_column": "l", "facets": ["f"], "fts_table": "ft",
      "fts_pk": "pk", "searchmode": "raw", "allow": false, "plugins": {}}}}}})");
  EXPECT_EQ(result.metadata, json::parse(R"({"title": "T", "databases": {"d": {"title": "D",
                            "tables": {"t": {"title": "X"}}}}})"));
  EXPECT_EQ(result.config, json::parse(R"({"allow": {"id": "a"}, "plugins": {"p": 1},
    "databases": {"d": {"allow": true, "plugins": {"p": 2}, "tables": {"t": {
      "hidden": true, "sort": "a", "sort_desc": "b", "size": 5,
      "sortable_columns": ["a"], "label_column": "l", "facets": ["f"], "fts_table": "ft",
      "fts_pk": "pk", "searchmode": "raw", "allow": false, "plugins": {}}}}}})"));
  EXPECT_EQ(result.beyond, "");
  EXPECT_EQ(result.conflicts, "");
}

TEST(MovedKeys, TheOthersMoveAndAreListed) {
  const auto result = moved(R"({"settings": {"max_csv_mb": 1}, "permissions": {"x": true},
    "allow_sql": false, "allow_write": true, "extra_css_urls": ["/a"], "extra_js_urls": ["/b"],
    "databases": {"d": {"queries": {"q": "select 1"}, "immutable": true, "cache_size_kb": 9,
      "allow_sql": true, "permissions": {}, "allow_write": {},
      "tables": {"t": {"facet_size": 3, "column_types": {"a": "url"}, "allow_write": {"id": "a"},
                       "permissions": {"y": {}}}}}}})");
  EXPECT_EQ(result.metadata, json::object());
  EXPECT_EQ(result.config, json::parse(R"({"settings": {"max_csv_mb": 1},
    "permissions": {"x": true}, "allow_sql": false, "allow_write": true, "extra_css_urls": ["/a"],
    "extra_js_urls": ["/b"],
    "databases": {"d": {"queries": {"q": "select 1"}, "immutable": true, "cache_size_kb": 9,
      "allow_sql": true, "permissions": {}, "allow_write": {},
      "tables": {"t": {"facet_size": 3, "column_types": {"a": "url"}, "allow_write": {"id": "a"},
                       "permissions": {"y": {}}}}}}})"));
  EXPECT_EQ(result.beyond,
            "allow_sql allow_write permissions settings extra_css_urls extra_js_urls "
            "databases.d.allow_sql databases.d.allow_write databases.d.permissions "
            "databases.d.queries databases.d.immutable databases.d.cache_size_kb "
            "databases.d.tables.t.facet_size databases.d.tables.t.column_types "
            "databases.d.tables.t.allow_write databases.d.tables.t.permissions");
}

TEST(MovedKeys, MetadataReplacesDatasettesKeysInConfig) {
  const auto result =
      moved(R"({"allow": true, "plugins": {"a": 1}})", R"({"allow": false, "plugins": {"b": 2}})");
  EXPECT_EQ(result.config, json::parse(R"({"allow": true, "plugins": {"a": 1}})"));
  EXPECT_EQ(result.conflicts, "plugins allow");
}

TEST(MovedKeys, ConfigWinsNameByNameForTheOthers) {
  const auto result = moved(
      R"({"settings": {"a": 1, "b": 1}, "databases": {"d": {"immutable": true,
          "queries": {"q": "metadata", "r": "metadata"}}}})",
      R"({"settings": {"a": 2}, "databases": {"d": {"immutable": false,
          "queries": {"q": "config"}}}})");
  EXPECT_EQ(result.config,
            json::parse(R"({"settings": {"a": 2, "b": 1}, "databases": {"d": {"immutable": false,
                            "queries": {"q": "config", "r": "metadata"}}}})"));
  EXPECT_EQ(result.conflicts, "settings.a databases.d.queries.q databases.d.immutable");
}

TEST(MovedKeys, NamesAreNotKeys) {
  // A database, a table and a column may be called as a key is.
  const auto text = R"({"databases": {"plugins": {"title": "a"}, "allow": {"tables":
    {"allow": {"columns": {"plugins": "text", "allow": "text"}}}}}, "custom": {"size": 1}})";
  const auto result = moved(text);
  EXPECT_EQ(result.metadata, json::parse(text));
  EXPECT_EQ(result.config, json::object());
}

TEST(MovedKeys, NullInConfigIsNoPlace) {
  const auto result = moved(R"({"databases": {"d": {"queries": {"q": "select 1"}}}})",
                            R"({"databases": {"d": {"queries": null}}})");
  EXPECT_EQ(result.config, json::parse(R"({"databases": {"d": {"queries": {"q": "select 1"}}}})"));
}

}  // namespace
}  // namespace tapedeck::config
