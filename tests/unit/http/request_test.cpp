#include "http/request.hpp"

#include <string_view>

#include <gtest/gtest.h>

namespace tapedeck::http {
namespace {

TEST(Request, CutsItsTargetAtTheFirstQuestionMark) {
  struct {
    std::string_view target;
    std::string_view raw_path;
    std::string_view raw_query;
  } const cases[] = {
      {"/", "/", ""},
      {"/a%2Fb?c=%3F", "/a%2Fb", "c=%3F"},
      {"/a?b?c", "/a", "b?c"},
      {"/a?", "/a", ""},
      {"", "/", ""},
      {"?a=1", "/", "a=1"},
      {"a/b", "/a/b", ""},
      {"*", "/*", ""},
      {"//evil.com/x", "//evil.com/x", ""},
      {"http://host/a?b=c", "/a", "b=c"},
      {"HTTPS://host:8001/a", "/a", ""},
      {"http://host", "/", ""},
      {"http://host?a=1", "/", "a=1"},
      {"http://", "/", ""},
      {"http:///a", "/a", ""},
      {"/http://host/a", "/http://host/a", ""},
      {"ftp://host/a", "/ftp://host/a", ""},
  };
  for (const auto& [target, raw_path, raw_query] : cases) {
    Request request;
    request.set_target(target);
    EXPECT_EQ(request.raw_path, raw_path) << target;
    EXPECT_EQ(request.raw_query, raw_query) << target;
    EXPECT_EQ(request.query.pairs(), QueryString(raw_query).pairs()) << target;
  }
}

TEST(Request, ASecondTargetReplacesTheFirst) {
  Request request;
  request.set_target("/a?b=c");
  request.set_target(request.raw_query);
  EXPECT_EQ(request.target(), "/b=c");
  EXPECT_TRUE(request.query.empty());
}

TEST(Request, GivesItsTargetBack) {
  for (const std::string_view target : {"/", "/a?b", "/a?b?c", "/%zz?&&", "/a?b=c#d"}) {
    Request request;
    request.set_target(target);
    EXPECT_EQ(request.target(), target);
  }
}

TEST(Request, KnowsClientsOnThisMachine) {
  Request request;
  for (const char* address :
       {"127.0.0.1", "127.1.2.3", "::1", "::ffff:127.0.0.1", "unix:", "unix:/run/client.sock"}) {
    request.remote_address = address;
    EXPECT_TRUE(request.is_from_this_machine()) << address;
  }
  for (const char* address :
       {"", "10.0.0.1", "::2", "::ffff:10.0.0.1", "128.0.0.1", "unix", "127", "1.127.0.0"}) {
    request.remote_address = address;
    EXPECT_FALSE(request.is_from_this_machine()) << address;
  }
}

TEST(Request, HostIsTheHeaderOrLocalhost) {
  Request request;
  EXPECT_EQ(request.host(), "localhost");
  request.headers.set("Host", "");
  EXPECT_EQ(request.host(), "localhost");
  request.headers.set("HOST", "example.org:8001");
  EXPECT_EQ(request.host(), "example.org:8001");
}

}  // namespace
}  // namespace tapedeck::http
