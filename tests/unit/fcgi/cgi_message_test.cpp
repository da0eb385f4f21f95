#include "fcgi/cgi_message.hpp"

#include <string>

#include <gtest/gtest.h>

namespace tapedeck::fcgi {
namespace {

using http::Front;

TEST(CgiVariables, BecomePartsOfTheRequest) {
  http::Request request;
  take_variable(request, "REQUEST_METHOD", "POST");
  take_variable(request, "REQUEST_URI", "/a%2Fb?c=d%26");
  take_variable(request, "REQUEST_SCHEME", "https");
  take_variable(request, "REMOTE_ADDR", "::1");
  take_variable(request, "CONTENT_TYPE", "application/json");
  take_variable(request, "HTTP_IF_NONE_MATCH", "\"x\"");
  take_variable(request, "DOCUMENT_URI", "/a/b");
  EXPECT_EQ(request.method, "POST");
  EXPECT_EQ(request.raw_path, "/a%2Fb");
  EXPECT_EQ(request.raw_query, "c=d%26");
  EXPECT_EQ(request.scheme, "https");
  EXPECT_EQ(request.remote_address, "::1");
  EXPECT_EQ(request.headers.value("Content-Type"), "application/json");
  EXPECT_EQ(request.headers.value("If-None-Match"), "\"x\"");
  EXPECT_EQ(request.front, Front::kNone);
}

TEST(CgiVariables, HostileOnesAreDropped) {
  http::Request request;
  for (const char* name :
       {"HTTP_PROXY", "HTTP_", "HTTP_A\r\nB", "HTTP_a", "HTTP_A B", "HTTP_\xff"}) {
    take_variable(request, name, "x");
  }
  EXPECT_TRUE(request.headers.fields().empty());
  take_variable(request, "REQUEST_SCHEME", "javascript");
  EXPECT_EQ(request.scheme, "http");
}

std::string head(const http::Response& response, Front front, std::optional<std::uint64_t> length) {
  std::string text;
  append_head(text, response, {.front = front, .content_length = length});
  return text;
}

TEST(CgiHead, WholeAnswerHasItsLength) {
  const http::Response response = http::text_response(200, "text/plain", "hello");
  EXPECT_EQ(head(response, Front::kNone, 5),
            "Status: 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\n");
}

TEST(CgiHead, OnlyWhatAsksForItIsStoredByNginx) {
  http::Response response = http::text_response(200, "text/plain", "");
  EXPECT_NE(head(response, Front::kNginx, 0).find("X-Accel-Expires: 0\r\n"), std::string::npos);
  response.headers.set("X-Accel-Expires", "1");
  EXPECT_NE(head(response, Front::kNginx, 0).find("X-Accel-Expires: 1\r\n"), std::string::npos);
  EXPECT_EQ(head(response, Front::kNginx, 0).find("X-Accel-Expires: 0\r\n"), std::string::npos);
  EXPECT_EQ(head(response, Front::kNone, 0).find("X-Accel"), std::string::npos);
}

TEST(CgiHead, StreamIsNeverStoredAndHasNeitherLengthNorETag) {
  http::Response response;
  response.headers.set("ETag", "\"x\"");
  response.headers.set("X-Accel-Expires", "1");
  response.headers.set("Content-Length", "7");
  EXPECT_EQ(head(response, Front::kNginx, std::nullopt),
            "Status: 200 OK\r\nX-Accel-Expires: 0\r\n\r\n");
}

TEST(CgiHead, AnswersWithoutContentHaveNoLength) {
  for (const int status : {204, 304}) {
    http::Response response;
    response.status = status;
    EXPECT_EQ(head(response, Front::kNone, 0).find("Content-Length"), std::string::npos) << status;
  }
}

TEST(CgiHead, FileIsHandedToNginxByItsEncodedPath) {
  http::Response response;
  response.file = http::FileBody{.path = "/data/a b%20?#é.db", .size = 9};
  EXPECT_NE(head(response, Front::kNginx, 0)
                .find("X-Accel-Redirect: /-/internal-file/data/a%20b%2520%3F%23%C3%A9.db\r\n"),
            std::string::npos);
  EXPECT_NE(head(response, Front::kNone, 9).find("Content-Length: 9\r\n"), std::string::npos);
}

}  // namespace
}  // namespace tapedeck::fcgi
