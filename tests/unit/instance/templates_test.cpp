#include "instance/templates.hpp"

#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sys/stat.h>
#include <vector>

#include <ctemplate/template_dictionary.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/config_error.hpp"
#include "instance/template_source.hpp"

namespace tapedeck::instance {
namespace {

namespace fs = std::filesystem;
using ctemplate::TemplateDictionary;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;

/// A folder of its own for each test, with the least that a built-in folder needs.
class TemplatesTest : public testing::Test {
 public:
  ~TemplatesTest() override { fs::remove_all(root_); }

 protected:
  TemplatesTest() {
    std::string pattern = testing::TempDir() + "templates-XXXXXX";
    root_ = mkdtemp(pattern.data());
    for (const char* part : {"builtin", "user", "static"}) fs::create_directory(root_ / part);
    write("builtin/base.html",
          "<title>{{TITLE}}</title>{{>EXTRA_HEAD}}|{{>CRUMBS}}|{{>CONTENT}}|{{>FOOTER}}\n");
    write("builtin/extra_head.html", "");
    write("builtin/_crumbs.html", "crumbs");
    write("builtin/_footer.html", "built-in footer");
    write("builtin/index.html", "<p>{{NAME}}</p>{{#ITEM}}[{{VALUE}}]{{/ITEM}}");
  }

  void write(const std::string& name, std::string_view text) const {
    std::ofstream(root_ / name, std::ios::binary) << text;
  }
  [[nodiscard]] std::string path(const std::string& name) const { return (root_ / name).string(); }
  [[nodiscard]] Templates load() const { return {path("builtin"), path("user"), path("static")}; }

  static void fill(TemplateDictionary& content) {
    content.SetValue("NAME", "<b>&\"name'");
    content.AddSectionDictionary("ITEM")->SetValue("VALUE", "one");
  }
  static std::string render(const Templates& templates, const std::vector<std::string>& names) {
    std::string out;
    templates.render(out, {.candidates = names,
                           .globals =
                               [](TemplateDictionary& root) {
                                 root.SetTemplateGlobalValue("TITLE", "</title><script>");
                                 root.SetTemplateGlobalValue("BASE_URL", "/prefix/");
                               },
                           .frame = [](TemplateDictionary& /*part*/) {},
                           .content = fill});
    return out;
  }
  std::string render_index() const { return render(load(), {"index.html"}); }

