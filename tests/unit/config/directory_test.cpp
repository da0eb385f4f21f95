#include "config/directory.hpp"

#include <filesystem>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/config_error.hpp"
#include "config/configuration.hpp"
#include "support/temporary_folder.hpp"

namespace tapedeck::config {
namespace {

using support::TemporaryFolder;
using testing::ElementsAre;

std::string hash_of(char digit) {
  return std::string(64, digit);
}

TEST(Directory, StandsForWhatLiesInIt) {
  const TemporaryFolder folder;
  for (const auto* file :
       {"b.db", "a.sqlite3", "a.db", "c.sqlite", ".hidden.db", "d.txt", "e.db-wal", "datasette.yml",
        "metadata.yaml", "metadata.json", "templates/x.html", "static/x.css", "sub/f.db"}) {
    folder.write(file, "{}");
  }
  ServeOptions options;
  options.files = {folder / ""};
  options = with_directory(options);
  EXPECT_TRUE(options.files.empty());
  EXPECT_THAT(options.directory_files, ElementsAre(folder / "a.db", folder / "b.db",
                                                   folder / "c.sqlite", folder / "a.sqlite3"));
  EXPECT_EQ(options.metadata, folder / "metadata.json");
  EXPECT_EQ(options.config, folder / "datasette.yml");
  EXPECT_EQ(options.template_dir, folder / "templates");
  ASSERT_EQ(options.static_mounts.size(), 1U);
  EXPECT_EQ(options.static_mounts[0].mount, "static");
  EXPECT_EQ(options.inspect_file, std::nullopt);
}

TEST(Directory, OptionsWinAndOtherFilesStandBesideIt) {
  const TemporaryFolder folder;
  for (const auto* file : {"a.db", "datasette.json", "metadata.json", "templates/x.html",
                           "static/x.css", "other/y.css"}) {
    folder.write(file, "{}");
  }
  ServeOptions options;
  options.files = {"beside.db", folder / ""};
  options.metadata = "m";
  options.config = "c";
  options.template_dir = "t";
  options.static_mounts = {{"assets", folder / "other"}};
  options = with_directory(options);
  EXPECT_THAT(options.files, ElementsAre("beside.db"));
  EXPECT_EQ(options.metadata, "m");
  EXPECT_EQ(options.config, "c");
  EXPECT_EQ(options.template_dir, "t");
  EXPECT_EQ(options.static_mounts.size(), 1U);
}

TEST(Directory, ASecondOneIsAMistake) {
  const TemporaryFolder folder;
  folder.write("one/a.db");
  folder.write("two/b.db");
  ServeOptions options;
  options.files = {folder / "one", folder / "two"};
  try {
    static_cast<void>(with_directory(options));
    FAIL();
  } catch (const UsageError& error) {
    EXPECT_STREQ(error.what(),
                 "Cannot pass multiple directories. Pass a single directory as config_dir.");
  }
}

TEST(Directory, OrderNamesAndFilesGivenTwice) {
  const TemporaryFolder folder;
  for (const auto* file : {"dir/a.db", "dir/b.db", "beside.db", "c/a.db"}) folder.write(file);
  ServeOptions options;
  options.files = {folder / "dir", folder / "beside.db", folder / "c/a.db"};
  options.immutable = {folder / "dir/b.db"};
  std::vector<std::string> names;
  for (const auto& database : find_database_files(with_directory(options))) {
    names.push_back(database.name + (database.immutable ? "!" : ""));
  }
  EXPECT_THAT(names, ElementsAre("beside", "a", "b!", "a_2"));
}

TEST(Directory, FilesOfItsInspectFileAreImmutable) {
  const TemporaryFolder folder;
  folder.write("a.db", "12345");
  folder.write("b.db");
  folder.write("inspect-data.json", R"({"a": {"hash": ")" + hash_of('a') +
                                        R"(", "size": 5, "file": "elsewhere/a.db",
                                            "tables": {"t": {"count": 7}}}})");
  ServeOptions options;
  options.files = {folder / ""};
  const Configuration configuration = load(options, [](const char*) { return nullptr; });
  ASSERT_EQ(configuration.databases.size(), 2U);
  EXPECT_TRUE(configuration.databases[0].immutable);
  EXPECT_EQ(configuration.databases[0].hash, hash_of('a'));
  EXPECT_EQ(configuration.databases[0].counts.at("t"), 7);
  EXPECT_FALSE(configuration.databases[1].immutable);
}

TEST(Directory, EmptyOneServesMemory) {
  const TemporaryFolder folder;
  ServeOptions options;
  options.files = {folder / ""};
  const auto databases = find_database_files(with_directory(options));
  ASSERT_EQ(databases.size(), 1U);
  EXPECT_EQ(databases[0].name, "_memory");
}

}  // namespace
}  // namespace tapedeck::config
