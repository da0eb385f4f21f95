#include "base/log.hpp"

#include <string>
#include <string_view>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tapedeck::base {
namespace {

using namespace std::string_view_literals;
using testing::EndsWith;
using testing::internal::CaptureStderr;
using testing::internal::GetCapturedStderr;

/// What one call writes, without the time.
std::string logged(std::string_view value) {
  CaptureStderr();
  log(LogLevel::kError, "test", {{"v", value}});
  const std::string line = GetCapturedStderr();
  return line.substr(line.find(" level="));
}

class Log : public testing::Test {
 protected:
  void TearDown() override { set_log_level(LogLevel::kInfo); }
};

TEST_F(Log, ReadsLevelNamesInAnyCase) {
  struct {
    std::string_view text;
    LogLevel level;
  } const cases[] = {{"DEBUG", LogLevel::kDebug},
                     {"info", LogLevel::kInfo},
                     {"Warning", LogLevel::kWarning},
                     {"ERROR", LogLevel::kError}};
  for (const auto& [text, level] : cases) {
    LogLevel read = level == LogLevel::kDebug ? LogLevel::kError : LogLevel::kDebug;
    EXPECT_TRUE(parse_log_level(text, read)) << text;
    EXPECT_EQ(read, level) << text;
  }
  for (const std::string_view text : {"", "WARN", "debug ", "0"}) {
    LogLevel read = LogLevel::kWarning;
    EXPECT_FALSE(parse_log_level(text, read)) << text;
    EXPECT_EQ(read, LogLevel::kWarning) << text;
  }
}

TEST_F(Log, DropsLinesBelowTheLevel) {
  EXPECT_FALSE(logs(LogLevel::kDebug));
  EXPECT_TRUE(logs(LogLevel::kInfo));
  set_log_level(LogLevel::kError);
  CaptureStderr();
  log(LogLevel::kWarning, "dropped");
  EXPECT_EQ(GetCapturedStderr(), "");
  set_log_level(LogLevel::kDebug);
  CaptureStderr();
  log(LogLevel::kDebug, "kept");
  EXPECT_THAT(GetCapturedStderr(), EndsWith(" level=debug event=kept\n"));
}

TEST_F(Log, BeginsWithTheTimeInUtcWithMilliseconds) {
  CaptureStderr();
  log(LogLevel::kInfo, "start", {{"a", "1"}, {"b", "two words"}});
  const std::string line = GetCapturedStderr();
  EXPECT_THAT(line, EndsWith("Z level=info event=start a=1 b=\"two words\"\n"));
  std::string shape = line.substr(0, line.find(' '));
  for (char& byte : shape) byte = byte >= '0' && byte <= '9' ? '9' : byte;
  EXPECT_EQ(shape, "time=9999-99-99T99:99:99.999Z");
}

TEST_F(Log, ValuesCannotBreakTheLine) {
  struct {
    std::string_view value;
    std::string_view written;
  } const cases[] = {
      {"", "\"\""},
      {"/db/t?a", "/db/t?a"},
      {"a=b", "\"a=b\""},
      {"a b", "\"a b\""},
      {"\"\\", "\"\\\"\\\\\""},
      {"x\nlevel=error", "\"x\\nlevel=error\""},
      {"\r\t\0\x1B[31m\x7F"sv, "\"\\u000d\\u0009\\u0000\\u001b[31m\\u007f\""},
      {"\u009B31m\u00E9", "\"\\u009b31m\u00E9\""},
      {"\xFF\xC2", "\"\uFFFD\uFFFD\""},
      {"\u00A0", "\"\u00A0\""},
  };
  for (const auto& [value, written] : cases) {
    EXPECT_EQ(logged(value), " level=error event=test v=" + std::string(written) + "\n");
  }
}

}  // namespace
}  // namespace tapedeck::base
