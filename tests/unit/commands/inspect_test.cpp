#include "commands/inspect.hpp"

#include <fstream>
#include <iterator>
#include <string>

#include <boost/json.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/digest.hpp"
#include "config/config_error.hpp"
#include "support/temporary_database.hpp"

namespace tapedeck::commands {
namespace {

using support::run_sql;
using support::TemporaryFolder;

boost::json::value inspected(const TemporaryFolder& folder, std::vector<std::string> files) {
  config::ServeOptions options;
  options.files = std::move(files);
  options.inspect_file = folder / "inspected.json";
  EXPECT_EQ(inspect(options), 0);
  std::ifstream in(*options.inspect_file);
  return boost::json::parse(std::string(std::istreambuf_iterator<char>(in), {}));
}

TEST(Inspect, HashSizeFileAndExactCounts) {
  const TemporaryFolder folder;
  const std::string file = folder / "a.db";
  run_sql(file,
          "create table \"odd \"\" name\" (x); create view v as select 1;"
          "create table many (n); with recursive n(i) as (select 1 union all select i + 1 from n "
          "where i < 12000) insert into many select i from n");
  const std::string other = folder / "sub.sqlite";
  run_sql(other, "create table t (x)");
  const auto document = inspected(folder, {file, other}).as_object();
  ASSERT_EQ(document.size(), 2U);
  const auto& a = document.at("a").as_object();
  EXPECT_EQ(a.at("hash"), boost::json::value(base::sha256_hex_of_file(file).value()));
  EXPECT_EQ(a.at("size").to_number<std::uintmax_t>(), std::filesystem::file_size(file));
  EXPECT_EQ(a.at("file"), boost::json::value(file));
  EXPECT_EQ(boost::json::serialize(a.at("tables")),
            R"({"many":{"count":12000},"odd \" name":{"count":0}})");
  EXPECT_EQ(boost::json::serialize(document.at("sub").at("tables")), R"({"t":{"count":0}})");
}

TEST(Inspect, WhatCannotBeReadIsAnErrorThatNamesTheFile) {
  const TemporaryFolder folder;
  config::ServeOptions options;
  options.inspect_file = folder / "inspected.json";
  for (const std::string& file : {folder.write("junk.db", std::string(5000, 'x')),
                                  folder.write("empty.db", ""), folder / "absent.db"}) {
    options.files = {file};
    try {
      static_cast<void>(inspect(options));
      ADD_FAILURE() << file;
    } catch (const config::ConfigError& error) {
      EXPECT_THAT(error.what(), testing::HasSubstr(file));
    }
    EXPECT_FALSE(std::filesystem::exists(*options.inspect_file)) << file;
  }
}

TEST(Inspect, AFileThatCannotBeWrittenIsAnError) {
  const TemporaryFolder folder;
  config::ServeOptions options;
  options.files = {folder / "a.db"};
  run_sql(options.files[0], "create table t (x)");
  options.inspect_file = folder / "no/such/folder.json";
  EXPECT_THROW(static_cast<void>(inspect(options)), config::ConfigError);
}

}  // namespace
}  // namespace tapedeck::commands
