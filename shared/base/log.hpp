#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

/// One logfmt line per event on standard error: time in UTC (RFC 3339, milliseconds), level, event,
/// then the fields. Values are quoted when needed and cannot break the line. A line is one write().
namespace tapedeck::base {

enum class LogLevel { kDebug, kInfo, kWarning, kError };

/// DEBUG, INFO, WARNING or ERROR in any case.
bool parse_log_level(std::string_view text, LogLevel& level);
/// The level below which lines are dropped; kInfo at start. Set once, before the first fork.
void set_log_level(LogLevel level);
[[nodiscard]] bool logs(LogLevel level);

/// As long as it lives only errors are logged: for whoever looks at what another process loads, and
/// warns of, for good.
class QuietLog {
 public:
  QuietLog();
  ~QuietLog();
  QuietLog(const QuietLog&) = delete;
  QuietLog& operator=(const QuietLog&) = delete;

 private:
  LogLevel before_;
};

using LogField = std::pair<std::string_view, std::string_view>;
/// The beginning of a long text, such as a statement, for a field of a line.
[[nodiscard]] std::string log_excerpt(std::string_view text);
void log(LogLevel level, std::string_view event, std::initializer_list<LogField> fields = {});

}  // namespace tapedeck::base
