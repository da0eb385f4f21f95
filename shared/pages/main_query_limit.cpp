#include "pages/main_query_limit.hpp"

#include "data/arguments.hpp"
#include "http/request_error.hpp"

namespace tapedeck::pages {

MainQueryLimit::MainQueryLimit(const Call& call, sqlite::Connection& connection)
    : connection_(connection), before_(connection.time_limit()) {
  const std::string_view asked = call.request.query.value("_timelimit");
  if (asked.empty()) return;
  const auto milliseconds = data::parse_integer_argument(asked);
  if (!milliseconds) {
    throw http::RequestError(400, "_timelimit must be a number of milliseconds");
  }
  if (*milliseconds < 0) refuse_late_query(call.request.query.value("sql"));
  if (*milliseconds > 0 && *milliseconds < before_.count()) {
    connection.set_time_limit(std::chrono::milliseconds(*milliseconds));
  }
}

void refuse_late_query(std::string_view sql) {
  http::RequestError error(400,
                           "SQL query took too long. The time limit is controlled by the "
                           "sql_time_limit_ms setting.");
  error.title = "SQL Interrupted";
  error.sql = sql;
  throw error;
}

}  // namespace tapedeck::pages
