#include "http/response.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "http/request_error.hpp"

namespace tapedeck::http {
namespace {

constexpr auto kReasonPhrases = std::to_array<std::pair<int, std::string_view>>({
    {200, "OK"},
    {201, "Created"},
    {202, "Accepted"},
    {204, "No Content"},
    {206, "Partial Content"},
    {301, "Moved Permanently"},
    {302, "Found"},
    {303, "See Other"},
    {304, "Not Modified"},
    {307, "Temporary Redirect"},
    {308, "Permanent Redirect"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {406, "Not Acceptable"},
    {408, "Request Timeout"},
    {409, "Conflict"},
    {410, "Gone"},
    {411, "Length Required"},
    {412, "Precondition Failed"},
    {413, "Content Too Large"},
    {414, "URI Too Long"},
    {415, "Unsupported Media Type"},
    {416, "Range Not Satisfiable"},
    {422, "Unprocessable Content"},
    {429, "Too Many Requests"},
    {431, "Request Header Fields Too Large"},
    {500, "Internal Server Error"},
    {501, "Not Implemented"},
    {502, "Bad Gateway"},
    {503, "Service Unavailable"},
    {504, "Gateway Timeout"},
});

}  // namespace

std::string_view reason_phrase(int status) {
  const auto* const found =
      std::ranges::find(kReasonPhrases, status, &std::pair<int, std::string_view>::first);
  return found == kReasonPhrases.end() ? std::string_view() : found->second;
}

Response text_response(int status, std::string_view content_type, std::string body) {
  Response response;
  response.status = status;
  response.headers.set("Content-Type", content_type);
  response.body = std::move(body);
  return response;
}

Response redirect_response(int status, std::string_view location) {
  if (location.size() > kLongestLocation) {
    throw RequestError(414, "The address that this leads to is too long");
  }
  Response response = text_response(status, "text/plain", {});
  response.headers.set("Location", location);
  return response;
}

}  // namespace tapedeck::http
