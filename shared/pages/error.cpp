#include "pages/error.hpp"

#include <string>

#include "base/escape.hpp"
#include "base/log.hpp"
#include "pages/answer.hpp"
#include "render/html_error.hpp"

namespace tapedeck::pages {

namespace {

enum class Form { kJson, kHtml, kPlainText, kBareHtml };

Form form_of(const http::Request& request, const http::RequestError& error) {
  switch (error.form) {
    case http::ErrorForm::kJson:
      return Form::kJson;
    case http::ErrorForm::kHtml:
      return Form::kHtml;
    case http::ErrorForm::kPlainText:
      return Form::kPlainText;
    case http::ErrorForm::kBareHtml:
      return Form::kBareHtml;
    case http::ErrorForm::kByPath:
    case http::ErrorForm::kFailedQuery:
      break;
  }
  if (request.raw_path.ends_with(".json")) return Form::kJson;
  // What was asked in JSON is answered in JSON.
  const bool is_posted_json = request.method == "POST" &&
                              request.headers.value("content-type").starts_with("application/json");
  if (is_posted_json) return Form::kJson;
  const bool wants_json =
      request.headers.value("accept").find("application/json") != std::string_view::npos ||
      request.headers.value("content-type") == "application/json";
  return error.status == 403 && wants_json ? Form::kJson : Form::kHtml;
}

std::string json_document(const http::RequestError& error) {
  const bool failed_query = error.form == http::ErrorForm::kFailedQuery;
  std::string body = R"({"ok":false,)";
  if (failed_query) body += R"("rows":[])" + error.members + ",";
  body += "\"error\":";
  base::append_json_string(body, error.message);
  body += ",\"errors\":[";
  base::append_json_string(body, error.message);
  body += "],\"status\":" + std::to_string(error.status);
  if (failed_query) body += R"(,"truncated":false)";
  body += '}';
  return body;
}

std::string html_document(Call& call, const http::RequestError& error) {
  const std::string usual =
      error.status == 403 ? "Forbidden" : "Error " + std::to_string(error.status);
  const std::string& title = error.title.empty() ? usual : error.title;
  render::PageFrame frame =
      make_frame(call, title, "error", {std::to_string(error.status) + ".html", "error.html"});
  const bool is_known = call.instance.find_database(call.database) != nullptr;
  add_crumbs(call, frame, is_known ? std::string_view(call.database) : std::string_view());
  frame.noindex = true;
  return render::error_html(call.instance, frame, error.status, title, error.message, error.sql);
}

}  // namespace

http::Response error_page(Call& call, const http::RequestError& error) {
  http::Response response;
  switch (form_of(call.request, error)) {
    case Form::kJson:
      response = json_answer(json_document(error));
      break;
    case Form::kHtml:
      response =
          http::text_response(error.status, "text/html; charset=utf-8", html_document(call, error));
      if (error.status == 403) call.allows_cors = false;
      break;
    case Form::kPlainText:
      response = http::text_response(error.status, "text/plain; charset=utf-8", error.message);
      break;
    case Form::kBareHtml: {
      std::string body;
      base::append_html(body, error.message);
      response = http::text_response(error.status, "text/html; charset=utf-8", std::move(body));
      break;
    }
  }
  response.status = error.status;
  for (const auto& [name, value] : error.headers.fields()) response.headers.add(name, value);
  call.is_repeatable = false;
  return response;
}

void log_sql_error(const Call& call, const sqlite::Error& error) {
  base::log(base::LogLevel::kWarning, "sql_error",
            {{"path", call.request.raw_path}, {"error", error.what()}});
}

}  // namespace tapedeck::pages
