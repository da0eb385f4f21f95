#include "commands/create_token.hpp"

#include <ctime>
#include <map>

#include <gtest/gtest.h>

#include "auth/token.hpp"
#include "config/config_error.hpp"

namespace tapedeck::commands {
namespace {

config::Environment environment(std::map<std::string, std::string> variables) {
  return [variables = std::move(variables)](const char* name) {
    const auto found = variables.find(name);
    return found == variables.end() ? nullptr : found->second.c_str();
  };
}

struct Outcome {
  int status = 0;
  std::string out;
  std::string err;
};

Outcome run(const std::vector<std::string>& arguments,
            std::map<std::string, std::string> variables = {}) {
  testing::internal::CaptureStdout();
  testing::internal::CaptureStderr();
  Outcome result;
  try {
    result.status = create_token(arguments, environment(std::move(variables)));
  } catch (const config::UsageError& error) {
    result.status = 2;
    result.err = error.what();
  }
  std::fflush(stdout);
  result.out = testing::internal::GetCapturedStdout();
  result.err += testing::internal::GetCapturedStderr();
  return result;
}

/// The actor of the token on the first line, as JSON text.
std::string actor_of(const std::string& out) {
  const auto actor = auth::read_token({}, "s", out.substr(0, out.find('\n')), std::time(nullptr));
  return actor ? boost::json::serialize(*actor) : actor.error().message();
}

TEST(CreateToken, PrintsATokenThatNamesTheActor) {
  EXPECT_EQ(actor_of(run({"root", "--secret", "s"}).out), R"({"id":"root","token":"dstok"})");
  EXPECT_EQ(actor_of(run({"--secret=s", "root"}).out), R"({"id":"root","token":"dstok"})");
  EXPECT_EQ(actor_of(run({"root"}, {{"TAPEDECK_SECRET", "s"}, {"DATASETTE_SECRET", "x"}}).out),
            R"({"id":"root","token":"dstok"})");
  EXPECT_EQ(actor_of(run({"root"}, {{"DATASETTE_SECRET", "s"}}).out),
            R"({"id":"root","token":"dstok"})");
  EXPECT_EQ(actor_of(run({"--secret", "s", "--", "-x"}).out), R"({"id":"-x","token":"dstok"})");
}

TEST(CreateToken, RestrictsByAbbreviation) {
  const Outcome result =
      run({"root", "--secret", "s", "-a", "view-instance", "--all", "vt", "-d", "db", "execute-sql",
           "-r", "db", "t", "insert-row", "--resource", "db", "t", "nope"});
  EXPECT_EQ(result.status, 0);
  EXPECT_EQ(actor_of(result.out),
            R"({"id":"root","token":"dstok","_r":{"a":["vi","vt"],"d":{"db":["es"]},)"
            R"("r":{"db":{"t":["ir","nope"]}}}})");
  EXPECT_EQ(result.err, "  Unknown permission: vt \n  Unknown permission: nope \n");
}

TEST(CreateToken, ValuesMayStandBesideTheirOption) {
  const Outcome apart = run({"root", "--secret", "--a=b", "-e", "60", "-d", "db", "vt"});
  EXPECT_EQ(apart.status, 0) << apart.err;
  const Outcome joined = run({"root", "--secret=s", "--debug", "-e60", "-ddb", "view-table"});
  EXPECT_EQ(joined.status, 0) << joined.err;
  EXPECT_NE(joined.out.find("\"d\": 60"), std::string::npos) << joined.out;
  EXPECT_EQ(actor_of(run({"root", "--secret=s", "-ddb", "view-table", "-avi"}).out),
            R"({"id":"root","token":"dstok","_r":{"d":{"db":["vt"]},"a":["vi"]}})");
}

TEST(CreateToken, ShowsItsContentWithDebug) {
  const Outcome result = run({"root", "--secret", "s", "--debug", "-e", "60"});
  EXPECT_NE(result.out.find("\n\nDecoded:\n\n{\n  \"a\": \"root\",\n  \"t\": "), std::string::npos);
  EXPECT_NE(result.out.find("\"d\": 60"), std::string::npos);
}

TEST(CreateToken, MistakesAreUsageErrors) {
  const std::pair<std::vector<std::string>, const char*> cases[] = {
      {{"--secret", "s"}, "Missing argument 'ID'"},
      {{"root"}, "Missing option '--secret'"},
      {{"root", "--secret", ""}, "Missing option '--secret'"},
      {{"root", "--secret"}, "Option '--secret' requires an argument"},
      {{"root", "--secret", "s", "-e", "x"},
       "--expires-after should be a number of seconds from 1, not 'x'"},
      {{"root", "--secret", "s", "-e", "0"},
       "--expires-after should be a number of seconds from 1, not '0'"},
      {{"root", "--secret", "s", "-d", "db"}, "Option '-d' requires 2 arguments"},
      {{"root", "--secret", "s", "-d"}, "Option '-d' requires 2 arguments"},
      {{"root", "--secret", "s", "-rdb", "t"}, "Option '-r' requires 3 arguments"},
      {{"root", "--secret", "s", "--debug=1"}, "Option '--debug' does not take a value"},
      {{"root", "--secret", "s", "-e0"},
       "--expires-after should be a number of seconds from 1, not '0'"},
      {{"root", "--secret", "s", "-z"}, "No such option: -z"},
      {{"root", "more", "--secret", "s"}, "Got unexpected extra argument (more)"},
  };
  for (const auto& [arguments, message] : cases) {
    const Outcome result = run(arguments);
    EXPECT_EQ(result.status, 2) << message;
    EXPECT_EQ(result.err, message);
    EXPECT_EQ(result.out, "");
  }
}

}  // namespace
}  // namespace tapedeck::commands
