#include "fcgi/overdue_answers.hpp"

#include "app/dispatch.hpp"
#include "fcgi/cgi_message.hpp"

namespace tapedeck::fcgi {

OverdueTexts overdue_texts(instance::Instance& instance, http::Front front) {
  http::RequestError error(
      400,
      "SQL query took too long. The time limit is controlled by the sql_time_limit_ms setting.");
  error.title = "SQL Interrupted";
  const auto text_for = [&](std::string_view target) {
    http::Request request;
    request.set_target(target);
    request.front = front;
    const http::Response response = app::error_response(instance, request, error);
    std::string text;
    append_head(text, response, {.front = front, .content_length = response.body.size()});
    return text + response.body;
  };
  return {.json = text_for("/x.json"), .html = text_for("/x")};
}

}  // namespace tapedeck::fcgi
