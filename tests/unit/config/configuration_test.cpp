#include "config/configuration.hpp"

#include <map>
#include <string>

#include <gtest/gtest.h>

#include "config/serve_key.hpp"
#include "support/temporary_folder.hpp"

namespace tapedeck::config {
namespace {

using support::TemporaryFolder;

namespace json = boost::json;

/// An environment of these variables only.
Environment environment(std::map<std::string, std::string> variables = {}) {
  return [variables = std::move(variables)](const char* name) -> const char* {
    const auto found = variables.find(name);
    return found == variables.end() ? nullptr : found->second.c_str();
  };
}

std::string error_of(const ServeOptions& options, const Environment& variables = environment()) {
  try {
    static_cast<void>(load(options, variables));
    return "";
  } catch (const ConfigError& error) {
    return error.what();
  }
}

/// What load() writes to standard error.
std::string log_of(const ServeOptions& options) {
  testing::internal::CaptureStderr();
  static_cast<void>(load(options, environment()));
  return testing::internal::GetCapturedStderr();
}

class ConfigurationTest : public testing::Test {
 protected:
  void config(std::string_view text) { options.config = folder.write("config.json", text); }
  void metadata(std::string_view text) { options.metadata = folder.write("metadata.json", text); }

  TemporaryFolder folder;
  ServeOptions options;
};

TEST_F(ConfigurationTest, NothingGivenMeansDefaultsAndMemory) {
  const auto configuration = load(options, environment());
  ASSERT_EQ(configuration.databases.size(), 1U);
  EXPECT_EQ(configuration.databases[0].name, "_memory");
  EXPECT_EQ(configuration.databases[0].path, "");
  EXPECT_EQ(configuration.settings.default_page_size, 100);
  EXPECT_EQ(configuration.config, json::object());
  EXPECT_EQ(configuration.secret, "");
  EXPECT_FALSE(configuration.cors);
  EXPECT_EQ(configuration.digest.size(), 64U);
}

TEST_F(ConfigurationTest, SettingsPriorityIsCommandLineEnvironmentFileDefault) {
  config(R"({"settings": {"max_csv_mb": 1, "default_page_size": 1, "default_facet_size": 1}})");
  options.settings = {{"max_csv_mb", "3"}};
  const auto configuration = load(
      options, environment({{"DATASETTE_MAX_CSV_MB", "2"}, {"DATASETTE_DEFAULT_PAGE_SIZE", "2"}}));
  EXPECT_EQ(configuration.settings.max_csv_mb, 3);
  EXPECT_EQ(configuration.settings.default_page_size, 2);
  EXPECT_EQ(configuration.settings.default_facet_size, 1);
  EXPECT_EQ(configuration.settings.max_returned_rows, 1000);
  EXPECT_EQ(configuration.config.at("settings"),
            json::parse(R"({"max_csv_mb": 3, "default_page_size": 2, "default_facet_size": 1})"));
}

TEST_F(ConfigurationTest, EverySettingHasItsVariable) {
  for (const auto& setting : setting_table()) {
    std::string name = "DATASETTE_";
    for (const char c : setting.name) name += static_cast<char>(c >= 'a' && c <= 'z' ? c - 32 : c);
    const bool is_text = std::holds_alternative<std::string Settings::*>(setting.member);
    const auto configuration = load(options, environment({{name, is_text ? "/x/" : "1"}}));
    const auto value = json_of(configuration.settings, setting);
    EXPECT_TRUE(value == 1 || value == true || value == "/x/") << name;
    if (is_text && setting.name != "base_url") continue;
    EXPECT_TRUE(error_of(options, environment({{name, "what?"}}))
                    .starts_with("environment variable " + name + ": \"settings."))
        << name;
  }
}

TEST_F(ConfigurationTest, EmptyVariablesCountAsUnset) {
  const auto configuration = load(options, environment({{"DATASETTE_MAX_CSV_MB", ""},
                                                        {"TAPEDECK_SECRET", ""},
                                                        {"DATASETTE_SECRET", "s"}}));
  EXPECT_EQ(configuration.settings.max_csv_mb, 100);
  EXPECT_EQ(configuration.secret, "s");
}

TEST_F(ConfigurationTest, SecretPriority) {
  const auto both = environment({{"TAPEDECK_SECRET", "t"}, {"DATASETTE_SECRET", "d"}});
  EXPECT_EQ(load(options, both).secret, "t");
  options.secret = "o";
  EXPECT_EQ(load(options, both).secret, "o");
  options.secret = "";
  EXPECT_EQ(error_of(options, both), "--secret must not be empty");
}

TEST_F(ConfigurationTest, BadSettingsInFilesStopTheStart) {
  struct Case {
    const char* text;
    const char* error;
  };
  const Case cases[] = {
      {R"({"settings": {"nope": 1}})", "Invalid setting 'nope' in config file"},
      {R"({"settings": {"max_csv_mb": "5"}})",
       "Setting 'max_csv_mb' in config file has incorrect type. Expected int, got str. Value: "
       "'5'. Hint: In YAML/JSON config files, remove quotes from boolean and integer values."},
      {R"({"settings": {"allow_facet": 1}})",
       "Setting 'allow_facet' in config file has incorrect type. Expected bool, got int. Value: 1. "
       "Hint: In YAML/JSON config files, remove quotes from boolean and integer values."},
  };
  for (const auto& [text, error] : cases) {
    config(text);
    EXPECT_EQ(error_of(options), *options.config + ": " + error);
    options.config.reset();
    metadata(text);
    EXPECT_EQ(error_of(options), *options.metadata + ": " + error);
    options.metadata.reset();
  }
}

TEST_F(ConfigurationTest, BadSettingsOnTheCommandLineAreUsageErrors) {
  const std::pair<std::pair<std::string, std::string>, const char*> cases[] = {
      {{"nope", "1"}, "--setting nope: unknown setting"},
      {{"max_returned_row", "1"},
       "--setting max_returned_row: unknown setting, did you mean max_returned_rows?"},
      {{"settings.nope", "1"}, "--setting nope: unknown setting"},
      {{"max_csv_mb", "x"}, "--setting max_csv_mb: \"settings.max_csv_mb\" should be an integer"},
      {{"allow_facet", "x"},
       "--setting allow_facet: \"settings.allow_facet\" should be on/off/true/false/1/0"},
      {{"a..b", "x"}, "--setting a..b: a name is missing beside a dot"},
      {{".a", "x"}, "--setting .a: a name is missing beside a dot"},
      {{"serve.port", "1"}, "--setting serve.port: the key serve belongs in a configuration file"},
  };
  for (const auto& [setting, error] : cases) {
    options.settings = {setting};
    EXPECT_THROW(static_cast<void>(load(options, environment())), UsageError) << setting.first;
    EXPECT_EQ(error_of(options), error);
  }
  options.settings = {{"databases.d.allow", "[1]"}};
  EXPECT_EQ(error_of(options),
            "--setting: \"databases.d.allow\" should be an allow block: an object, true, false or "
            "null, not a list");
}

TEST_F(ConfigurationTest, RemovedSettingsAreIgnored) {
  config(R"({"settings": {"hash_urls": true}})");
  options.settings = {{"default_cache_ttl_hashed", "1"}};
  EXPECT_EQ(error_of(options), "");
}

TEST_F(ConfigurationTest, DottedSettingsGoIntoTheConfiguration) {
  config(R"({"plugins": {"p": {"a": 1, "b": 1}}, "permissions": {"x": true}})");
  options.settings = {{"plugins.p.a", "2"},
                      {"plugins.p.c", "not json"},
                      {"permissions.x.id", "alice"},
                      {"permissions.y", "1"},
                      {"databases.d.tables.t.facets", R"(["a"])"},
                      {"settings.max_csv_mb", "7"}};
  const auto configuration = load(options, environment());
  EXPECT_EQ(configuration.config, json::parse(R"({
      "plugins": {"p": {"a": 2, "b": 1, "c": "not json"}},
      "permissions": {"x": {"id": "alice"}, "y": 1},
      "databases": {"d": {"tables": {"t": {"facets": ["a"]}}}}, "settings": {"max_csv_mb": 7}})"));
  EXPECT_EQ(configuration.settings.max_csv_mb, 7);
}

TEST_F(ConfigurationTest, MetadataOfTheGuideTakesEffect) {
  options.files = {folder.write("sample.db"), folder.write("frozen.db")};
  metadata(R"({"title": "My Data", "databases": {
    "sample": {"title": "Books", "tables": {"books": {"title": "B", "sort_desc": "rating",
      "allow_write": {"id": "admin"}}}, "queries": {"q": {"sql": "select 1"}}},
    "frozen": {"immutable": true, "cache_size_kb": 10000}}})");
  const auto configuration = load(options, environment());
  EXPECT_EQ(configuration.metadata, json::parse(R"({"title": "My Data", "databases": {
    "sample": {"title": "Books", "tables": {"books": {"title": "B"}}}}})"));
  ASSERT_NE(configuration.table_config("sample", "books"), nullptr);
  EXPECT_EQ(configuration.table_config("sample", "books")->at("sort_desc"), "rating");
  ASSERT_NE(configuration.query_config("sample", "q"), nullptr);
  EXPECT_EQ(configuration.query_config("sample", "q")->at("sql"), "select 1");
  ASSERT_EQ(configuration.databases.size(), 2U);
  EXPECT_FALSE(configuration.databases[0].immutable);
  EXPECT_TRUE(configuration.databases[1].immutable);
  EXPECT_EQ(configuration.databases[1].cache_size_kb, 10000);
  ASSERT_NE(configuration.database_metadata("sample"), nullptr);
  EXPECT_EQ(configuration.table_metadata("sample", "books")->at("title"), "B");
}

