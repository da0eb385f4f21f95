#include "fcgi/options.hpp"

#include <filesystem>
#include <map>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/settings.hpp"

namespace tapedeck::fcgi {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;
using Arguments = std::vector<std::string>;

config::Environment environment(std::map<std::string, std::string> variables = {}) {
  return [variables = std::move(variables)](const char* name) -> const char* {
    const auto found = variables.find(name);
    return found == variables.end() ? nullptr : found->second.c_str();
  };
}

Command parse(const Arguments& arguments) {
  return parse_options(arguments, environment());
}

std::string usage_error(const Arguments& arguments) {
  try {
    static_cast<void>(parse(arguments));
    return "no error";
  } catch (const config::UsageError& error) {
    return error.what();
  }
}

TEST(Options, ServeIsTheDefaultCommand) {
  for (const auto& arguments : {Arguments{"x.db", "y.db"}, Arguments{"serve", "x.db", "y.db"},
                                Arguments{"--", "x.db", "y.db"}}) {
    const auto command = parse(arguments);
    EXPECT_EQ(command.name, CommandName::kServe);
    EXPECT_THAT(command.options.files, ElementsAre("x.db", "y.db"));
    EXPECT_EQ(command.options.host, "127.0.0.1");
    EXPECT_EQ(command.options.port, 8001);
    EXPECT_FALSE(command.options.is_host_given);
    EXPECT_FALSE(command.options.is_port_given);
  }
  EXPECT_TRUE(parse({}).options.files.empty());
  EXPECT_THAT(parse({"serve", "serve"}).options.files, ElementsAre("serve"));
}

TEST(Options, LongAndShortForms) {
  const auto folder = std::filesystem::temp_directory_path().string();
  const Arguments cases[] = {
      {"a.db", "-i", "b.db", "-h", "0.0.0.0", "-p", "9000", "-m", "m.json", "-c", "c.json", "-s",
       "max_csv_mb", "5", "c.db", "-i", "d.db"},
      {"--immutable", "b.db", "--host", "0.0.0.0", "--port", "9000", "--metadata", "m.json", "a.db",
       "--config", "c.json", "--setting", "max_csv_mb", "5", "--immutable=d.db", "c.db"},
      {"a.db", "c.db", "-ib.db", "-id.db", "-h0.0.0.0", "-p9000", "--metadata=m.json", "-cc.json",
       "-s", "max_csv_mb", "5"},
  };
  for (const auto& arguments : cases) {
    const auto options = parse(arguments).options;
    EXPECT_THAT(options.files, ElementsAre("a.db", "c.db"));
    EXPECT_THAT(options.immutable, ElementsAre("b.db", "d.db"));
    EXPECT_EQ(options.host, "0.0.0.0");
    EXPECT_EQ(options.port, 9000);
    EXPECT_TRUE(options.is_host_given && options.is_port_given);
    EXPECT_EQ(options.metadata, "m.json");
    EXPECT_EQ(options.config, "c.json");
    EXPECT_THAT(options.settings, ElementsAre(Pair("max_csv_mb", "5")));
  }
}

TEST(Options, OtherOptions) {
  const auto folder = std::filesystem::canonical(std::filesystem::temp_directory_path()).string();
  const auto options =
      parse({"--cors", "--memory", "--crossdb", "--nolock", "--root", "--default-deny", "--secret",
             "s", "--workers", "4", "--template-dir", "t", "--static", "/assets/:" + folder})
          .options;
  EXPECT_TRUE(options.cors && options.memory && options.crossdb && options.nolock && options.root &&
              options.default_deny);
  EXPECT_EQ(options.secret, "s");
  EXPECT_EQ(options.workers, 4);
  EXPECT_EQ(options.template_dir, "t");
  ASSERT_EQ(options.static_mounts.size(), 1U);
  EXPECT_EQ(options.static_mounts[0].mount, "assets");
  EXPECT_EQ(options.static_mounts[0].directory, folder);
  const auto none = parse({}).options;
  EXPECT_FALSE(none.cors || none.memory || none.crossdb || none.nolock || none.root ||
               none.default_deny);
}

TEST(Options, SettingTakesTwoArgumentsWhateverTheyLookLike) {
  const auto options =
      parse({"-s", "a", "-1", "x.db", "--setting", "b", "--cors", "-s", "c", "", "--", "-s"})
          .options;
  EXPECT_THAT(options.settings, ElementsAre(Pair("a", "-1"), Pair("b", "--cors"), Pair("c", "")));
  EXPECT_THAT(options.files, ElementsAre("x.db", "-s"));
  EXPECT_FALSE(options.cors);
}

TEST(Options, TheNameOfASettingMayBeGluedToItsOption) {
  const auto options = parse({"--setting=a", "-1", "-sb", "2", "x.db"}).options;
  EXPECT_THAT(options.settings, ElementsAre(Pair("a", "-1"), Pair("b", "2")));
  EXPECT_THAT(options.files, ElementsAre("x.db"));
}

TEST(Options, LastValueCounts) {
  const auto options = parse({"-p", "1", "-p", "2", "--host", "a", "--host", "b"}).options;
  EXPECT_EQ(options.port, 2);
  EXPECT_EQ(options.host, "b");
}

TEST(Options, Commands) {
  const auto pool = parse({"pool", "--run-dir", "/run/x", "a.db"});
  EXPECT_EQ(pool.name, CommandName::kPool);
  EXPECT_EQ(pool.run_dir, "/run/x");
  EXPECT_THAT(pool.options.files, ElementsAre("a.db"));
  for (const auto& arguments : {Arguments{"--version"}, Arguments{"serve", "x.db", "--version"}}) {
    EXPECT_EQ(parse(arguments).name, CommandName::kVersion);
  }
  for (const auto& arguments : {Arguments{"--help"}, Arguments{"pool", "--help"}}) {
    EXPECT_EQ(parse(arguments).name, CommandName::kHelp);
  }
  const auto get = parse({"x.db", "--get", "/x.json?a=b", "--headers"});
  EXPECT_EQ(get.name, CommandName::kServe);
  EXPECT_EQ(get.get_path, "/x.json?a=b");
  EXPECT_TRUE(get.headers);
}

TEST(Options, CommandsThatDoNotServe) {
  const auto inspect = parse({"inspect", "a.db", "b.db", "--inspect-file", "o.json"});
  EXPECT_EQ(inspect.name, CommandName::kInspect);
  EXPECT_THAT(inspect.options.files, ElementsAre("a.db", "b.db"));
  EXPECT_EQ(inspect.options.inspect_file, "o.json");
  EXPECT_EQ(parse({"check", "a.db", "--cors"}).name, CommandName::kCheck);
  EXPECT_EQ(parse({"healthcheck"}).name, CommandName::kHealthcheck);
  EXPECT_THAT(parse({"healthcheck", "http://a/"}).options.files, ElementsAre("http://a/"));
  EXPECT_EQ(parse({"inspect", "--help"}).name, CommandName::kHelp);
  EXPECT_EQ(parse({"--help-settings"}).name, CommandName::kHelpSettings);
  EXPECT_EQ(parse({"x.db", "inspect"}).name, CommandName::kServe);
}

TEST(Options, ExtensionsOfTheCommandLineReplaceThoseOfTheEnvironment) {
  const auto variables = environment({{"DATASETTE_LOAD_EXTENSION", "spatialite  /x.so:entry "}});
  EXPECT_THAT(parse_options({}, variables).options.load_extensions,
              ElementsAre("spatialite", "/x.so:entry"));
  EXPECT_TRUE(parse_options({}, variables).options.are_extensions_of_environment);
  EXPECT_THAT(parse_options({"--load-extension", "/y.so"}, variables).options.load_extensions,
              ElementsAre("/y.so"));
  EXPECT_FALSE(parse_options({"--load-extension", "/y.so"}, variables)
                   .options.are_extensions_of_environment);
}

TEST(Options, MistakesAreUsageErrorsThatNameThem) {
  const std::pair<Arguments, const char*> cases[] = {
      {{"--nope"}, "--nope"},
      {{"-x"}, "-x"},
      {{"--files", "x.db"}, "--files"},
      {{"--hos", "a"}, "--hos"},
      {{"--port"}, "--port"},
      {{"--port", "http"}, "--port should be a port from 0 to 65535, not 'http'"},
      {{"--port", "65536"}, "65536"},
      {{"--port", "-1"}, "--port"},
      {{"--port="}, "--port"},
      {{"--host="}, "--host"},
      {{"--cors=yes"}, "--cors"},
      {{"--workers", "many"}, "--workers should be a number from 0 to 1024, not 'many'"},
      {{"--workers", "1025"}, "--workers"},
      {{"--setting", "a"}, "--setting requires two arguments"},
      {{"-s"}, "--setting requires two arguments"},
      {{"--setting=a"}, "--setting requires two arguments"},
      {{"-sa"}, "--setting requires two arguments"},
      {{"--static", "nocolon"}, "--static: 'nocolon' should be of the form MOUNT:DIR"},
      {{"--headers"}, "--headers can only be used with --get"},
      {{"pool", "--get", "/"}, "--get can only be used with serve"},
      {{"--get", "x"}, "--get: the path 'x' should begin with /"},
      {{"--run-dir", "x"}, "--run-dir can only be used with pool"},
      {{"inspect"}, "inspect: which files?"},
      {{"inspect", "x.db", "--cors"}, "--cors cannot be used with inspect"},
      {{"inspect", "x.db", "--get", "/"}, "--get cannot be used with inspect"},
      {{"healthcheck", "--port", "1"}, "--port cannot be used with healthcheck"},
      {{"healthcheck", "a", "b"}, "healthcheck takes one URL"},
      {{"check", "--get", "/"}, "--get can only be used with serve"},
      {{"check", "--run-dir", "/x"}, "--run-dir can only be used with pool"},
      {{"--uds", ""}, "--uds must not be empty"},
      {{"-c", ""}, "--config must not be empty"},
      {{"--metadata", ""}, "--metadata must not be empty"},
      {{"-i", ""}, "--immutable must not be empty"},
      {{"--inspect-file", ""}, "--inspect-file must not be empty"},
      {{"--create", ""}, "the name of a file must not be empty"},
      {{"inspect", ""}, "the name of a file must not be empty"},
      {{"--static", "a:/no/such/folder"}, "static mount 'a': '/no/such/folder' is not a directory"},
      {{"--static", ":/"}, "static mount '': needs a path of its own"},
      {{"--static", "a:/", "--static", "/a/:/"}, "static mount 'a' is given twice"},
  };
  for (const auto& [arguments, error] : cases) {
    EXPECT_THAT(usage_error(arguments), HasSubstr(error)) << testing::PrintToString(arguments);
  }
}

TEST(Options, UnknownCommandsAreNamed) {
  for (const auto* name : {"plugins", "install", "uninstall", "package", "publish"}) {
    EXPECT_EQ(usage_error({name, "-t", "x"}),
              std::string(name) + ": this version does not have the command");
  }
  const std::pair<const char*, const char*> near[] = {
      {"inspekt", "inspect"}, {"create_token", "create-token"}, {"sevre", "serve"}};
  for (const auto& [word, command] : near) {
    EXPECT_EQ(usage_error({word, "-x"}),
              std::string(word) + ": unknown command, did you mean " + command + "?");
  }
  for (const Arguments& files :
       {Arguments{"serve", "plugins"}, Arguments{"inspekt.db"}, Arguments{"./inspekt"},
        Arguments{"inspekt", "--create"}, Arguments{"far_from_all"}, Arguments{"--", "inspekt"}}) {
    EXPECT_EQ(usage_error(files), "no error") << testing::PrintToString(files);
  }
}

TEST(Options, OptionsOfDatasetteThatAreAbsentAreNamed) {
  for (const auto* name : {"plugins-dir", "internal", "ssl-keyfile", "ssl-certfile"}) {
    EXPECT_EQ(usage_error({"x.db", "--" + std::string(name), "value"}),
              "--" + std::string(name) + ": this version does not have the option");
  }
  for (const auto* name : {"pdb", "open"}) {
    EXPECT_EQ(usage_error({"x.db", "--" + std::string(name)}),
              "--" + std::string(name) + ": this version does not have the option");
  }
}

TEST(Options, EnvironmentStandsBehindTheCommandLine) {
  const auto variables = environment(
      {{"DATASETTE_HOST", "::1"}, {"DATASETTE_PORT", "9001"}, {"DATASETTE_LOG_LEVEL", "debug"}});
  const auto from_environment = parse_options({}, variables);
  EXPECT_EQ(from_environment.options.host, "::1");
  EXPECT_EQ(from_environment.options.port, 9001);
  EXPECT_TRUE(from_environment.options.is_host_given && from_environment.options.is_port_given);
  EXPECT_EQ(from_environment.log_level, base::LogLevel::kDebug);
  const auto both = parse_options({"-h", "a", "-p", "1"}, variables);
  EXPECT_EQ(both.options.host, "a");
  EXPECT_EQ(both.options.port, 1);
  const auto empty = parse_options(
      {},
      environment({{"DATASETTE_HOST", ""}, {"DATASETTE_PORT", ""}, {"DATASETTE_LOG_LEVEL", ""}}));
  EXPECT_EQ(empty.options.host, "127.0.0.1");
  EXPECT_EQ(empty.options.port, 8001);
  EXPECT_EQ(empty.log_level, base::LogLevel::kInfo);
}

TEST(Options, BadVariablesAreNamed) {
  const std::pair<const char*, const char*> cases[] = {{"DATASETTE_PORT", "http"},
                                                       {"DATASETTE_LOG_LEVEL", "LOUD"}};
  for (const auto& [name, value] : cases) {
    try {
      static_cast<void>(parse_options({}, environment({{name, value}})));
      ADD_FAILURE() << name;
    } catch (const config::ConfigError& error) {
      EXPECT_THAT(error.what(), HasSubstr(name));
      EXPECT_THAT(error.what(), HasSubstr(value));
    }
  }
  EXPECT_EQ(parse_options({"--help"}, environment({{"DATASETTE_PORT", "http"}})).name,
            CommandName::kHelp);
}

TEST(Options, UsageNamesOptionsAndSettings) {
  const std::string text = usage_text();
  for (const auto* word : {"--immutable", "-i ", "--run-dir", "--get", "tapedeck pool"}) {
    EXPECT_THAT(text, HasSubstr(word));
  }
  for (const auto& setting : config::setting_table()) {
    EXPECT_THAT(text, HasSubstr(std::string(setting.name)));
  }
  for (const auto* word : {"--files", "--plugins-dir", "--pdb"}) {
    EXPECT_THAT(text, testing::Not(HasSubstr(word)));
  }
}

}  // namespace
}  // namespace tapedeck::fcgi
