#include "pages/main_query_limit.hpp"

#include <chrono>

#include "data/arguments.hpp"
#include "http/request_error.hpp"
#include "pages/time_limit_error.hpp"

namespace tapedeck::pages {

namespace {

std::chrono::milliseconds limit_of(const Call& call, std::chrono::milliseconds most) {
  const std::string_view asked = call.request.query.value("_timelimit");
  if (asked.empty()) return most;
  const auto milliseconds = data::parse_integer_argument(asked);
  if (!milliseconds) {
    throw http::RequestError(400, "_timelimit must be a number of milliseconds");
  }
  if (*milliseconds < 0) {
    http::RequestError error = sql_time_limit_error();
    error.sql = call.request.query.value("sql");
    throw error;
  }
  const bool is_less = *milliseconds > 0 && *milliseconds < most.count();
  return is_less ? std::chrono::milliseconds(*milliseconds) : most;
}

}  // namespace

MainQueryLimit::MainQueryLimit(const Call& call, sqlite::Connection& connection)
    : limit_(connection, limit_of(call, connection.time_limit())) {
}

}  // namespace tapedeck::pages