TEST_F(ConfigurationTest, LookupsGiveNullWhereThereIsNoObject) {
  config(R"({"databases": {"d": {"tables": null, "queries": {"plain": "select 1"}}, "e": null}})");
  const auto configuration = load(options, environment());
  EXPECT_EQ(configuration.database_config("none"), nullptr);
  EXPECT_EQ(configuration.database_config("e"), nullptr);
  EXPECT_EQ(configuration.table_config("d", "t"), nullptr);
  EXPECT_EQ(configuration.query_config("d", "plain"), nullptr);
  EXPECT_EQ(configuration.database_metadata("d"), nullptr);
  EXPECT_EQ(configuration.table_metadata("d", "t"), nullptr);
}

TEST_F(ConfigurationTest, FalseDoesNotTakeImmutableBack) {
  options.immutable = {folder.write("x.db")};
  config(R"({"databases": {"x": {"immutable": false}}})");
  EXPECT_TRUE(load(options, environment()).databases[0].immutable);
}

TEST_F(ConfigurationTest, QueriesNeedSqlInOneOfTheFiles) {
  metadata(R"({"databases": {"d": {"queries": {"q": {"title": "T"}}}}})");
  EXPECT_EQ(error_of(options), *options.metadata + ": \"databases.d.queries.q\" has no \"sql\"");
  config(R"({"databases": {"d": {"queries": {"q": {"sql": null}}}}})");
  EXPECT_EQ(error_of(options), *options.config + " and " + *options.metadata +
                                   ": \"databases.d.queries.q\" has no \"sql\"");
  config(R"({"databases": {"d": {"queries": {"q": "select 1"}}}})");
  EXPECT_EQ(error_of(options), "");
  options.settings = {{"databases.d.queries.r.title", "x"}};
  EXPECT_EQ(error_of(options), "--setting: \"databases.d.queries.r\" has no \"sql\"");
}