 private:
  fs::path root_;
};

TEST_F(TemplatesTest, APageStandsInsideItsFrameAndIsEscaped) {
  const std::string page = render_index();
  EXPECT_THAT(page, HasSubstr("<p>&lt;b&gt;&amp;&quot;name&#39;</p>[one]"));
  EXPECT_THAT(page, HasSubstr("<title>&lt;/title&gt;&lt;script&gt;</title>"));
  EXPECT_THAT(page, HasSubstr("|built-in footer"));
  EXPECT_THAT(page, EndsWith("<!-- Templates considered: *index.html -->\n"));
}

TEST_F(TemplatesTest, AUsersFileTakesThePlaceOfTheBuiltInOne) {
  write("user/index.html", "own {{NAME}}");
  write("user/_footer.html", "own footer");
  const std::string page = render_index();
  EXPECT_THAT(page, HasSubstr("own &lt;b&gt;"));
  EXPECT_THAT(page, HasSubstr("own footer"));
  EXPECT_THAT(page, Not(HasSubstr("<p>")));
  EXPECT_THAT(page, Not(HasSubstr("built-in")));
}

TEST_F(TemplatesTest, DefaultStandsForTheBuiltInOneWithTheSameValues) {
  write("user/index.html", "<h1>Mine</h1>{{>DEFAULT}}");
  write("user/_footer.html", "({{>DEFAULT}})");
  write("user/base.html", "<!-- mine -->{{>DEFAULT}}");
  const std::string page = render_index();
  EXPECT_THAT(page, HasSubstr("<h1>Mine</h1><p>&lt;b&gt;&amp;&quot;name&#39;</p>[one]"));
  EXPECT_THAT(page, HasSubstr("(built-in footer)"));
  EXPECT_THAT(page, testing::StartsWith("<!-- mine --><title>"));
}

TEST_F(TemplatesTest, ACandidateMayNameTheBuiltInOneExpressly) {
  write("user/index.html", "own");
  const std::string page = render(load(), {"default:index.html"});
  EXPECT_THAT(page, HasSubstr("<p>&lt;b&gt;"));
  EXPECT_THAT(page, EndsWith("<!-- Templates considered: *default:index.html -->\n"));
}

TEST_F(TemplatesTest, TheFirstExistingCandidateIsUsedAndStarred) {
  write("user/index-mine.html", "special {{>DEFAULT}}");
  const Templates templates = load();
  EXPECT_THAT(render(templates, {"index-other.html", "index-mine.html", "index.html"}),
              testing::AllOf(HasSubstr("special <p>"),
                             EndsWith("<!-- Templates considered: index-other.html, "
                                      "*index-mine.html, index.html -->\n")));
  EXPECT_TRUE(templates.is_users_own("index-mine.html"));
  EXPECT_FALSE(templates.is_users_own("index.html"));
  EXPECT_FALSE(templates.has("index-other.html"));
}

TEST_F(TemplatesTest, HostileNamesCannotEndTheComment) {
  const std::string page =
      render(load(), {"table---><script>alert(1)</script>--!>.html", "index.html"});
  const std::size_t comment = page.find("<!-- Templates considered");
  ASSERT_NE(comment, std::string::npos);
  const std::string inside = page.substr(comment + 4, page.size() - comment - 4 - 5);
  EXPECT_THAT(inside, Not(HasSubstr("--")));
  EXPECT_THAT(inside, Not(HasSubstr("<")));
}

TEST_F(TemplatesTest, UsersTextWithoutOrWithThePragmaIsEscaped) {
  for (const char* pragma : {"", "{{%AUTOESCAPE context=\"HTML\"}}\n"}) {
    write("user/index.html", std::string(pragma) + "<a title='{{NAME}}'>{{NAME}}</a>");
    EXPECT_THAT(render_index(),
                HasSubstr("<a title='&lt;b&gt;&amp;&quot;name&#39;'>&lt;b&gt;&amp;&quot;name"))
        << pragma;
  }
}

TEST_F(TemplatesTest, GlobalValuesReachEveryPart) {
  write("user/extra_head.html",
        "{{%AUTOESCAPE context=\"HTML\"}}\n"
        "<link rel=\"stylesheet\" href=\"{{BASE_URL}}static/custom.css\">\n");
  EXPECT_THAT(render_index(),
              HasSubstr("<link rel=\"stylesheet\" href=\"/prefix/static/custom.css\">"));
}

TEST_F(TemplatesTest, MistakesNameFileAndLine) {
  struct Case {
    const char* text;
    const char* line;
    const char* reason;
  };
  const Case cases[] = {
      {"a\n{{ NAME }}", "index.html line 2: ", "holds no name"},
      {"a\n\n{{#ITEM}}\nb", "index.html line 3: ", "ITEM is not closed"},
      {"{{#ITEM}}\n{{#A}}\n{{/ITEM}}", "index.html line 3: ", "inside the section A"},
      {"a\n{{/ITEM}}", "index.html line 2: ", "closes no section"},
      {"a\nb {{NAME", "index.html line 2: ", "without"},
      {"{{%AUTOESCAPE context=\"HTML\"}}\n{{NAME:none}}", "index.html line 2: ", ":none"},
      {"{{NAME:h:none}}", "index.html line 1: ", ":none"},
      {"{{>CONTENT:none}}", "index.html line 1: ", ":none"},
      {"\n{{={ }=}}", "index.html line 2: ", "delimiters"},
      {"{{%AUTOESCAPE context=\"JAVASCRIPT\"}}", "index.html line 1: ", "pragma"},
      {"a\nb\n<a href={{NAME}}>x</a>\nc", "index.html line 3: ", "enclosed in quotes"},
      {"a\n{{NAME:shout}}\n", "index.html line 2: ", "Unknown modifier"},
      {"a\n<a href=\"{{NAME:p}}\">\n", "index.html line 2: ", "modifiers"},
      {"a \xff b", "index.html: ", "UTF-8"},
  };
  for (const Case& example : cases) {
    write("user/index.html", example.text);
    try {
      const Templates templates = load();
      ADD_FAILURE() << "accepted: " << example.text;
    } catch (const config::ConfigError& error) {
      EXPECT_THAT(error.what(), HasSubstr(example.line)) << example.text;
      EXPECT_THAT(error.what(), HasSubstr(example.reason)) << example.text;
      EXPECT_THAT(error.what(), Not(HasSubstr("\n"))) << example.text;
    }
  }
}

TEST_F(TemplatesTest, PrebuiltValuesMayBeUnescaped) {
  write("user/index.html", "{{ROWS_HTML:none}}{{DESCRIPTION_HTML:none}}{{HTML_title:none}}");
  EXPECT_NO_THROW(load());
  EXPECT_FALSE(is_prebuilt_value("VALUE_HTML"));
  EXPECT_FALSE(is_prebuilt_value("TITLE"));
}

TEST_F(TemplatesTest, MissingFoldersAreRefused) {
  EXPECT_THROW(Templates(path("nowhere"), {}), config::ConfigError);
  EXPECT_THROW(Templates(path("builtin"), path("nowhere")), config::ConfigError);
  EXPECT_THROW(Templates(path("user"), {}), config::ConfigError) << "without base.html";
}

TEST_F(TemplatesTest, AssetUrlsCarryTheHashOfTheFile) {
  write("static/app.css", "abc");
  const Templates templates = load();
  EXPECT_EQ(templates.asset_url("app.css"), "-/static/app.css?_hash=ba7816bf8f01");
  EXPECT_EQ(templates.asset_url("missing.css"), "-/static/missing.css");
}

TEST_F(TemplatesTest, TheDigestFollowsEveryTextThatReachesAPage) {
  const std::string before = load().digest();
  EXPECT_EQ(load().digest(), before);
  write("user/index.html", "own");
  const std::string with_own = load().digest();
  EXPECT_NE(with_own, before);
  write("static/app.css", "abc");
  EXPECT_NE(load().digest(), with_own);
}

TEST_F(TemplatesTest, StaticMarkersBecomeAddresses) {
  write("static/own.css", "own");
  fs::create_directory(path("assets"));
  write("assets/a&b.css", "mounted");
  write("assets/own.css", "hidden by the program's own");
  write("user/index.html",
        "[{{%STATIC \"own.css\"}}][{{%STATIC \"a&b.css\"}}][{{%STATIC \"own.css\" mount=\"m\"}}]");
  const Templates templates(path("builtin"), path("user"), path("static"),
                            {.base_url = "/p/", .mounts = {{"m", path("assets")}}});
  const std::string html = render(templates, {"index.html"});
  EXPECT_THAT(html, HasSubstr("[/p/-/static/own.css?_hash="));
  EXPECT_THAT(html, HasSubstr("[/p/m/a&amp;b.css?_hash="));
  EXPECT_THAT(html, HasSubstr("[/p/m/own.css?_hash="));
}

TEST_F(TemplatesTest, StaticMarkersThatLeadNowhereStopTheStart) {
  const std::pair<const char*, const char*> cases[] = {
      {"\n{{%STATIC \"no.css\"}}", "line 2: there is no static file 'no.css'"},
      {"{{%STATIC \"no.css\" mount=\"m\"}}", "in the mount m"},
      {"{{%STATIC no.css}}", "should be {{%STATIC \"FILE\"}}"},
      {"{{%STATIC \"\"}}", "should be"},
      {"{{%STATIC \"a\" x=\"b\"}}", "should be"},
      {"{{%STATIC \"a\" mount=\"b\" c}}", "should be"},
      {"{{%OTHER \"a\"}}", "may begin with %"},
  };
  for (const auto& [text, message] : cases) {
    write("user/index.html", text);
    try {
      static_cast<void>(load());
      ADD_FAILURE() << text;
    } catch (const config::ConfigError& error) {
      EXPECT_THAT(error.what(), HasSubstr(message)) << text;
    }
  }
}

TEST_F(TemplatesTest, WhatIsNoFileUnderATemplatesNameIsNamed) {
  const auto expect_refused = [this](const std::string& reason) {
    try {
      static_cast<void>(load());
      ADD_FAILURE() << reason;
    } catch (const config::ConfigError& error) {
      EXPECT_EQ(error.what(), path("user/table.html") + reason);
    }
    EXPECT_EQ(Templates::faults_in(path("user")).size(), 1U) << reason;
    fs::remove(path("user/table.html"));
  };
  fs::create_symlink("nowhere", path("user/table.html"));
  expect_refused(": the template is a link that leads nowhere");
  fs::create_directory(path("user/table.html"));
  expect_refused(": the template is not a regular file");
  ASSERT_EQ(mkfifo(path("user/table.html").c_str(), 0600), 0);
  expect_refused(": the template is not a regular file");

  // A folder of addresses, and a link to a file.
  fs::create_directories(path("user/pages/about.html"));
  write("user/pages/about.html/us.html", "us");
  fs::create_symlink(path("builtin/index.html"), path("user/table.html"));
  EXPECT_TRUE(load().is_users_own("table.html"));
  EXPECT_TRUE(load().find_page("/about.html/us").has_value());
}

TEST_F(TemplatesTest, FaultsAreListedAllAtOnce) {
  write("user/index.html", "{{#A}}");
  write("user/table.html", "fine");
  fs::create_directories(path("user/pages/x"));
  write("user/pages/x/y.html", "{{ A }}");
  const auto faults = Templates::faults_in(path("user"));
  ASSERT_EQ(faults.size(), 2U);
  EXPECT_THAT(faults[0], HasSubstr("index.html line 1"));
  EXPECT_THAT(faults[1], HasSubstr("y.html line 1"));
  EXPECT_TRUE(Templates::faults_in(std::nullopt).empty());
  EXPECT_EQ(Templates::faults_in(path("nowhere")).size(), 1U);
}

}  // namespace
}  // namespace tapedeck::instance
