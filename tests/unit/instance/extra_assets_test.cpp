#include "instance/extra_assets.hpp"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tapedeck::instance {
namespace {

config::Configuration configured(std::string_view json) {
  config::Configuration configuration;
  configuration.config = boost::json::parse({json.data(), json.size()}).as_object();
  return configuration;
}

TEST(ExtraAssets, PathsGetTheBaseUrlAndDuplicatesAreDropped) {
  auto configuration = configured(R"({
    "extra_css_urls": ["/static/a.css", {"url": "https://cdn.example/b.css", "sri": "sha384-x"},
                       "/static/a.css", "//other.example/c.css", "rel.css"],
    "extra_js_urls": [{"url": "/static/a.js", "module": true}, {"url": "/static/a.js"}]})");
  configuration.settings.base_url = "/prefix/";
  const ExtraAssets assets = read_extra_assets(configuration);
  ASSERT_EQ(assets.css.size(), 4U);
  EXPECT_EQ(assets.css[0].url, "/prefix/static/a.css");
  EXPECT_EQ(assets.css[1].url, "https://cdn.example/b.css");
  EXPECT_EQ(assets.css[1].integrity, "sha384-x");
  EXPECT_EQ(assets.css[2].url, "//other.example/c.css");
  EXPECT_EQ(assets.css[3].url, "rel.css");
  ASSERT_EQ(assets.js.size(), 1U);
  EXPECT_EQ(assets.js[0].url, "/prefix/static/a.js");
  EXPECT_TRUE(assets.js[0].module);
}

TEST(ExtraAssets, WhatIsNoAddressIsRefused) {
  for (const auto* url : {"javascript:alert(1)", "", "data:text/css,x", "https:///x", "a b",
                          "https://a/;script-src *", "https://a\\b", "ftp://a/x"}) {
    boost::json::object config;
    config["extra_js_urls"] = boost::json::array{url};
    config::Configuration configuration;
    configuration.config = config;
    EXPECT_THROW(static_cast<void>(read_extra_assets(configuration)), config::ConfigError) << url;
  }
}

TEST(ExtraAssets, ThePolicyAllowsExactlyTheirOrigins) {
  EXPECT_EQ(content_security_policy({}),
            "default-src 'self'; img-src 'self' data: https: http:; object-src 'none'; base-uri "
            "'self'; form-action 'self'; frame-ancestors 'self'");
  const std::string policy = content_security_policy(read_extra_assets(configured(R"({
    "extra_css_urls": ["/a.css", "https://CDN.example:8443/x;y/b.css", "https://cdn.example:8443/c.css"],
    "extra_js_urls": ["//js.example/a.js", "http://js.example/b.js"]})")));
  EXPECT_THAT(policy, testing::StartsWith(
                          "default-src 'self'; script-src 'self' js.example http://js.example; "
                          "style-src 'self' https://cdn.example:8443; "
                          "font-src 'self' https://cdn.example:8443; img-src"));
}

}  // namespace
}  // namespace tapedeck::instance
