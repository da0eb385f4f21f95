#include "app/traced.hpp"

#include <string>
#include <string_view>

#include "base/escape.hpp"
#include "base/text.hpp"
#include "pages/answer.hpp"
#include "render/html_json.hpp"
#include "render/json_rows.hpp"
#include "render/json_text.hpp"

namespace tapedeck::app {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kLongestTracedBody = std::size_t{256} * 1024;

double seconds_between(Clock::time_point from, Clock::time_point to) {
  return std::chrono::duration<double>(to - from).count();
}

void append_number(std::string& out, std::string_view name, double number) {
  if (out.back() != '{') out += ',';
  base::append_json_string(out, name);
  out += ':';
  base::append_double(out, number);
}

/// Name of the database in that file; "_memory" for none.
std::string database_name(const pages::Call& call, const std::string& file) {
  if (file.empty()) return "_memory";
  for (const config::DatabaseFile& known : call.configuration().databases) {
    if (known.path == file) return known.name;
  }
  // The path leads over a link: at least its own name.
  return file.substr(file.rfind('/') + 1);
}

void append_params(std::string& out, const sqlite::TracedStatement& statement) {
  out += '{';
  for (const auto& [name, value] : statement.params) {
    if (out.back() != '{') out += ',';
    base::append_json_string(out, name);
    out += ':';
    render::append_json_value(out, sqlite::view_of(value), /*keep_infinity=*/false);
  }
  out += '}';
}

void append_statement(std::string& out, const pages::Call& call,
                      const sqlite::TracedStatement& statement, Clock::time_point start) {
  out += '{';
  append_number(out, "start", seconds_between(start, statement.start));
  append_number(out, "end", seconds_between(start, statement.end));
  append_number(out, "duration_ms", 1000 * seconds_between(statement.start, statement.end));
  out += R"(,"type":"sql","traceback":[],"error":)";
  if (statement.error.empty()) {
    out += "null";
  } else {
    base::append_json_string(out, statement.error);
  }
  out += R"(,"database":)";
  base::append_json_string(out, database_name(call, statement.file));
  out += R"(,"sql":)";
  base::append_json_string(out, statement.sql);
  out += R"(,"params":)";
  append_params(out, statement);
  out += '}';
}

std::string trace_json(const pages::Call& call, const sqlite::Trace& trace,
                       Clock::time_point start) {
  double sum = 0;
  for (const sqlite::TracedStatement& statement : trace.statements()) {
    sum += seconds_between(statement.start, statement.end);
  }
  std::string out = "{";
  append_number(out, "request_duration_ms", 1000 * seconds_between(start, Clock::now()));
  append_number(out, "sum_trace_duration_ms", 1000 * sum);
  out += R"(,"num_traces":)" + std::to_string(trace.count()) + R"(,"traces":[)";
  for (const sqlite::TracedStatement& statement : trace.statements()) {
    if (out.back() != '[') out += ',';
    append_statement(out, call, statement, start);
  }
  return out + "]}";
}

void make_page_of_csv(const pages::Call& call, http::Response& response) {
  render::PageFrame frame = pages::make_frame(call, "CSV", "csv", {"show_json.html"});
  response.body = render::json_html(call.instance, frame, response.body);
  response.headers.set("Content-Type", "text/html; charset=utf-8");
  response.headers.remove("Content-Disposition");
}

}  // namespace

bool wants_trace(const pages::Call& call) {
  return call.settings().trace_debug && call.request.query.value("_trace") == "1";
}

void add_trace(const pages::Call& call, const sqlite::Trace& trace, Clock::time_point start,
               http::Response& response) {
  std::string& body = response.body;
  if (response.stream || response.file || body.size() > kLongestTracedBody) return;
  if (call.format == "csv" && response.status == 200) make_page_of_csv(call, response);
  const std::string_view type = response.headers.value("content-type");
  if (type.starts_with("application/json") && body.starts_with('{') && body.size() > 2) {
    body.back() = ',';
    body += R"("_trace":)" + trace_json(call, trace, start) + "}";
  } else if (type.starts_with("text/html")) {
    const std::size_t end = body.rfind("</body>");
    if (end == std::string::npos) return;
    const std::string text =
        render::pretty_json(boost::json::parse(trace_json(call, trace, start)));
    body.insert(end, "<pre>" + base::escape_html(text) + "</pre>");
  }
}

}  // namespace tapedeck::app
