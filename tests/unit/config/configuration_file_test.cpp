#include "config/configuration_file.hpp"

#include <string>

#include <gtest/gtest.h>

#include "config/config_error.hpp"
#include "support/temporary_folder.hpp"

namespace tapedeck::config {
namespace {

using support::TemporaryFolder;

std::string as_json(std::string_view text) {
  const auto object = parse_configuration(text);
  return object ? boost::json::serialize(*object) : object.error().message();
}

std::string read_error(const std::string& path) {
  try {
    static_cast<void>(read_configuration_file(path));
    return "";
  } catch (const ConfigError& error) {
    return error.what();
  }
}

TEST(ConfigurationFile, JsonAndYamlAreTold) {
  const std::pair<const char*, const char*> cases[] = {
      {R"({"a": "yes"})", R"({"a":"yes"})"},
      {"\xEF\xBB\xBF{\"a\": 1}", R"({"a":1})"},
      {"a: yes\n", R"({"a":true})"},
      // No JSON, but a flow mapping of YAML: Datasette reads it too.
      {R"({"a": 1,})", R"({"a":1})"},
      {"{a: 1}", R"({"a":1})"},
      // Nothing is configured yet.
      {"", "{}"},
      {"# only a comment\n", "{}"},
      {"---\n", "{}"},
      {"null", "{}"},
  };
  for (const auto& [text, expected] : cases) EXPECT_EQ(as_json(text), expected) << text;
}

TEST(ConfigurationFile, ErrorsAreThoseOfTheFormatThatWasMeant) {
  const std::pair<const char*, const char*> cases[] = {
      {R"({"title": )", "line 1, column 11: incomplete JSON"},
      {"{\n  \"a\": 1\n  \"b\": 2\n}", "line 3, column 3: syntax error"},
      {"[1, 2", "line 1, column 6: incomplete JSON"},
      {"a: b: c", "line 1, column 5: invalid nested block mapping on the same line"},
      {"[]", "should hold an object (in YAML: a mapping)"},
      {"just text", "should hold an object (in YAML: a mapping)"},
      {"{\"a\": \"\xff\"}", "line 1, column 8: "},
      {"{\"a\": 1,\n \"b\": {\"c\": [{\"a\": 1}], \"allow\": false, \"allow\": true}}",
       "line 2, column 47: the key \"allow\" stands here twice"},
      {R"({"a": 1, "b": {"a": 2}, "\u0061": 3})", "line 1, column 32: the key \"a\""},
  };
  for (const auto& [text, expected] : cases) {
    EXPECT_TRUE(as_json(text).starts_with(expected)) << text << " -> " << as_json(text);
  }
}

TEST(ConfigurationFile, NumbersThatOverflowAreRefused) {
  const std::pair<const char*, const char*> cases[] = {
      {R"({"a":1e999})", "\"a\": the number is too large"},
      {R"({"a":{"b":[1,-1e999]}})", "\"a.b.1\": the number is too large"},
      {"a: 1\nb: 1e999\n", "line 2, column 4: the number is too large"},
      {R"({"a":1e-999})", R"({"a":0E0})"},
      {R"({"a":18446744073709551616})", R"({"a":1.8446744073709552E19})"},
  };
  for (const auto& [text, expected] : cases) EXPECT_EQ(as_json(text), expected) << text;
}

TEST(ConfigurationFile, DeepJsonIsRefused) {
  const std::string text = R"({"a": )" + std::string(200, '[') + std::string(200, ']') + "}";
  EXPECT_TRUE(as_json(text).starts_with("line 1, column ")) << as_json(text);
}

TEST(ConfigurationFile, UnreadableFilesAreNamed) {
  const TemporaryFolder folder;
  EXPECT_EQ(read_error(folder / "none.json"),
            (folder / "none.json") + ": No such file or directory");
  EXPECT_EQ(read_error(folder / ""), (folder / "") + ": is not a regular file");
  EXPECT_EQ(read_error("/dev/null"), "/dev/null: is not a regular file");
  const auto bad = folder.write("bad.json", R"({"title": )");
  EXPECT_EQ(read_error(bad), bad + ": line 1, column 11: incomplete JSON");
  const auto big = folder.write("big.json", "{}" + std::string(kMaxConfigurationBytes, ' '));
  EXPECT_EQ(read_error(big), big + ": is larger than 10 MB");
}

TEST(ConfigurationFile, LargestAllowedFileIsRead) {
  const TemporaryFolder folder;
  const auto path = folder.write("full.json", "{}" + std::string(kMaxConfigurationBytes - 2, ' '));
  EXPECT_EQ(read_error(path), "");
}

}  // namespace
}  // namespace tapedeck::config
