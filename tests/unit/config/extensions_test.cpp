#include "config/extensions.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/config_error.hpp"
#include "support/temporary_folder.hpp"

namespace tapedeck::config {
namespace {

using support::TemporaryFolder;

TEST(Extensions, PathAndEntryPoint) {
  const TemporaryFolder folder;
  const std::string path = folder.write("x.so");
  const std::pair<std::string, Extension> cases[] = {
      {path, {path, ""}},
      {path + ":start", {path, "start"}},
      {folder / "x", {path, ""}},
      {path + ":", {path, ""}},
  };
  for (const auto& [given, expected] : cases) {
    EXPECT_THAT(find_extensions({given}), testing::ElementsAre(expected)) << given;
  }
}

TEST(Extensions, AMissingFileIsAnError) {
  const TemporaryFolder folder;
  for (const std::string& given : {folder / "no.so", folder / "", std::string("sqlite3")}) {
    try {
      static_cast<void>(find_extensions({given}));
      ADD_FAILURE() << given;
    } catch (const ConfigError& error) {
      EXPECT_THAT(error.what(), testing::HasSubstr("--load-extension " + given)) << given;
    }
  }
}

}  // namespace
}  // namespace tapedeck::config
