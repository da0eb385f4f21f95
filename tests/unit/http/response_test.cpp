#include "http/response.hpp"

#include <string_view>

#include <gtest/gtest.h>

namespace tapedeck::http {
namespace {

TEST(Response, KnowsReasonPhrases) {
  struct {
    int status;
    std::string_view phrase;
  } const cases[] = {
      {200, "OK"},
      {201, "Created"},
      {302, "Found"},
      {304, "Not Modified"},
      {400, "Bad Request"},
      {401, "Unauthorized"},
      {403, "Forbidden"},
      {404, "Not Found"},
      {405, "Method Not Allowed"},
      {500, "Internal Server Error"},
      {503, "Service Unavailable"},
      {0, ""},
      {299, ""},
      {-1, ""},
      {999, ""},
  };
  for (const auto& [status, phrase] : cases) EXPECT_EQ(reason_phrase(status), phrase) << status;
}

TEST(Response, TextHasBodyAndContentType) {
  const Response response = text_response(404, "text/html; charset=utf-8", "<p>");
  EXPECT_EQ(response.status, 404);
  EXPECT_EQ(response.headers.value("content-type"), "text/html; charset=utf-8");
  EXPECT_EQ(response.body, "<p>");
  EXPECT_FALSE(response.stream);
  EXPECT_FALSE(response.file.has_value());
}

TEST(Response, RedirectHasLocationAndAnEmptyPlainBody) {
  const Response response = redirect_response(302, "/db?a=1");
  EXPECT_EQ(response.status, 302);
  EXPECT_EQ(response.headers.value("location"), "/db?a=1");
  EXPECT_EQ(response.headers.value("content-type"), "text/plain");
  EXPECT_EQ(response.body, "");
}

TEST(Response, RedirectCannotInjectAField) {
  const Response response = redirect_response(302, "/a\r\nSet-Cookie: ds_actor=1");
  EXPECT_EQ(response.headers.value("location"), "/a  Set-Cookie: ds_actor=1");
  EXPECT_FALSE(response.headers.has("set-cookie"));
}

}  // namespace
}  // namespace tapedeck::http
