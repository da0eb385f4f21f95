#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/site.hpp"

namespace tapedeck {
namespace {

using support::body_of;
using support::Site;
using testing::HasSubstr;
using testing::Not;

/// A site with pages of the publisher's own; more files are written before the first request.
class CustomPages : public testing::Test {
 protected:
  CustomPages() {
    site_.add_database("sample", "create table books (title)");
    site_.configuration().template_dir = site_.folder() / "templates";
    write("about.html", "<p>About {{TITLE}}</p>");
    write("about/map.html", "<p>map</p>");
    write("about/{slug}.html", "<p>slug={{slug}}</p>");
    write("sample.html", "never seen");
    write("{any}.html", "<p>any={{any}}</p>");
  }
  void write(const std::string& name, const std::string& text) {
    site_.folder().write("templates/pages/" + name, text);
  }
  std::string html(std::string_view path) { return body_of(site_.get(path)); }

  Site site_;
};

TEST_F(CustomPages, PathsLeadToFiles) {
  EXPECT_THAT(html("/about"), HasSubstr("<p>About about</p>"));
  EXPECT_THAT(html("/about/map"), HasSubstr("<p>map</p>"));
  EXPECT_THAT(html("/about/a%2Fb"), Not(HasSubstr("slug=")));  // leads to its tilde form
  EXPECT_THAT(html("/about/a~2Fb"), HasSubstr("<p>slug=a~2Fb</p>"));
  EXPECT_THAT(html("/nothing"), HasSubstr("<p>any=nothing</p>"));
  const auto answer = site_.get("/about");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.headers.value("content-type"), "text/html; charset=utf-8");
  EXPECT_THAT(html("/about"), HasSubstr("<!-- Templates considered: *pages/about.html -->"));
}

TEST_F(CustomPages, OnlyWhereNothingElseAnswers) {
  EXPECT_THAT(html("/sample"), Not(HasSubstr("never seen")));
  EXPECT_THAT(html("/"), Not(HasSubstr("any=")));
  EXPECT_EQ(site_.get("/about/").status, 302);
  EXPECT_EQ(site_.get("/sample/nothing").status, 404);
  EXPECT_EQ(site_.send("POST", "/about").status, 405);
}

TEST_F(CustomPages, ValuesAreEscaped) {
  EXPECT_THAT(html("/<script>alert(1)"), HasSubstr("any=&lt;script&gt;alert(1)"));
}

TEST_F(CustomPages, StatusHeadersAndFrame) {
  write("teapot.html",
        "{{!page\nstatus: 418\nheader: X-Pot: tea\nheader: Content-Type: text/plain\nframe: "
        "none\n}}short and {{BASE_URL}}");
  const auto answer = site_.get("/teapot");
  EXPECT_EQ(answer.status, 418);
  EXPECT_EQ(answer.headers.value("x-pot"), "tea");
  EXPECT_EQ(answer.headers.value("content-type"), "text/plain");
  EXPECT_EQ(body_of(answer), "short and /");
}

TEST_F(CustomPages, Redirects) {
  write("old/{slug}.html", "{{!page\nredirect: /{slug}/new 301\n}}");
  write("away.html", "{{!page\nredirect: https://elsewhere.example/x\n}}");
  auto answer = site_.get("/old/x");
  EXPECT_EQ(answer.status, 301);
  EXPECT_EQ(answer.headers.value("location"), "/x/new");
  EXPECT_EQ(site_.get("/old/\\evil.example").headers.value("location"), "/evil.example/new");
  EXPECT_EQ(site_.get("/old/").status, 302);  // the slash goes first
  answer = site_.get("/away");
  EXPECT_EQ(answer.status, 302);
  EXPECT_EQ(answer.headers.value("location"), "https://elsewhere.example/x");
}

TEST_F(CustomPages, NotFoundIsTheNormalPage) {
  write("gone.html", "{{!page\nnot-found: This chapter was never written\n}}");
  const auto answer = site_.get("/gone");
  EXPECT_EQ(answer.status, 404);
  EXPECT_THAT(body_of(answer), HasSubstr("This chapter was never written"));
}

TEST_F(CustomPages, StaticAddressesHaveAHash) {
  site_.folder().write("assets/x.css", "p {}");
  site_.configuration().static_mounts = {{"static", site_.folder() / "assets"}};
  site_.settings().base_url = "/prefix/";
  write("styled.html", "<link href=\"{{%STATIC \"x.css\"}}\"><i id=\"{{%STATIC \"app.css\"}}\">");
  EXPECT_THAT(html("/prefix/styled"), HasSubstr("href=\"/prefix/static/x.css?_hash="));
  EXPECT_THAT(html("/prefix/styled"), HasSubstr("id=\"/prefix/-/static/app.css?_hash="));
}

TEST_F(CustomPages, ExtraAssetsStandOnEveryPageAndInThePolicy) {
  site_.configure(R"({"extra_css_urls": ["https://cdn.example/x.css"],
                      "extra_js_urls": [{"url": "/static/x.js", "sri": "sha384-x"}]})");
  for (const auto* path : {"/", "/sample", "/sample/books", "/about", "/sample/nothing"}) {
    const auto answer = site_.get(path);
    EXPECT_THAT(body_of(answer),
                HasSubstr("<link rel=\"stylesheet\" href=\"https://cdn.example/x.css\">"))
        << path;
    EXPECT_THAT(body_of(answer), HasSubstr("src=\"/static/x.js\" integrity=\"sha384-x\"")) << path;
    EXPECT_THAT(std::string(answer.headers.value("content-security-policy")),
                HasSubstr("style-src 'self' https://cdn.example;"))
        << path;
  }
}

}  // namespace
}  // namespace tapedeck
