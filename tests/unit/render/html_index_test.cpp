#include "render/html_index.hpp"

#include <fstream>

#include <gmock/gmock.h>

#include "render/html_database.hpp"
#include "render/html_error.hpp"
#include "render/html_json.hpp"
#include "unit/render/html_fixture.hpp"

namespace tapedeck::render {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

data::PageMetadata hostile_metadata() {
  data::PageMetadata metadata;
  metadata.title = metadata.description = metadata.license = metadata.source = metadata.about =
      kHostile;
  metadata.license_url = metadata.source_url = metadata.about_url = "javascript:alert(1)";
  return metadata;
}

data::TableSummary table(std::string name, std::int64_t count) {
  data::TableSummary summary;
  summary.path = "/db/" + name;
  summary.name = std::move(name);
  summary.count = count;
  return summary;
}

class HtmlPagesTest : public HtmlTest {
 protected:
  static data::IndexPage index_page() {
    data::IndexPage page;
    page.metadata.title = "My Data";
    page.metadata.description = "A collection";
    page.metadata.license = "CC BY 4.0";
    page.metadata.license_url = "https://creativecommons.org/licenses/by/4.0/";
    data::DatabaseSummary database;
    database.name = "sample";
    database.path = "/sample";
    database.color = "a1b2c3";
    database.metadata.title = "Books Database";
    for (const char* name : {"a", "b", "c", "d", "e", "f"}) {
      database.tables.push_back(table(name, 1234));
    }
    database.table_rows_sum = 1260;
    database.hidden_tables_count = 1;
    database.hidden_table_rows_sum = 211;
    database.views.resize(4);
    page.databases = {database};
    return page;
  }
};

TEST_F(HtmlPagesTest, TheIndexSumsUpEachDatabase) {
  const std::string html = index_html(instance(), frame("index.html"), index_page());
  for (const char* part :
       {"<h1>My Data</h1>", "A collection", "href=\"https://creativecommons.org/licenses/by/4.0/\"",
        "<a href=\"/sample\">sample</a>", "Books Database", "fill=\"#a1b2c3\"",
        "1,260 rows in 6 tables, 211 rows in 1 hidden table, 4 views",
        "<a href=\"/db/e\" title=\"1,234 rows\">e</a>", ">…</a>"}) {
    EXPECT_THAT(html, HasSubstr(part));
  }
  EXPECT_THAT(html, Not(HasSubstr("/db/f")));
}

TEST_F(HtmlPagesTest, SumsOfCountsThatStoppedSaySo) {
  data::IndexPage page = index_page();
  page.databases[0].is_sum_truncated = true;
  EXPECT_THAT(index_html(instance(), frame("index.html"), page),
              HasSubstr("&gt;1,259 rows in 6 tables, 211 rows in 1 hidden table"));
  page.databases[0].is_hidden_sum_truncated = true;
  EXPECT_THAT(index_html(instance(), frame("index.html"), page),
              HasSubstr("&gt;210 rows in 1 hidden table"));
}

TEST_F(HtmlPagesTest, ADatabaseInTroubleSaysWhy) {
  data::IndexPage page = index_page();
  page.databases[0].trouble = "file is gone";
  EXPECT_THAT(index_html(instance(), frame("index.html"), page),
              AllOf(HasSubstr("Not available now: file is gone"), Not(HasSubstr("1,260 rows"))));
}

TEST_F(HtmlPagesTest, AUsersIndexWithDefaultAndExtraHead) {
  std::filesystem::create_directory(folder() / "templates");
  std::ofstream(folder() / "templates/index.html")
      << "{{%AUTOESCAPE context=\"HTML\"}}\n<h1>Welcome to My Data Portal</h1>\n{{>DEFAULT}}\n";
  std::ofstream(folder() / "templates/extra_head.html")
      << "{{%AUTOESCAPE context=\"HTML\"}}\n"
         "<link rel=\"stylesheet\" href=\"{{BASE_URL}}static/custom.css\">\n";
  EXPECT_THAT(index_html(instance(), frame("index.html"), index_page()),
              AllOf(HasSubstr("Welcome to My Data Portal"), HasSubstr("Books Database"),
                    HasSubstr("A collection"), HasSubstr("href=\"/static/custom.css\"")));
}

TEST_F(HtmlPagesTest, TheFrameHoldsLinksCrumbsAndFooter) {
  data::PageMetadata metadata;
  metadata.source = "Somebody";
  metadata.about_url = "https://example.com/about";
  PageFrame full = frame("index.html");
  full.base_url = "/prefix/";
  full.noindex = true;
  full.query_ms = [] { return 12.34; };
  full.footer_metadata = &metadata;
  full.alternate_json_url = "http://localhost/prefix/.json?a=1&b=2";
  const instance::ExtraAssets assets{
      .css = {{.url = "/x.css", .integrity = "sha384-abc", .module = false}},
      .js = {{.url = "/x.js", .integrity = "", .module = true}}};
  full.extra_assets = &assets;
  const std::string html = index_html(instance(), full, {});
  for (const char* part :
       {"<title>A title</title>", "<body class=\"table db-db\">", "<li><a href=\"/db\">db</a></li>",
        "href=\"/prefix/-/static/app.css?_hash=", "href=\"/prefix/-/static/favicon.png?_hash=",
        "content=\"noindex\"", "Queries took 12.3&nbsp;ms", "Data source: Somebody",
        "About: <a href=\"https://example.com/about\">https://example.com/about</a>",
        "<link rel=\"alternate\" type=\"application/json+datasette\" "
        "href=\"http://localhost/prefix/.json?a=1&amp;b=2\">",
        "<link rel=\"stylesheet\" href=\"/x.css\" integrity=\"sha384-abc\" "
        "crossorigin=\"anonymous\">",
        "<script type=\"module\" defer src=\"/x.js\"></script>"}) {
    EXPECT_THAT(html, HasSubstr(part));
  }
  const std::string bare = index_html(instance(), frame("index.html"), {});
  for (const char* absent : {"noindex", "Queries took", "rel=\"canonical\"", "style=", "<script"}) {
    EXPECT_THAT(bare, Not(HasSubstr(absent)));
  }
}

TEST_F(HtmlPagesTest, TheDatabasePageListsTablesAndViews) {
  data::DatabasePage page;
  page.name = "db";
  page.path = "/db";
  page.size = 249856;
  page.tables = {table("my table", 1), table("big", 10001), table("slow", 0), table("secret", 1)};
  page.tables[0].columns = {"id", "name"};
  page.tables[1].count_truncated = true;
  page.tables[2].count.reset();
  page.tables[3].hidden = true;
  page.hidden_count = 1;
  page.views = {{.name = "a view", .path = "/db/a+view", .title = "The view"}};
  page.download_name = "db.db";
  const std::string html = database_html(instance(), frame("database.html"), page);
  for (const char* part :
       {"id, name", "1 row<", "&gt;10,000 rows", "Many rows", "… and 1 hidden table<",
        "?_show_hidden=1", "The view", "<a href=\"/db.db\" rel=\"nofollow\">db.db</a>", "244.0 KB",
        "select * from &quot;my table&quot;</textarea>", "action=\"/db/-/query\""}) {
    EXPECT_THAT(html, HasSubstr(part));
  }
  EXPECT_THAT(html, Not(HasSubstr("secret")));

  page.show_hidden = true;
  page.allow_execute_sql = false;
  page.download_name.reset();
  EXPECT_THAT(database_html(instance(), frame("database.html"), page),
              AllOf(HasSubstr("secret"), Not(HasSubstr("textarea")), Not(HasSubstr("Download")),
                    Not(HasSubstr("hidden table"))));
}

TEST_F(HtmlPagesTest, ErrorsShowStatusMessageAndSql) {
  EXPECT_THAT(error_html(instance(), frame("error.html"), 404, "", "Table not found: <x>"),
              AllOf(HasSubstr("<h1>Error 404</h1>"), HasSubstr("Table not found: &lt;x&gt;"),
                    Not(HasSubstr("<pre"))));
  EXPECT_THAT(error_html(instance(), frame("error.html"), 400, "SQL Interrupted", "too long",
                         "select 1\n  < 2"),
              AllOf(HasSubstr("<h1>SQL Interrupted</h1>"), HasSubstr("select 1\n  &lt; 2</pre>")));
}

TEST_F(HtmlPagesTest, JsonKeepsItsLines) {
  EXPECT_THAT(json_html(instance(), frame("show_json.html"), "{\n  \"a\": \"<b>\"\n}"),
              HasSubstr("{\n  &quot;a&quot;: &quot;&lt;b&gt;&quot;\n}</pre>"));
}

TEST_F(HtmlPagesTest, HostileTextStaysText) {
  PageFrame hostile = frame("index.html");
  hostile.title = hostile.body_class = hostile.version = kHostile;
  hostile.crumbs = {{kHostile, kHostile}};
  const instance::ExtraAssets assets{
      .css = {{.url = kHostile, .integrity = kHostile, .module = false}}, .js = {}};
  hostile.extra_assets = &assets;
  const data::PageMetadata metadata = hostile_metadata();
  hostile.footer_metadata = &metadata;

  data::DatabaseSummary summary;
  summary.name = summary.path = summary.color = kHostile;
  summary.metadata = metadata;
  summary.tables = {table(kHostile, 1)};
  data::DatabaseSummary broken = summary;
  broken.trouble = kHostile;
  data::IndexPage index;
  index.metadata = metadata;
  index.databases = {summary, broken};
  data::DatabasePage database;
  database.name = database.path = database.color = kHostile;
  database.metadata = metadata;
  database.tables = {table(kHostile, 1)};
  database.tables[0].title = kHostile;
  database.tables[0].columns = {kHostile, kHostile};
  database.views = {{.name = kHostile, .path = kHostile, .title = kHostile}};
  database.download_name = kHostile;

  std::vector<std::string> pages = {index_html(instance(), hostile, index)};
  hostile.template_candidates = {"database.html"};
  pages.push_back(database_html(instance(), hostile, database));
  hostile.template_candidates = {"error.html"};
  pages.push_back(error_html(instance(), hostile, 400, kHostile, kHostile, kHostile));
  hostile.template_candidates = {"show_json.html"};
  pages.push_back(json_html(instance(), hostile, kHostile));
  for (const std::string& html : pages) {
    expect_harmless(html);
    EXPECT_THAT(html, Not(HasSubstr("=\"javascript:")));
    EXPECT_THAT(html, HasSubstr("&lt;script&gt;"));
  }
}

TEST_F(HtmlPagesTest, DescriptionHtmlIsThePublishersOwn) {
  data::IndexPage page;
  page.metadata.description_html = "<em>mine</em>";
  page.metadata.description = "not shown";
  EXPECT_THAT(index_html(instance(), frame("index.html"), page),
              AllOf(HasSubstr("<em>mine</em>"), Not(HasSubstr("not shown"))));
}

}  // namespace
}  // namespace tapedeck::render
