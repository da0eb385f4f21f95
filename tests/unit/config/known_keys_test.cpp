#include "config/known_keys.hpp"

#include <string>

#include <gtest/gtest.h>

#include "config/config_error.hpp"

namespace tapedeck::config {
namespace {

namespace json = boost::json;

std::string error_of(std::string_view text, FileKind kind = FileKind::kConfig) {
  try {
    static_cast<void>(check_keys(json::parse(text).as_object(), kind, "f.json"));
    return "";
  } catch (const ConfigError& error) {
    return error.what();
  }
}

std::string unknown_in(std::string_view text, FileKind kind) {
  std::string found;
  for (const auto& key : check_keys(json::parse(text).as_object(), kind, "f.json")) {
    found += key.path + (key.nearest.empty() ? "" : "=" + key.nearest) + " ";
  }
  return found;
}

/// Puts a table's keys at their place.
std::string table(std::string_view keys) {
  return R"({"databases": {"d": {"tables": {"t": )" + std::string(keys) + "}}}}";
}

TEST(KnownKeys, RightTypesPass) {
  const std::string cases[] = {
      R"({})",
      R"({"settings": {"anything": 1}, "plugins": {"x": [1]}, "databases": null})",
      R"({"allow": true, "allow_sql": false, "allow_write": {"id": ["a"]}})",
      R"({"allow": null})",
      R"({"allow": {}})",
      R"({"allow": 0, "allow_sql": 1})",
      R"({"permissions": {"view-table": {"id": "*"}, "insert-row": true, "x": null, "y": 1}})",
      R"({"extra_css_urls": ["/a.css", {"url": "/b.css", "sri": "x"}], "extra_js_urls": []})",
      R"({"databases": {"d": null, "e": {"immutable": true, "cache_size_kb": 100}}})",
      R"({"databases": {"d": {"queries": {"q": "select 1", "r": {"sql": "select 2"}}}}})",
      R"({"databases": {"d": {"queries": {"q": {"params": ["a"]}, "r": {"params": {"a": 1}}}}}})",
      table(R"({"size": 5, "sort": "a", "hidden": true, "facets": ["a", {"array": "b"}]})"),
      table(R"({"size": "max", "facet_size": "max", "sortable_columns": [], "hidden": 1})"),
      table(R"({"column_types": {"a": "url", "b": {"type": "textarea", "config": {}}}})"),
      table("null"),
  };
  for (const auto& text : cases) EXPECT_EQ(error_of(text), "") << text;
  EXPECT_EQ(
      error_of(R"({"title": 2024, "description": true, "license": null})", FileKind::kMetadata),
      "");
}

TEST(KnownKeys, WrongTypesNameFileAndKey) {
  const std::pair<std::string, std::string> cases[] = {
      {R"({"databases": []})", "f.json: \"databases\" should be an object, not a list"},
      {R"({"databases": {"d": 1}})", "f.json: \"databases.d\" should be an object, not a number"},
      {R"({"settings": "x"})", "f.json: \"settings\" should be an object, not text"},
      {R"({"plugins": []})", "f.json: \"plugins\" should be an object, not a list"},
      {R"({"extra_css_urls": "/a.css"})",
       "f.json: \"extra_css_urls\" should be a list of URLs, or of objects with a \"url\", a text "
       "\"sri\" and a boolean \"module\", not "
       "text"},
      {R"({"extra_js_urls": [{"src": "/a.js"}]})",
       "f.json: \"extra_js_urls\" should be a list of URLs, or of objects with a \"url\", a text "
       "\"sri\" and a boolean \"module\", not a "
       "list"},
      {R"({"databases": {"d": {"immutable": "yes"}}})",
       "f.json: \"databases.d.immutable\" should be true or false, not text"},
      {R"({"databases": {"d": {"cache_size_kb": -1}}})",
       "f.json: \"databases.d.cache_size_kb\" should be an integer from 0, not a number"},
      {R"({"databases": {"d": {"queries": {"q": 1}}}})",
       "f.json: \"databases.d.queries.q\" should be SQL text or an object, not a number"},
      {R"({"databases": {"d": {"queries": {"q": {"sql": ["x"]}}}}})",
       "f.json: \"databases.d.queries.q.sql\" should be text, not a list"},
      {table(R"({"size": "5"})"),
       "f.json: \"databases.d.tables.t.size\" should be an integer from 1, or \"max\", not text"},
      {table(R"({"facets": "a"})"),
       "f.json: \"databases.d.tables.t.facets\" should be a list of column names or objects, not "
       "text"},
      {table(R"({"sortable_columns": [1]})"),
       "f.json: \"databases.d.tables.t.sortable_columns\" should be a list of texts, not a list"},
      {table(R"({"column_types": {"a": {}}})"),
       "f.json: \"databases.d.tables.t.column_types\" should be an object of type names, or of "
       "objects with a \"type\", not an object"},
  };
  for (const auto& [text, error] : cases) EXPECT_EQ(error_of(text), error) << text;
  EXPECT_EQ(error_of(R"({"title": ["x"]})", FileKind::kMetadata),
            "f.json: \"title\" should be text, not a list");
  EXPECT_EQ(error_of(table(R"({"columns": {"a": {}}})"), FileKind::kMetadata),
            "f.json: \"databases.d.tables.t.columns\" should be an object with texts as values, "
            "not an object");
}

TEST(KnownKeys, AllowBlocksThatCannotMatchAreRefusedAtEveryLevel) {
  for (const auto* block : {"[]", R"(["a"])", R"("a")", "2", "-1", "0.5", R"("true")"}) {
    const std::string allow = R"({"allow": )" + std::string(block) + "}";
    const std::string in_permissions = R"({"permissions": {"x": )" + std::string(block) + "}}";
    const std::string places[] = {
        allow,
        R"({"databases": {"d": )" + allow + "}}",
        table(allow),
        R"({"databases": {"d": {"queries": {"q": )" + allow + "}}}}",
        R"({"allow_sql": )" + std::string(block) + "}",
        table(R"({"allow_write": )" + std::string(block) + "}"),
        in_permissions,
        table(in_permissions),
    };
    for (const auto& text : places) {
      EXPECT_NE(error_of(text), "") << text;
      EXPECT_NE(error_of(text, FileKind::kMetadata), "") << text;
    }
  }
}

TEST(KnownKeys, UnknownKeysAreListedWithTheNearestKnownName) {
  EXPECT_EQ(unknown_in(R"({"setings": {}, "custom": 1, "title": "x"})", FileKind::kConfig),
            "setings=settings custom title ");
  EXPECT_EQ(unknown_in(R"({"titel": "x", "custom": {"allow": 5}})", FileKind::kMetadata),
            "titel=title custom ");
  EXPECT_EQ(
      unknown_in(table(R"({"sort-desc": "a", "units": {}, "Hidden": true})"), FileKind::kMetadata),
      "databases.d.tables.t.sort-desc=sort_desc databases.d.tables.t.units "
      "databases.d.tables.t.Hidden=hidden ");
  EXPECT_EQ(unknown_in(R"({"serve": {"filse": []}})", FileKind::kConfig), "serve.filse=files ");
  EXPECT_EQ(unknown_in(R"({"serve": {}})", FileKind::kMetadata), "serve ");
}

TEST(KnownKeys, NearestNameGivesUpOnOverlongNames) {
  EXPECT_EQ(nearest_name(std::string(100'000, 'a'), {"aaa"}), "");
  EXPECT_EQ(nearest_name("", {"sort"}), "");
}

}  // namespace
}  // namespace tapedeck::config
