#include "fcgi/overdue_answers.hpp"

#include <string>
#include <string_view>

#include "app/dispatch.hpp"
#include "fcgi/cgi_message.hpp"
#include "fcgi/records.hpp"
#include "pages/time_limit_error.hpp"

namespace tapedeck::fcgi {

namespace {

/// In the two forms that an error by path takes.
Watchdog::Answer answer_to(instance::Instance& instance, http::Front front,
                           const http::RequestError& error) {
  const auto bytes_for = [&](std::string_view target) {
    http::Request request;
    request.set_target(target);
    request.front = front;
    const http::Response response = app::error_response(instance, request, error);
    std::string text;
    append_head(text, response, {.front = front, .content_length = response.body.size()});
    text += response.body;
    return front == http::Front::kNginx ? whole_records(1, text) : text;
  };
  return {.json = bytes_for("/x.json"), .html = bytes_for("/x")};
}

}  // namespace

Watchdog::Answers overdue_answers(instance::Instance& instance, http::Front front) {
  Watchdog::Answers answers;
  answers.late_statement = answer_to(instance, front, pages::sql_time_limit_error());
  answers.late_request = answer_to(instance, front, pages::request_time_limit_error());
  if (front == http::Front::kNginx) answers.break_off = kBreakOffRecord;
  return answers;
}

}  // namespace tapedeck::fcgi
