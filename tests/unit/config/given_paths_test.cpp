#include "config/given_paths.hpp"

#include <functional>

#include <gtest/gtest.h>

#include "config/config_error.hpp"
#include "support/temporary_folder.hpp"

namespace tapedeck::config {
namespace {

std::string error_of(const ServeOptions& options) {
  try {
    require_given_paths(options);
    return "";
  } catch (const UsageError& error) {
    return error.what();
  }
}

TEST(GivenPaths, WhatIsMissingIsNamed) {
  const support::TemporaryFolder folder;
  const std::string none = folder / "none";
  const std::string file = folder.write("file");
  struct Case {
    std::function<void(ServeOptions&)> set;
    std::string error;
  };
  const Case cases[] = {
      {[&](auto& o) { o.config = none; },
       "Invalid value for '-c' / '--config': Path '" + none + "' does not exist."},
      {[&](auto& o) { o.metadata = none; },
       "Invalid value for '-m' / '--metadata': Path '" + none + "' does not exist."},
      {[&](auto& o) { o.metadata = folder / ""; },
       "Invalid value for '-m' / '--metadata': Path '" + (folder / "") + "' is a directory."},
      {[&](auto& o) { o.config = "/dev/null"; },
       "Invalid value for '-c' / '--config': Path '/dev/null' is not a file."},
      {[&](auto& o) { o.inspect_file = none; },
       "Invalid value for '--inspect-file': Path '" + none + "' does not exist."},
      {[&](auto& o) { o.template_dir = none; },
       "--template-dir: '" + none + "' is not a directory"},
      {[&](auto& o) { o.template_dir = file; },
       "--template-dir: '" + file + "' is not a directory"},
      {[&](auto& o) { o.load_extensions = {none}; },
       "--load-extension " + none + ": there is no file '" + none + "'"},
      {[&](auto& o) {
         o.load_extensions = {none};
         o.are_extensions_of_environment = true;
       },
       ""},
      {[&](auto& o) {
         o.config = o.metadata = o.inspect_file = file;
         o.template_dir = folder / "";
         o.load_extensions = {file};
       },
       ""},
  };
  for (const auto& [set, expected] : cases) {
    ServeOptions options;
    set(options);
    EXPECT_EQ(error_of(options), expected);
  }
}

}  // namespace
}  // namespace tapedeck::config
