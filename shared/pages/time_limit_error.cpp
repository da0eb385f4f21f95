#include "pages/time_limit_error.hpp"

namespace tapedeck::pages {

http::RequestError sql_time_limit_error() {
  http::RequestError error(
      400,
      "SQL query took too long. The time limit is controlled by the sql_time_limit_ms setting.");
  error.title = "SQL Interrupted";
  return error;
}

http::RequestError request_time_limit_error() {
  http::RequestError error(400,
                           "The request took too long. The time limit is controlled by the "
                           "request_time_limit_ms setting.");
  error.title = "Request Interrupted";
  return error;
}

}  // namespace tapedeck::pages