TEST_F(ConfigurationTest, FilesThatAreMissingOrBrokenStopTheStart) {
  options.metadata = folder / "none.json";
  EXPECT_EQ(error_of(options), (folder / "none.json") + ": No such file or directory");
  metadata(R"({"title": )");
  EXPECT_EQ(error_of(options), *options.metadata + ": line 1, column 11: incomplete JSON");
  metadata(R"({"databases": []})");
  EXPECT_EQ(error_of(options),
            *options.metadata + ": \"databases\" should be an object, not a list");
  options.metadata.reset();
  options.template_dir = folder / "none";
  EXPECT_EQ(error_of(options), "template directory '" + (folder / "none") + "' is not a directory");
  options.template_dir = folder.write("file");
  EXPECT_EQ(error_of(options), "template directory '" + (folder / "file") + "' is not a directory");
}

TEST_F(ConfigurationTest, MistakesOfPathsOnTheCommandLineAreUsageErrors) {
  const std::pair<std::pair<const char*, const char*>, const char*> cases[] = {
      {{"databases.a.tables.t.size", "x"},
       "--setting: \"databases.a.tables.t.size\" should be an integer from 1, or \"max\", not "
       "text"},
      {{"plugins.p.n", "1e999"}, "--setting plugins.p.n: the number is too large"},
      {{"databases.d.queries.r.title", "x"}, "--setting: \"databases.d.queries.r\" has no \"sql\""},
  };
  for (const auto& [setting, expected] : cases) {
    options.settings = {setting};
    try {
      static_cast<void>(load(options, environment()));
      ADD_FAILURE() << setting.first;
    } catch (const UsageError& error) {
      EXPECT_STREQ(error.what(), expected);
    }
  }
}

