#include "config/plugin_config.hpp"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/config_error.hpp"
#include "support/temporary_folder.hpp"

namespace tapedeck::config {
namespace {

using support::TemporaryFolder;

const char* variable(const char* name) {
  return std::string_view(name) == "SECRET" ? "s3" : nullptr;
}

std::string found(const std::string& config, std::string_view database = {},
                  std::string_view table = {}) {
  Configuration configuration;
  configuration.config = boost::json::parse(config).as_object();
  const auto value = plugin_config(configuration, variable, "p", database, table);
  return value ? boost::json::serialize(*value) : "none";
}

TEST(PluginConfig, TableElseDatabaseElseInstance) {
  const char* config = R"({"plugins": {"p": {"at": "top", "only": 1}},
    "databases": {"d": {"plugins": {"p": {"at": "database"}},
                        "tables": {"t": {"plugins": {"p": {"at": "table"}}},
                                   "u": {"plugins": {"q": 1}}}},
                  "e": {"plugins": {"p": null}}}})";
  EXPECT_EQ(found(config), R"({"at":"top","only":1})");
  EXPECT_EQ(found(config, "d"), R"({"at":"database"})");
  EXPECT_EQ(found(config, "d", "t"), R"({"at":"table"})");
  EXPECT_EQ(found(config, "d", "u"), R"({"at":"database"})");
  EXPECT_EQ(found(config, "e", "t"), R"({"at":"top","only":1})");
  EXPECT_EQ(found(R"({"plugins": {"q": 1}})", "d"), "none");
  EXPECT_EQ(found("{}"), "none");
}

TEST(PluginConfig, SecretsAreResolvedAtAnyDepth) {
  const TemporaryFolder folder;
  const std::string file = folder.write("secret", "line\n");
  const std::pair<std::string, std::string> cases[] = {
      {R"({"$env": "SECRET"})", R"("s3")"},
      {R"({"a": [{"$env": "SECRET"}, {"b": {"$env": "UNSET"}}]})", R"({"a":["s3",{"b":null}]})"},
      {R"({"a": {"$file": ")" + file + "\"}}", R"({"a":"line\n"})"},
      {R"({"$env": "SECRET", "x": 1})", R"({"$env":"SECRET","x":1})"},
      {R"({"$env": 1})", R"({"$env":1})"},
  };
  for (const auto& [value, expected] : cases) {
    EXPECT_EQ(found(R"({"plugins": {"p": )" + value + "}}"), expected) << value;
  }
}

TEST(PluginConfig, NothingIsResolvedInTheConfigurationItself) {
  Configuration configuration;
  configuration.config =
      boost::json::parse(R"({"plugins": {"p": {"$env": "SECRET"}}})").as_object();
  static_cast<void>(plugin_config(configuration, variable, "p"));
  EXPECT_EQ(boost::json::serialize(configuration.config), R"({"plugins":{"p":{"$env":"SECRET"}}})");
}

TEST(PluginConfig, AFileThatCannotBeReadIsNamed) {
  try {
    static_cast<void>(found(R"({"plugins": {"p": {"$file": "/no/such/file"}}})"));
    FAIL();
  } catch (const ConfigError& error) {
    EXPECT_THAT(error.what(), testing::HasSubstr("/no/such/file"));
  }
}

}  // namespace
}  // namespace tapedeck::config
