#include "config/settings.hpp"

#include <gtest/gtest.h>

namespace tapedeck::config {
namespace {

namespace json = boost::json;

std::string error_from_text(std::string_view name, std::string_view text) {
  Settings settings;
  const auto result = set_from_text(settings, *find_setting(name), text);
  return result ? "" : result.error().message();
}

std::string error_from_json(std::string_view name, const json::value& value) {
  Settings settings;
  const auto result = set_from_json(settings, *find_setting(name), value);
  return result ? "" : result.error().message();
}

TEST(Settings, TableHoldsDatasettesSettingsInItsOrderAndThenOurs) {
  const std::vector<std::string_view> names = {
      "default_page_size",   "max_returned_rows",     "max_insert_rows",
      "max_post_body_bytes", "num_sql_threads",       "sql_time_limit_ms",
      "default_facet_size",  "facet_time_limit_ms",   "facet_suggest_time_limit_ms",
      "allow_facet",         "allow_download",        "allow_signed_tokens",
      "default_allow_sql",   "max_signed_tokens_ttl", "suggest_facets",
      "default_cache_ttl",   "cache_size_kb",         "allow_csv_stream",
      "max_csv_mb",          "truncate_cells_html",   "force_https_urls",
      "template_debug",      "trace_debug",           "base_url",
      "cors_origins",        "facets_alias",          "public_threads",
      "immutable_cache_ttl", "sql_heap_limit_mb",     "sql_temp_file_limit_mb",
      "max_answer_mb",       "request_time_limit_ms"};
  std::vector<std::string_view> found;
  for (const auto& setting : setting_table()) found.push_back(setting.name);
  EXPECT_EQ(found, names);
}

TEST(Settings, UnknownNameIsNotFound) {
  for (const auto* name : {"", "nope", "Default_page_size", "default_page_size "}) {
    EXPECT_EQ(find_setting(name), nullptr) << name;
  }
}

TEST(Settings, TextSetsEachType) {
  Settings settings;
  EXPECT_TRUE(set_from_text(settings, *find_setting("sql_time_limit_ms"), "3500"));
  EXPECT_EQ(settings.sql_time_limit_ms, 3500);
  for (const auto* text : {"off", "false", "0"}) {
    settings.allow_facet = true;
    EXPECT_TRUE(set_from_text(settings, *find_setting("allow_facet"), text)) << text;
    EXPECT_FALSE(settings.allow_facet) << text;
  }
  for (const auto* text : {"on", "true", "1"}) {
    settings.trace_debug = false;
    EXPECT_TRUE(set_from_text(settings, *find_setting("trace_debug"), text)) << text;
    EXPECT_TRUE(settings.trace_debug) << text;
  }
  EXPECT_TRUE(set_from_text(settings, *find_setting("base_url"), "/data/site/"));
  EXPECT_EQ(settings.base_url, "/data/site/");
}

TEST(Settings, BadTextIsRefusedAndNamesTheSetting) {
  struct Case {
    const char* name;
    const char* text;
    const char* error;
  };
  const Case cases[] = {
      {"max_csv_mb", "-1", "\"settings.max_csv_mb\" should be an integer"},
      {"max_csv_mb", "", "\"settings.max_csv_mb\" should be an integer"},
      {"max_csv_mb", "1.5", "\"settings.max_csv_mb\" should be an integer"},
      {"max_csv_mb", " 5", "\"settings.max_csv_mb\" should be an integer"},
      {"max_csv_mb", "2147483648", "\"settings.max_csv_mb\" should be between 0 and 2147483647"},
      {"max_csv_mb", "99999999999999999999",
       "\"settings.max_csv_mb\" should be between 0 and 2147483647"},
      {"max_returned_rows", "0",
       "\"settings.max_returned_rows\" should be between 1 and 2147483647"},
      {"allow_facet", "yes", "\"settings.allow_facet\" should be on/off/true/false/1/0"},
      {"allow_facet", "", "\"settings.allow_facet\" should be on/off/true/false/1/0"},
      {"base_url", "/data", "\"settings.base_url\" should be a URL path with / at both ends"},
      {"base_url", "data/", "\"settings.base_url\" should be a URL path with / at both ends"},
      {"base_url", "", "\"settings.base_url\" should be a URL path with / at both ends"},
      {"base_url", "//evil.example/",
       "\"settings.base_url\" should be a URL path with / at both ends"},
      {"base_url", "/a\"b/", "\"settings.base_url\" should be a URL path with / at both ends"},
      {"base_url", "/a?b/", "\"settings.base_url\" should be a URL path with / at both ends"},
  };
  for (const auto& [name, text, error] : cases) {
    EXPECT_EQ(error_from_text(name, text), error) << name << " " << text;
  }
}

TEST(Settings, JsonMustHaveTheRightType) {
  const std::string hint =
      ". Hint: In YAML/JSON config files, remove quotes from boolean and integer values.";
  EXPECT_EQ(error_from_json("max_csv_mb", "5"),
            "Setting 'max_csv_mb' in config file has incorrect type. Expected int, got str. Value: "
            "'5'" +
                hint);
  EXPECT_EQ(error_from_json("max_csv_mb", true),
            "Setting 'max_csv_mb' in config file has incorrect type. Expected int, got bool. "
            "Value: True" +
                hint);
  EXPECT_EQ(error_from_json("allow_facet", 1),
            "Setting 'allow_facet' in config file has incorrect type. Expected bool, got int. "
            "Value: 1" +
                hint);
  EXPECT_EQ(error_from_json("base_url", json::array{}),
            "Setting 'base_url' in config file has incorrect type. Expected str, got list. Value: "
            "[]" +
                hint);
  EXPECT_EQ(error_from_json("max_csv_mb", -1),
            "\"settings.max_csv_mb\" should be between 0 and 2147483647");
  EXPECT_NE(error_from_json("max_csv_mb", std::uint64_t{18446744073709551615U}), "");
}

TEST(Settings, JsonNullLeavesTheSettingAlone) {
  Settings settings;
  EXPECT_TRUE(set_from_json(settings, *find_setting("max_csv_mb"), nullptr));
  EXPECT_EQ(settings.max_csv_mb, 100);
}

TEST(Settings, JsonOfGivesBackWhatWasSet) {
  Settings settings;
  settings.max_csv_mb = 7;
  EXPECT_EQ(json_of(settings, *find_setting("max_csv_mb")), 7);
  EXPECT_EQ(json_of(settings, *find_setting("allow_facet")), true);
  EXPECT_EQ(json_of(settings, *find_setting("base_url")), "/");
}

}  // namespace
}  // namespace tapedeck::config