TEST_F(ConfigurationTest, CrossdbSaysWhyADatabaseIsLeftOut) {
  options.crossdb = true;
  options.files = {folder.write("main.db")};
  for (int i = 0; i < 11; ++i)
    options.files.push_back(folder.write("d" + std::to_string(i) + ".db"));
  const std::string log = log_of(options);
  EXPECT_NE(log.find("its name is taken (case does not count)\" database=main"), std::string::npos)
      << log;
  EXPECT_NE(log.find("at most ten databases, not this one\" database=d10"), std::string::npos)
      << log;
}

TEST_F(ConfigurationTest, WarningsAreOneLineEach) {
  metadata(R"({"titel": "x", "allow": true, "settings": {"max_csv_mb": 1}, "databases": {"d":
    {"queries": {"q": "select 1"}}}})");
  config(R"({"allow": false})");
  const std::string log = log_of(options);
  EXPECT_EQ(std::count(log.begin(), log.end(), '\n'), 3) << log;
  EXPECT_NE(log.find("titel"), std::string::npos);
  EXPECT_NE(log.find("nearest=title"), std::string::npos) << log;
  EXPECT_NE(log.find("settings databases.d.queries"), std::string::npos) << log;
  options.metadata.reset();
  EXPECT_EQ(log_of(options), "");
}

TEST_F(ConfigurationTest, ImmutableFileWithALogIsWarnedOf) {
  options.immutable = {folder.write("x.db")};
  folder.write("x.db-wal");
  EXPECT_EQ(log_of(options), "");
  folder.write("x.db-wal", "frames");
  EXPECT_NE(log_of(options).find("x.db-wal"), std::string::npos);
}

TEST_F(ConfigurationTest, DigestChangesWithWhatChangesAnswersOnly) {
  options.files = {folder.write("x.db")};
  const std::string plain = load(options, environment()).digest;
  EXPECT_EQ(load(options, environment({{"DATASETTE_SECRET", "s"}})).digest, plain);
  EXPECT_NE(load(options, environment({{"DATASETTE_MAX_CSV_MB", "1"}})).digest, plain);
  ServeOptions other = options;
  other.cors = true;
  EXPECT_NE(load(other, environment()).digest, plain);
  other = options;
  other.immutable = std::exchange(other.files, {});
  EXPECT_NE(load(other, environment()).digest, plain);
  other = options;
  other.metadata = folder.write("m.json", R"({"title": "x"})");
  EXPECT_NE(load(other, environment()).digest, plain);
  other = options;
  other.port = 1;
  EXPECT_EQ(load(other, environment()).digest, plain);
}

