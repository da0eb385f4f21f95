#include "config/inspect_data.hpp"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/config_error.hpp"
#include "support/temporary_folder.hpp"

namespace tapedeck::config {
namespace {

using support::TemporaryFolder;

const std::string digest(64, 'a');

TEST(InspectData, ReadsWhatInspectWrites) {
  const TemporaryFolder folder;
  const std::string path = folder.write("i.json", R"({"a": {"hash": ")" + digest +
                                                      R"(", "size": 5, "file": "a.db", "other": 1,
                        "tables": {"t": {"count": 7}, "broken": {"count": null}, "x": {}}}})");
  const auto databases = read_inspect_file(path);
  ASSERT_EQ(databases.size(), 1U);
  EXPECT_EQ(databases[0].name, "a");
  EXPECT_EQ(databases[0].hash, digest);
  EXPECT_EQ(databases[0].size, 5);
  EXPECT_EQ(databases[0].file, "a.db");
  EXPECT_EQ(databases[0].counts.size(), 1U);
  EXPECT_EQ(databases[0].counts.at("t"), 7);
}

TEST(InspectData, WhatIsWrongIsNamed) {
  const TemporaryFolder folder;
  const std::string good = R"("hash": ")" + digest + R"(", "size": 5)";
  const std::pair<std::string, const char*> cases[] = {
      {"[]", "should hold an object"},
      {R"({"a": 1})", "\"a\": should be an object"},
      {R"({"a": {"size": 5}})", "\"hash\""},
      {R"({"a": {"hash": "ABC", "size": 5}})", "\"hash\""},
      {R"({"a": {"hash": ")" + digest + R"("}})", "\"size\""},
      {R"({"a": {"hash": ")" + digest + R"(", "size": -1}})", "\"size\""},
      {"{\"a\": {" + good + R"(, "file": 1}})", "\"file\""},
      {"{\"a\": {" + good + R"(, "tables": []}})", "\"tables\""},
      {"{\"a\": {" + good + R"(, "tables": {"t": {"count": "7"}}}})", "\"count\""},
      {"{\"a\": {" + good + R"(, "tables": {"t": {"count": -7}}}})", "\"count\""},
  };
  for (const auto& [text, message] : cases) {
    const std::string path = folder.write("i.json", text);
    try {
      static_cast<void>(read_inspect_file(path));
      ADD_FAILURE() << text;
    } catch (const ConfigError& error) {
      EXPECT_THAT(error.what(), testing::HasSubstr(message)) << text;
      EXPECT_THAT(error.what(), testing::StartsWith(path)) << text;
    }
  }
}

TEST(InspectData, AppliesToImmutableFilesOfTheSameSizeAlone) {
  const TemporaryFolder folder;
  const std::string path = folder.write("a.db", "12345");
  struct Case {
    const char* name;
    std::int64_t size;
    bool immutable;
    bool applies;
  };
  const Case cases[] = {
      {"a", 5, true, true}, {"a", 5, false, false}, {"a", 6, true, false}, {"b", 5, true, false}};
  for (const auto& [name, size, immutable, applies] : cases) {
    std::vector<DatabaseFile> databases{{.name = "a", .path = path, .immutable = immutable}};
    apply_inspect_data(
        {{.name = name, .hash = digest, .size = size, .file = "", .counts = {{"t", 3}}}},
        databases);
    EXPECT_EQ(databases[0].hash, applies ? digest : "") << name << immutable << size;
    EXPECT_EQ(databases[0].counts.size(), applies ? 1U : 0U) << name << immutable << size;
  }
}

}  // namespace
}  // namespace tapedeck::config
