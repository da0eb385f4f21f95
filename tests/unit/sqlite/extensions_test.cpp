#include "sqlite/extensions.hpp"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sqlite/connection.hpp"
#include "sqlite/error.hpp"
#include "support/temporary_database.hpp"

namespace tapedeck::sqlite {
namespace {

class ExtensionsTest : public testing::Test {
 protected:
  void SetUp() override {
    initialise(std::int64_t{128} << 20);
    use_extensions({{.path = TAPEDECK_TEST_EXTENSION, .entry_point = ""}});
  }
  void TearDown() override { use_extensions({}); }

  static std::string outcome(Profile profile, const std::string& sql) {
    Connection connection({.path = {}, .mode = OpenMode::kMemory, .profile = profile});
    try {
      const CachedStatement statement = connection.prepare(sql);
      if (!statement->step()) return "no row";
      return to_text(statement->view(0)) + (statement->is_deterministic() ? " pure" : " impure");
    } catch (const Error& error) {
      return error.what();
    }
  }
};

TEST_F(ExtensionsTest, FunctionsAreThereForBothProfiles) {
  for (const Profile profile : {Profile::kTrusted, Profile::kVisitor}) {
    EXPECT_EQ(outcome(profile, "select ext_pure()"), "42 pure");
    EXPECT_EQ(outcome(profile, "select EXT_IMPURE()"), "42 impure");
    EXPECT_EQ(outcome(profile, "select upper('a')"), "A pure");
  }
}

TEST_F(ExtensionsTest, VisitorsMayNotReachOut) {
  for (const auto* function : {"readfile", "importSHP", "IMPORTshp"}) {
    const std::string sql = std::string("select ") + function + "()";
    EXPECT_THAT(outcome(Profile::kVisitor, sql), testing::HasSubstr("not authorized")) << sql;
    EXPECT_THAT(outcome(Profile::kTrusted, sql), testing::StartsWith("42")) << sql;
  }
}

TEST_F(ExtensionsTest, ViewsOfAFileReachOutForNobody) {
  const support::TemporaryFolder folder;
  support::run_sql(folder / "v.db",
                   "create view out as select readfile() as x; create view pure as select "
                   "ext_pure() as x");
  for (const Profile profile : {Profile::kTrusted, Profile::kVisitor}) {
    Connection connection({.path = folder / "v.db", .profile = profile});
    EXPECT_THROW(connection.prepare("select x from out"), Error);
    const CachedStatement pure = connection.prepare("select x from pure");
    ASSERT_TRUE(pure->step());
    EXPECT_EQ(to_text(pure->view(0)), "42");
  }
}

TEST_F(ExtensionsTest, TheSqlFunctionStaysClosed) {
  for (const Profile profile : {Profile::kTrusted, Profile::kVisitor}) {
    EXPECT_THAT(outcome(profile, "select load_extension('" TAPEDECK_TEST_EXTENSION "')"),
                testing::HasSubstr("not authorized"))
        << static_cast<int>(profile);
  }
}

TEST_F(ExtensionsTest, NoneAreLeftWhenOthersAreUsed) {
  use_extensions({});
  EXPECT_TRUE(extension_functions().empty());
  EXPECT_THAT(outcome(Profile::kTrusted, "select ext_pure()"),
              testing::HasSubstr("no such function"));
}

TEST_F(ExtensionsTest, OneThatCannotBeLoadedIsNamedAndChangesNothing) {
  const std::pair<Extension, const char*> cases[] = {
      {{.path = "/no/such.so", .entry_point = ""}, "/no/such.so"},
      {{.path = TAPEDECK_TEST_EXTENSION, .entry_point = "nope"}, TAPEDECK_TEST_EXTENSION},
      {{.path = TAPEDECK_TEST_EXTENSION, .entry_point = "other_entry"}, "refused by itself"},
      {{.path = __FILE__, .entry_point = ""}, __FILE__},
  };
  for (const auto& [extension, message] : cases) {
    try {
      use_extensions({extension});
      ADD_FAILURE() << extension.path;
    } catch (const Error& error) {
      EXPECT_THAT(error.what(), testing::HasSubstr(message));
    }
    EXPECT_EQ(outcome(Profile::kVisitor, "select ext_pure()"), "42 pure");
  }
}

}  // namespace
}  // namespace tapedeck::sqlite
