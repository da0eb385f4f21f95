#include "app/cors.hpp"

#include <gtest/gtest.h>

namespace tapedeck::app {
namespace {

http::Headers cors(std::string_view origins, std::string_view origin) {
  config::Settings settings;
  settings.cors_origins = origins;
  http::Request request;
  if (!origin.empty()) request.headers.set("Origin", origin);
  http::Headers headers;
  add_cors_headers(settings, request, headers);
  return headers;
}

TEST(Cors, WithoutAListEveryOriginIsWelcome) {
  for (const char* origin : {"", "https://a.example", "null"}) {
    const http::Headers headers = cors("", origin);
    EXPECT_EQ(headers.value("Access-Control-Allow-Origin"), "*");
    EXPECT_EQ(headers.value("Access-Control-Allow-Headers"), "Authorization, Content-Type");
    EXPECT_EQ(headers.value("Access-Control-Expose-Headers"), "Link");
    EXPECT_EQ(headers.value("Access-Control-Allow-Methods"), "GET, POST, HEAD, OPTIONS");
    EXPECT_EQ(headers.value("Access-Control-Max-Age"), "3600");
    EXPECT_FALSE(headers.has("Vary"));
  }
}

TEST(Cors, AListIsAnsweredOriginByOrigin) {
  struct Case {
    const char* origin;
    const char* allowed;
  };
  const Case cases[] = {
      {"https://a.example", "https://a.example"},
      {"https://A.example", "https://A.example"},
      {"http://b.example:8080", "http://b.example:8080"},
      {"https://c.example", "https://c.example"},
      {"http://a.example", ""},
      {"https://a.example:444", ""},
      {"https://a.example.evil", ""},
      {"https://evil.a.example", ""},
      {"https://a.example,http://b.example:8080", ""},
      {"null", ""},
      {"*", ""},
      {"", ""},
  };
  for (const auto& [origin, allowed] : cases) {
    const http::Headers headers =
        cors("https://a.example, http://b.example:8080 https://c.example", origin);
    EXPECT_EQ(headers.value("Access-Control-Allow-Origin"), allowed) << origin;
    EXPECT_EQ(headers.value("Vary"), "Origin") << origin;
    EXPECT_EQ(headers.has("Access-Control-Allow-Methods"), *allowed != '\0') << origin;
  }
}

TEST(Cors, AnOriginCannotAddAHeader) {
  const http::Headers headers = cors("https://a.example", "https://a.example\r\nSet-Cookie: x=1");
  EXPECT_FALSE(headers.has("Access-Control-Allow-Origin"));
  EXPECT_FALSE(headers.has("Set-Cookie"));
}

}  // namespace
}  // namespace tapedeck::app
