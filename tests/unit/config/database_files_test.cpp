#include "config/database_files.hpp"

#include <filesystem>
#include <string>

#include <gtest/gtest.h>

#include "base/text.hpp"
#include "config/config_error.hpp"
#include "support/temporary_folder.hpp"

namespace tapedeck::config {
namespace {

using support::TemporaryFolder;

std::string names(const ServeOptions& options) {
  std::vector<std::string> found;
  for (const auto& database : find_database_files(options)) {
    found.push_back(database.name + (database.immutable ? "!" : ""));
  }
  return base::join(found, " ");
}

std::string error_of(const ServeOptions& options) {
  try {
    return "no error: " + names(options);
  } catch (const UsageError& error) {
    return error.what();
  }
}

TEST(DatabaseFiles, NameIsTheFileNameWithoutItsLastExtension) {
  const TemporaryFolder folder;
  const std::pair<const char*, const char*> cases[] = {
      {"x.db", "x"},          {"a.b.sqlite3", "a.b"},          {"noextension", "noextension"},
      {".hidden", ".hidden"}, {"with space.db", "with space"}, {"\xff.db", "\xEF\xBF\xBD"},
  };
  for (const auto& [file, name] : cases) {
    ServeOptions options;
    options.files = {folder.write(file)};
    EXPECT_EQ(names(options), name) << file;
  }
}

TEST(DatabaseFiles, OrderIsMemoryFilesImmutables) {
  const TemporaryFolder folder;
  ServeOptions options;
  EXPECT_EQ(names(options), "_memory");
  options.immutable = {folder.write("a.db")};
  EXPECT_EQ(names(options), "a!");
  options.files = {folder.write("z.db"), folder.write("b.db")};
  EXPECT_EQ(names(options), "z b a!");
  options.memory = true;
  EXPECT_EQ(names(options), "_memory z b a!");
  options.memory = false;
  options.crossdb = true;
  EXPECT_EQ(names(options), "_memory z b a!");
}

TEST(DatabaseFiles, EqualNamesAreNumbered) {
  const TemporaryFolder folder;
  ServeOptions options;
  options.files = {folder.write("x.db"), folder.write("x.sqlite"), folder.write("sub/x.db"),
                   folder.write("x_2.db")};
  EXPECT_EQ(names(options), "x x_2 x_3 x_2_2");
  options.files = {folder.write("_memory.db")};
  options.memory = true;
  EXPECT_EQ(names(options), "_memory _memory_2");
}

TEST(DatabaseFiles, PatternsExpandSortedWithoutCompanions) {
  const TemporaryFolder folder;
  for (const auto* file : {"b.db", "B.db", "a.db", "a.db-wal", "a.db-shm", "c.txt", "d.db-wal"}) {
    folder.write(file);
  }
  ServeOptions options;
  const std::pair<const char*, const char*> cases[] = {
      {"*.db", "B a b"}, {"[ab].db", "a b"}, {"?.db", "B a b"}, {"*", "B a b c d"}};
  for (const auto& [pattern, expected] : cases) {
    options.files = {folder / pattern};
    EXPECT_EQ(names(options), expected) << pattern;
  }
  options.files.clear();
  options.immutable = {folder / "[ab].db"};
  EXPECT_EQ(names(options), "a! b!");
}

TEST(DatabaseFiles, FileOfTheExactNameIsNoPattern) {
  const TemporaryFolder folder;
  folder.write("a.db");
  ServeOptions options;
  options.files = {folder.write("[a].db")};
  EXPECT_EQ(names(options), "[a]");
}

TEST(DatabaseFiles, Refusals) {
  const TemporaryFolder folder;
  const auto file = folder.write("x.db");
  ServeOptions options;
  options.files = {folder / "none.db"};
  EXPECT_EQ(error_of(options),
            "Invalid value for '[FILES]...': Path '" + (folder / "none.db") + "' does not exist.");
  options.files = {folder / "*.sqlite"};
  EXPECT_EQ(error_of(options),
            "Invalid value for '[FILES]...': No file matches '" + (folder / "*.sqlite") + "'.");
  std::filesystem::create_directory(folder / "dir");
  options.files = {folder / "dir"};
  EXPECT_EQ(error_of(options),
            "Invalid value for '[FILES]...': Path '" + (folder / "dir") + "' is a directory.");
  options.files = {"/dev/null"};
  EXPECT_EQ(error_of(options), "Invalid value for '[FILES]...': Path '/dev/null' is not a file.");
  options.files.clear();
  options.immutable = {folder / "none.db"};
  EXPECT_EQ(error_of(options), "Invalid value for '-i' / '--immutable': Path '" +
                                   (folder / "none.db") + "' does not exist.");
  options.immutable.clear();
  options.files = {""};
  EXPECT_EQ(error_of(options), "Invalid value for '[FILES]...': Path '' does not exist.");
}

TEST(DatabaseFiles, OneFileTwiceIsRefusedThroughLinksToo) {
  const TemporaryFolder folder;
  const auto file = folder.write("x.db");
  std::filesystem::create_symlink(file, folder / "soft.db");
  std::filesystem::create_hard_link(file, folder / "hard.db");
  for (const auto* other : {"x.db", "./x.db", "soft.db"}) {
    ServeOptions options;
    options.files = {file, folder / other};
    EXPECT_EQ(error_of(options), "Duplicate database file: '" + file + "' and '" +
                                     (folder / other) + "' both refer to " + file);
  }
  ServeOptions options;
  options.files = {file};
  options.immutable = {folder / "hard.db"};
  EXPECT_TRUE(error_of(options).starts_with("Duplicate database file: '")) << error_of(options);
}

TEST(AttachedNames, AreTheFirstTenFilesThatSqliteCanTellApart) {
  std::vector<std::string> names = {"a", "A", "main", "Temp", "odd name"};
  EXPECT_EQ(attached_names(names), std::vector<std::string>({"a", "odd name"}));
  for (int i = 0; i < 20; ++i) names.push_back("n" + std::to_string(i));
  const std::vector<std::string> attached = attached_names(names);
  ASSERT_EQ(attached.size(), 10U);
  EXPECT_EQ(attached.back(), "n7");
}

}  // namespace
}  // namespace tapedeck::config