TEST_F(ConfigurationTest, ServeKeyStandsForACommandLine) {
  folder.write("data/a.db");
  folder.write("data/b.db");
  folder.write("old.db");
  folder.write("meta.yml", "title: From serve\n");
  folder.write("templates/x.html");
  folder.write("assets/x.css");
  config(R"({"serve": {"files": ["data/*.db"], "immutable": ["old.db"], "metadata": "meta.yml",
    "template_dir": "templates", "static": {"/static/": "assets"}, "cors": true, "memory": true, "create": true,
    "workers": 3, "host": "0.0.0.0", "port": 9000}})");
  const auto configuration = load(options, environment());
  std::string names;
  for (const auto& database : configuration.databases) names += database.name + " ";
  EXPECT_EQ(names, "_memory a b old ");
  EXPECT_EQ(configuration.metadata.at("title"), "From serve");
  EXPECT_EQ(configuration.template_dir, folder / "templates");
  ASSERT_EQ(configuration.static_mounts.size(), 1U);
  EXPECT_EQ(configuration.static_mounts[0].mount, "static");
  EXPECT_EQ(configuration.static_mounts[0].directory, folder / "assets");
  EXPECT_TRUE(configuration.cors);
  EXPECT_FALSE(configuration.config.contains("serve"));

  const auto merged = merge_serve_key(options);
  EXPECT_EQ(merged.workers, 3);
  EXPECT_EQ(merged.host, "0.0.0.0");
  EXPECT_EQ(merged.port, 9000);
  EXPECT_EQ(load(merged, environment()).databases.size(), 4U) << "merged twice";
}

TEST_F(ConfigurationTest, CommandLineWinsOverTheServeKey) {
  folder.write("assets/x.css");
  folder.write("other/x.css");
  folder.write("a.db");
  config(R"({"serve": {"files": ["a.db"], "metadata": "none.yml", "template_dir": "none",
    "static": {"s": "assets", "t": "assets"}, "workers": 3, "host": "0.0.0.0", "port": 9000}})");
  options.files = {folder.write("b.db")};
  metadata(R"({"title": "From options"})");
  options.template_dir = folder / "other";
  options.static_mounts = {make_static_mount("s", folder / "other")};
  options.workers = 1;
  options.host = "127.0.0.1";
  options.is_host_given = true;
  options.port = 8001;
  options.is_port_given = true;
  const auto merged = merge_serve_key(options);
  EXPECT_EQ(merged.workers, 1);
  EXPECT_EQ(merged.host, "127.0.0.1");
  EXPECT_EQ(merged.port, 8001);
  const auto configuration = load(options, environment());
  EXPECT_EQ(configuration.metadata.at("title"), "From options");
  ASSERT_EQ(configuration.databases.size(), 2U);
  EXPECT_EQ(configuration.databases[0].name, "a");
  EXPECT_EQ(configuration.databases[1].name, "b");
  ASSERT_EQ(configuration.static_mounts.size(), 2U);
  EXPECT_EQ(configuration.static_mounts[0].mount, "t");
  EXPECT_EQ(configuration.static_mounts[1].directory, folder / "other");
}

TEST_F(ConfigurationTest, BadServeKeysAreRefused) {
  const std::pair<const char*, const char*> cases[] = {
      {R"({"serve": []})", "\"serve\" should be an object, not a list"},
      {R"({"serve": {"files": "a.db"}})", "\"serve.files\" should be a list of texts, not text"},
      {R"({"serve": {"port": 70000}})",
       "\"serve.port\" should be a port from 0 to 65535, not '70000'"},
      {R"({"serve": {"workers": 5000}})", "\"serve.workers\" should be at most 1024"},
      {R"({"serve": {"static": {"a": 1}}})",
       "\"serve.static\" should be an object with texts as values, not an object"},
  };
  for (const auto& [text, error] : cases) {
    config(text);
    EXPECT_EQ(error_of(options), *options.config + ": " + error);
    EXPECT_THROW(static_cast<void>(merge_serve_key(options)), ConfigError) << text;
  }
}

TEST_F(ConfigurationTest, StaticMountsAreChecked) {
  folder.write("assets/x.css");
  EXPECT_EQ(make_static_mount("/a/b/", folder / "assets").mount, "a/b");
  for (const auto* mount : {"", "/", "-", "/-/", "-/static"}) {
    EXPECT_THROW(static_cast<void>(make_static_mount(mount, folder / "assets")), ConfigError)
        << mount;
  }
  for (const auto* directory : {"none", "assets/x.css"}) {
    EXPECT_THROW(static_cast<void>(make_static_mount("a", folder / directory)), ConfigError)
        << directory;
  }
  options.static_mounts = {make_static_mount("a", folder / "assets"),
                           make_static_mount("/a", folder / "assets")};
  EXPECT_EQ(error_of(options), "static mount 'a' is given twice");
}

TEST(ConfigurationText, StringsAsTheyAreOthersAsJson) {
  const std::pair<json::value, const char*> cases[] = {
      {"a \"b\"", "a \"b\""},
      {nullptr, "null"},
      {true, "true"},
      {5, "5"},
      {1.5, "1.5"},
      {json::parse(R"({"a": [1, 2.0, "x<é"], "b": {}, "c": []})"),
       R"({"a": [1, 2.0, "x<é"], "b": {}, "c": []})"},
  };
  for (const auto& [value, text] : cases) EXPECT_EQ(text_of(value), text);
}

}  // namespace
}  // namespace tapedeck::config
