#include "pages/posted_query.hpp"

#include <string>

#include <boost/json.hpp>

#include "base/json.hpp"
#include "http/request_error.hpp"
#include "pages/query_page.hpp"

namespace tapedeck::pages {

namespace {

using http::ErrorForm;
using http::RequestError;

/// Members that a document may have, those of "params" included: SQL has hardly a tenth of that.
constexpr std::size_t kMostArguments = 1000;

/// Arguments of a posted query: text as it is, numbers and booleans as text.
std::string argument_text(const boost::json::value& value, const std::string& name) {
  if (value.is_string()) return std::string(value.get_string());
  if (value.is_structured()) {
    throw RequestError(400, "\"" + name + "\" must be a string, a number, true, false or null",
                       ErrorForm::kJson);
  }
  return value.is_null() ? "" : base::to_json(value);
}

/// The query string that asks for the same as a posted document.
http::QueryString posted_arguments(const std::string& body) {
  boost::system::error_code error;
  boost::json::parse_options options;
  options.max_depth = 32;
  const boost::json::value document = boost::json::parse(body, error, {}, options);
  if (error) throw RequestError(400, "Invalid JSON: " + error.message(), ErrorForm::kJson);
  if (!document.is_object()) {
    throw RequestError(400, "The body must be a JSON object", ErrorForm::kJson);
  }
  const boost::json::object& object = document.get_object();
  const boost::json::value* sql = object.if_contains("sql");
  if (sql == nullptr || !sql->is_string() || sql->get_string().empty()) {
    throw RequestError(400, "\"sql\" is required and must be a string", ErrorForm::kJson);
  }
  const boost::json::value* params = object.if_contains("params");
  if (params != nullptr && !params->is_object()) {
    throw RequestError(400, "\"params\" must be an object", ErrorForm::kJson);
  }
  const std::size_t count = object.size() + (params == nullptr ? 0 : params->get_object().size());
  if (count > kMostArguments) {
    throw RequestError(400, "The document has more than 1,000 members", ErrorForm::kJson);
  }
  http::QueryString query;
  for (const auto& member : object) {
    const std::string name = member.key();
    if (name == "params") continue;
    query.add(name, argument_text(member.value(), name));
  }
  if (params == nullptr) return query;
  for (const auto& member : params->get_object()) {
    query.set(member.key(), argument_text(member.value(), member.key()));
  }
  return query;
}

}  // namespace

http::Response posted_query(Call& call) {
  http::Request asked = call.request;
  asked.query = posted_arguments(call.request.body);
  asked.raw_query = asked.query.encoded();
  Call inner = call.with_request(asked);
  inner.format = "json";
  http::Response response = query_page(inner);
  call.is_repeatable = false;
  response.headers.set("Cache-Control", "no-store");
  return response;
}

}  // namespace tapedeck::pages
