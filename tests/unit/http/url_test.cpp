#include "http/url.hpp"

#include <string>
#include <string_view>

#include <gtest/gtest.h>

namespace tapedeck::http {
namespace {

using namespace std::string_view_literals;

TEST(Url, WithQueryHasNoQuestionMarkForNoPairs) {
  EXPECT_EQ(with_query("/db/t", QueryString()), "/db/t");
  EXPECT_EQ(with_query("/db/t", QueryString("a=1&b=x+y")), "/db/t?a=1&b=x+y");
}

TEST(Url, AbsoluteUrlTakesSchemeAndHostOfTheRequest) {
  struct {
    std::string_view scheme;
    std::string_view host;
    bool force_https;
    std::string_view url;
  } const cases[] = {
      {"http", "example.org", false, "http://example.org/db"},
      {"https", "example.org:8443", false, "https://example.org:8443/db"},
      {"http", "example.org", true, "https://example.org/db"},
      {"http", "", false, "http://localhost/db"},
      {"http", "[::1]:8001", false, "http://[::1]:8001/db"},
      {"http", "evil\"><script>", false, "http://localhost/db"},
      {"http", "a/b@c", false, "http://localhost/db"},
      {"javascript", "example.org", false, "http://example.org/db"},
  };
  for (const auto& [scheme, host, force_https, url] : cases) {
    Request request;
    request.scheme = scheme;
    request.headers.set("Host", host);
    EXPECT_EQ(absolute_url(request, "/db", force_https), url);
  }
}

TEST(Url, RedirectTargetsStayOnThisSite) {
  struct {
    std::string_view path;
    std::string_view target;
  } const cases[] = {
      {"/", "/"},
      {"", "/"},
      {"/db/t?a=//b", "/db/t?a=//b"},
      {"/db//t", "/db//t"},
      {"//evil.com", "/evil.com"},
      {"///evil.com/", "/evil.com/"},
      {"/\\evil.com", "/evil.com"},
      {"\\\\evil.com", "/evil.com"},
      {"\\/\\/evil.com", "/evil.com"},
      {"/\t/evil.com", "/evil.com"},
      {"/\r\n/evil.com", "/evil.com"},
      {" //evil.com", "/evil.com"},
      {"\0//evil.com"sv, "/evil.com"},
      {"/\x7F/evil.com"sv, "/evil.com"},
      {"https://evil.com", "/https://evil.com"},
      {"javascript:alert(1)", "/javascript:alert(1)"},
      {"////", "/"},
  };
  for (const auto& [path, target] : cases) EXPECT_EQ(local_redirect_target(path), target);
}

TEST(Url, PlausibleHosts) {
  for (const std::string_view host :
       {"localhost", "example.org", "example.org:80", "example.org:", "127.0.0.1:8001", "[::1]",
        "[2001:db8::1]:443", "xn--bcher-kva.example", "a_b.example", "host:65535"}) {
    EXPECT_TRUE(is_plausible_host(host)) << host;
  }
}

TEST(Url, HostsThatCannotStandInALink) {
  const std::string too_long(301, 'a');
  for (const std::string_view host : {""sv,        ":80"sv,  "a b"sv,
                                      "a/b"sv,     "a?b"sv,  "a#b"sv,
                                      "a\\b"sv,    "a@b"sv,  "user:pw@host"sv,
                                      "a\"b"sv,    "<a>"sv,  "a\r\nb"sv,
                                      "a\0"sv,     "a:b"sv,  "a:80:80"sv,
                                      "a:65536"sv, "a:0"sv,  "a:99999999999"sv,
                                      "[::1"sv,    "::1"sv,  "[zz]"sv,
                                      "[::1]x"sv,  "a%zz"sv, "caf\u00E9"sv,
                                      "\x80"sv,    "//a"sv,  std::string_view(too_long)}) {
    EXPECT_FALSE(is_plausible_host(host)) << host;
  }
}

}  // namespace
}  // namespace tapedeck::http
