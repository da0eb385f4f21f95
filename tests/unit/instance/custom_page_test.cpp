#include "instance/custom_page.hpp"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/config_error.hpp"

namespace tapedeck::instance {
namespace {

std::string matched(const std::string& name, std::string_view path) {
  const auto values = match_page(read_custom_page("f", name, ""), path);
  if (!values) return "no";
  std::string text = "yes";
  for (const auto& [key, value] : *values) text += " " + key + "=" + value;
  return text;
}

TEST(CustomPage, FileNamesArePaths) {
  struct Case {
    const char* file;
    const char* path;
    const char* expected;
  };
  const Case cases[] = {
      {"pages/about.html", "/about", "yes"},
      {"pages/about.html", "/About", "no"},
      {"pages/about.html", "/about/", "no"},
      {"pages/about.html", "/about/x", "no"},
      {"pages/about/map.html", "/about/map", "yes"},
      {"pages/{slug}.html", "/x", "yes slug=x"},
      {"pages/{slug}.html", "/", "no"},
      {"pages/{slug}.html", "/x/y", "no"},
      {"pages/about/{slug}.html", "/about/", "yes slug="},
      {"pages/about/{slug}.html", "/about/a%2Fb", "yes slug=a%2Fb"},
      {"pages/{a}/x/{b}.html", "/1/x/2", "yes a=1 b=2"},
      {"pages/{a}-{b}.html", "/1-2-3", "yes a=1-2 b=3"},
      {"pages/v{n}.txt.html", "/v12.txt", "yes n=12"},
      {"pages/v{n}.txt.html", "/v12.csv", "no"},
  };
  for (const auto& [file, path, expected] : cases) {
    EXPECT_EQ(matched(file, path), expected) << file << " " << path;
  }
}

TEST(CustomPage, PatternsThatAreDearToTryEndSoon) {
  EXPECT_EQ(matched("pages/{a}-{b}-{c}-{d}-{e}x.html", "/" + std::string(1900, '-')), "no");
  EXPECT_EQ(matched("pages/{a}.html", "/" + std::string(5000, 'a')), "no");
}

TEST(CustomPage, ReadsTheCommentAtTheTop) {
  const CustomPage page = read_custom_page("f", "pages/about.html",
                                           "{{!page\n"
                                           "title: About: these data\n"
                                           "status: 418\n"
                                           "header: X-Robots-Tag: noindex, nofollow\r\n"
                                           "  header: content-type: text/plain\n"
                                           "redirect: /sample/{slug}?a=b 301\n"
                                           "not-found: Nothing here\n"
                                           "frame: none\n"
                                           "}}<p>{{x}}</p>");
  EXPECT_EQ(page.title, "About: these data");
  EXPECT_EQ(page.status, 418);
  EXPECT_THAT(page.headers, testing::ElementsAre(testing::Pair("X-Robots-Tag", "noindex, nofollow"),
                                                 testing::Pair("content-type", "text/plain")));
  EXPECT_EQ(page.redirect, "/sample/{slug}?a=b");
  EXPECT_EQ(page.redirect_status, 301);
  EXPECT_EQ(page.not_found, "Nothing here");
  EXPECT_FALSE(page.has_frame);
}

TEST(CustomPage, WithoutCommentItIsAnOrdinaryPage) {
  for (const auto* text : {"", "<p>{{!page status: 404}}</p>", "{{! page }}"}) {
    const CustomPage page = read_custom_page("f", "pages/a/about.html", text);
    EXPECT_EQ(page.title, "about") << text;
    EXPECT_EQ(page.status, 200) << text;
    EXPECT_TRUE(page.headers.empty() && page.redirect.empty() && page.has_frame) << text;
    EXPECT_FALSE(page.not_found) << text;
  }
}

TEST(CustomPage, MistakesNameFileAndLine) {
  const std::pair<const char*, const char*> cases[] = {
      {"{{!page\nstatus: 404", "f.html line 1: \"{{!page\" without"},
      {"{{!page\n\nstatus: 99\n}}", "f.html line 3: '99' should be a number from 200 to 599"},
      {"{{!page\nstatus: x\n}}", "line 2"},
      {"{{!page\nfoo: bar\n}}", "'foo' is none of title, status"},
      {"{{!page\nfoo\n}}", "'foo' should be KEY: VALUE"},
      {"{{!page\nheader: x\n}}", "'x' is no header"},
      {"{{!page\nheader: a b: c\n}}", "is no header"},
      {"{{!page\nheader: Content-Length: 5\n}}", "Content-Length cannot be set"},
      {"{{!page\nheader: X-Accel-Redirect: /x\n}}", "cannot be set"},
      {"{{!page\nframe: yes\n}}", "frame should be none"},
      {"{{!page\nredirect: javascript:alert(1)\n}}", "should begin with /"},
      {"{{!page\nredirect: https://{slug}/\n}}", "fixed host"},
      {"{{!page\nredirect: {slug}\n}}", "should begin with /"},
      {"{{!page\nredirect: https://a.{slug}\n}}", "fixed host"},
      {"{{!page\nredirect: /x 200\n}}", "301"},
  };
  for (const auto& [text, message] : cases) {
    try {
      static_cast<void>(read_custom_page("f.html", "pages/f.html", text));
      ADD_FAILURE() << text;
    } catch (const config::ConfigError& error) {
      EXPECT_THAT(error.what(), testing::HasSubstr(message)) << text;
    }
  }
  for (const auto* name : {"pages/{.html", "pages/{}.html", "pages/}.html", "pages/{a b}.html"}) {
    EXPECT_THROW(static_cast<void>(read_custom_page("f", name, "")), config::ConfigError) << name;
  }
}

TEST(CustomPage, ValuesReplaceTheirNames) {
  const PathValues values{{"a", "1"}, {"b", "{a}"}};
  EXPECT_EQ(with_values("/x/{a}/{b}/{c}", values), "/x/1/{a}/{c}");
  EXPECT_EQ(with_values("/{", values), "/{");
}

}  // namespace
}  // namespace tapedeck::instance
