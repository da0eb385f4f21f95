#include "render/html_table.hpp"

#include <chrono>
#include <fstream>

#include <gmock/gmock.h>

#include "render/html_row.hpp"
#include "unit/render/html_fixture.hpp"

namespace tapedeck::render {
namespace {

using testing::AllOf;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;

class HtmlTableTest : public HtmlTest {
 protected:
  HtmlTableTest() {
    make_database(
        "create table city (id integer primary key, name text);"
        "insert into city values (1, 'Oslo <1>'), (2, '');"
        "create table shop (id integer primary key, city integer references city(id), price real,"
        "  note text, photo blob);"
        "insert into shop values (1, 1, 2.0, 'https://example.com/', x'00ff'),"
        "  (2, 2, null, '', null), (3, 9, 1e100, '<b>', null);"
        "create table pair (a text, b text, v text, primary key (a, b)) without rowid;"
        "insert into pair values ('x/1', 'y', 'v');"
        "create table loose (v text); insert into loose values ('one');");
  }

  data::TablePage shop_page(std::string_view sql = "select * from shop") {
    data::TablePage page;
    page.database = "db";
    page.database_path = "/db";
    page.table = "shop";
    page.path = "/db/shop";
    page.json_path = "/db/shop.json?_size=3";
    page.csv_path = "/db/shop.csv?_size=3";
    for (const char* name : {"id", "city", "price", "note", "photo"}) {
      data::ColumnHeading heading;
      heading.name = name;
      heading.sort_path = std::string("/db/shop?_sort=") + name;
      heading.facet_path = std::string("/db/shop?_facet=") + name;
      page.columns.push_back(heading);
      page.filter_columns.emplace_back(name);
    }
    page.columns[0].is_pk = true;
    page.columns[0].sorted = data::SortDirection::kAscending;
    page.columns[2].sorted = data::SortDirection::kDescending;
    page.columns[3].type = "TEXT";
    page.columns[3].not_null = true;
    page.sortable_columns = page.filter_columns;
    page.foreign_table_paths = {"", "/db/city/", "", "", ""};
    page.rows = rows(sql, "shop", {0});
    return page;
  }
  std::string shop_html(data::TablePage& page) {
    return table_html(instance(), frame("table.html"), page, [] {});
  }
};

TEST_F(HtmlTableTest, CellsFollowTheirTypes) {
  data::TablePage page = shop_page();
  const std::string html = shop_html(page);
  for (
      const char* cell :
      {R"(<td class="col-id type-pk" data-label="id"><a href="/db/shop/1">1</a></td>)",
       R"(type-int" data-label="city"><a href="/db/city/1">Oslo &lt;1&gt;</a>&nbsp;<em>1</em></td>)",
       R"(<a href="/db/city/2">-</a>&nbsp;<em>2</em></td>)",
       R"(<td class="col-city type-int" data-label="city">9</td>)",
       R"(<td class="col-price type-float" data-label="price">2.0</td>)",
       R"(<td class="col-price type-none" data-label="price">&nbsp;</td>)",
       R"(<td class="col-price type-float" data-label="price">1e+100</td>)",
       R"(<a href="https://example.com/" rel="nofollow noopener">)",
       R"(<td class="col-note type-str" data-label="note">&lt;b&gt;</td>)",
       R"(<a class="blob-download" href="/db/shop/1.blob?_blob_column=photo">)"}) {
    EXPECT_THAT(html, HasSubstr(cell));
  }
  EXPECT_THAT(html, EndsWith("<!-- Templates considered: *table.html -->\n"));
}

TEST_F(HtmlTableTest, HeadingsSortAndDescribe) {
  data::TablePage page = shop_page();
  const std::string html = shop_html(page);
  EXPECT_THAT(html, HasSubstr("aria-sort=\"ascending\""));
  EXPECT_THAT(html, HasSubstr(">id&nbsp;▼</a>"));
  EXPECT_THAT(html,
              HasSubstr("<a href=\"/db/shop?_sort=price\" rel=\"nofollow\">price&nbsp;▲</a>"));
  EXPECT_THAT(html, HasSubstr("data-column=\"note\" data-column-type=\"TEXT\" "
                              "data-column-not-null=\"1\" data-is-pk=\"\""));
  EXPECT_THAT(html, HasSubstr("data-is-pk=\"1\""));
  EXPECT_THAT(html, HasSubstr("<a href=\"/db/shop?_facet=city\" rel=\"nofollow\">"));
  EXPECT_THAT(html, HasSubstr("Type: TEXT NOT NULL"));
}

TEST_F(HtmlTableTest, KeysThatAreNotOneColumnGetALinkColumn) {
  data::TablePage page = shop_page();
  page.columns.clear();
  for (const char* name : {"a", "b", "v"}) {
    data::ColumnHeading heading;
    heading.name = name;
    heading.is_pk = *name != 'v';
    page.columns.push_back(heading);
  }
  page.foreign_table_paths.clear();
  page.path = "/db/pair";
  page.rows = rows("select * from pair", "pair", {0, 1});
  EXPECT_THAT(shop_html(page),
              AllOf(HasSubstr("<tr><td class=\"col-Link type-pk\" data-label=\"Link\">"
                              "<a href=\"/db/pair/x~2F1,y\">x/1,y</a></td>"
                              "<td class=\"col-a type-str\" data-label=\"a\">x/1</td>"),
                    HasSubstr("class=\"col-Link\"")));

  page.columns.erase(page.columns.begin(), page.columns.begin() + 1);
  page.columns[0].name = "rowid";
  page.path = "/db/loose";
  page.rows = rows("select rowid, v from loose", "loose", {0});
  EXPECT_THAT(shop_html(page), HasSubstr("<a href=\"/db/loose/1\">1</a></td>"
                                         "<td class=\"col-rowid type-int\""));

  page.is_view = true;
  page.rows = rows("select rowid, v from loose", "no table", {});
  EXPECT_THAT(shop_html(page), AllOf(Not(HasSubstr("Link")), HasSubstr("<em>(view)</em>"),
                                     Not(HasSubstr("_shape=object"))));
}

TEST_F(HtmlTableTest, ThePageIsCompletedAfterTheRowsWereRead) {
  data::TablePage page = shop_page();
  page.rows = rows("select * from shop", "shop", {0}, 2);
  data::RowCursor& cursor = *page.rows;
  const std::string html = table_html(instance(), frame("table.html"), page, [&] {
    EXPECT_EQ(cursor.rows_given(), 2);
    EXPECT_TRUE(cursor.has_more());
    page.next_path = "/db/shop?_next=2&_size=2";
    page.count = 12;
  });
  EXPECT_THAT(html, HasSubstr("12 rows"));
  EXPECT_THAT(html, HasSubstr("href=\"/db/shop?_next=2&amp;_size=2\" rel=\"next\">Next page</a>"));
  data::TablePage whole = shop_page();
  EXPECT_THAT(shop_html(whole), Not(HasSubstr("Next page")));
}

TEST_F(HtmlTableTest, NoRowsAreZeroRecords) {
  data::TablePage page = shop_page("select * from shop where 0");
  page.count = 0;
  EXPECT_THAT(shop_html(page),
              AllOf(HasSubstr("0 records"), HasSubstr("0 rows"), Not(HasSubstr("<table"))));
}

TEST_F(HtmlTableTest, TheCountLineSaysWhatIsKnown) {
  struct Case {
    std::optional<std::int64_t> count;
    bool truncated;
    const char* description;
    const char* line;
  };
  const Case cases[] = {
      {1, false, "", ">1 row</p>"},
      {1234, false, "where id > 1", ">1,234 rows where id &gt; 1</p>"},
      {10001, true, "", ">&gt;10,000 rows</p>"},
      {std::nullopt, false, "where id > 1", ">Rows where id &gt; 1</p>"},
  };
  for (const Case& example : cases) {
    data::TablePage page = shop_page();
    page.count = example.count;
    page.count_truncated = example.truncated;
    page.human_description = example.description;
    EXPECT_THAT(shop_html(page), HasSubstr(example.line));
  }
}

TEST_F(HtmlTableTest, TheFormHoldsFiltersSortAndHiddenArguments) {
  data::TablePage page = shop_page();
  page.filters = {{"city", "gt", "1 \"<"}, {"gone", "isnull__1", ""}};
  page.sort_column = "price";
  page.sort_descending = true;
  page.supports_search = true;
  page.search = "a\"b";
  page.hidden_args = {{"_facet", "x\ny"}};
  page.extra_wheres = {{"1 < 2", "/db/shop?x=1"}};
  const std::string html = shop_html(page);
  for (const char* part :
       {R"(<select name="_filter_column_1")", R"(<option value="city" selected>)",
        R"(<select name="_filter_op_1")", R"(<option value="gt" selected>)",
        R"(name="_filter_value_1" value="1 &quot;&lt;")", R"(<option value="gone" selected>)",
        R"(<option value="isnull__1" selected>)", R"(<select name="_filter_column")",
        R"(<select name="_filter_op")", R"(name="_filter_value" value="")",
        R"(<option value="price" selected>price)", R"(name="_sort_by_desc" checked)",
        R"(name="_search" value="a&quot;b")", "name=\"_facet\" value=\"x\ny\"",
        R"(<code>1 &lt; 2</code> [<a href="/db/shop?x=1">remove</a>])"}) {
    EXPECT_THAT(html, HasSubstr(part));
  }
}

TEST_F(HtmlTableTest, ExportsKeepTheArgumentsOfThePage) {
  data::TablePage page = shop_page();
  page.csv_path = "/db/shop.csv?city=1&_dl=on&note__contains=%22%26";
  page.csv_stream_path = "/db/shop.csv?_stream=on";
  const std::string html = shop_html(page);
  EXPECT_THAT(html, HasSubstr("<form action=\"/db/shop.csv\" method=\"get\">"));
  EXPECT_THAT(html, HasSubstr("name=\"city\" value=\"1\""));
  EXPECT_THAT(html, HasSubstr("name=\"note__contains\" value=\"&quot;&amp;\""));
  EXPECT_THAT(html, Not(HasSubstr("type=\"hidden\" name=\"_dl\"")));
  EXPECT_THAT(html, HasSubstr("name=\"_stream\""));
  EXPECT_THAT(html, HasSubstr("/db/shop.json?_size=3&amp;_shape=array&amp;_nl=on"));
  page = shop_page();
  EXPECT_THAT(shop_html(page), Not(HasSubstr("name=\"_stream\"")));
}

TEST_F(HtmlTableTest, AUsersOwnRowsTemplateGetsEveryCell) {
  std::filesystem::create_directory(folder() / "templates");
  std::ofstream(folder() / "templates/_table-db-shop.html")
      << "{{#ROW}}<p><a href=\"{{ROW_PATH}}\">{{VALUE_note}}</a>={{HTML_city:none}}"
         "{{#CELL}}[{{NAME}}:{{TYPE}}:{{CELL_HTML:none}}]{{/CELL}}</p>{{/ROW}}{{>DEFAULT}}";
  data::TablePage page = shop_page("select * from shop where id = 3");
  EXPECT_THAT(shop_html(page),
              AllOf(HasSubstr("<p><a href=\"/db/shop/3\">&lt;b&gt;</a>=9[id:pk:"
                              "<a href=\"/db/shop/3\">3</a>][city:int:9]"),
                    HasSubstr("<td class=\"col-note type-str\" data-label=\"note\">&lt;b&gt;")));
}

TEST_F(HtmlTableTest, HostileTextStaysText) {
  make_database(std::string("drop table shop; create table shop (id text primary key, v text);") +
                "insert into shop values ('\"''><script>alert(1)</script>', " +
                "'</td><script>alert(1)</script><img src=x onerror=alert(1)>')," +
                "('javascript:alert(1)', 'javascript:alert(1)');");
  data::TablePage page = shop_page();
  page.database = page.table = kHostile;
  page.metadata = {.title = kHostile,
                   .description = kHostile,
                   .description_html = "",
                   .license = kHostile,
                   .license_url = "javascript:alert(1)",
                   .source = kHostile,
                   .source_url = "data:text/html,x",
                   .about = kHostile,
                   .about_url = "vbscript:alert(1)"};
  page.column_descriptions = {{kHostile, kHostile}};
  page.count = 1;
  page.human_description = kHostile;
  page.filters = {{kHostile, kHostile, kHostile}};
  page.filter_columns = page.sortable_columns = {kHostile};
  page.sort_column = page.search = page.definition = kHostile;
  page.supports_search = true;
  page.hidden_args = {{kHostile, kHostile}};
  page.extra_wheres = {{kHostile, std::string("/db?") + kHostile}};
  page.json_path = page.csv_path = page.csv_stream_path = std::string("/db?x=") + kHostile;
  page.columns.resize(2);
  for (data::ColumnHeading& heading : page.columns) {
    heading.name = heading.type = heading.description = kHostile;
    heading.sort_path = heading.facet_path = std::string("/db?x=") + kHostile;
  }
  page.foreign_table_paths.clear();
  page.rows = rows("select * from shop", "shop", {0});
  PageFrame hostile = frame("table.html");
  hostile.title = hostile.body_class = kHostile;
  hostile.crumbs = {{kHostile, std::string("/") + kHostile}};
  hostile.template_candidates = {std::string("table-") + kHostile + ".html", "table.html"};
  hostile.footer_metadata = &page.metadata;
  hostile.alternate_json_url = std::string("/") + kHostile;
  const std::string html = table_html(
      instance(), hostile, page, [&] { page.next_path = std::string("/db?_next=") + kHostile; });
  expect_harmless(html);
  for (const char* scheme : {"href=\"javascript:", "href=\"data:", "href=\"vbscript:"}) {
    EXPECT_THAT(html, Not(HasSubstr(scheme)));
  }
  EXPECT_THAT(html, HasSubstr("&lt;script&gt;"));
}

TEST_F(HtmlTableTest, RowPagesPutTheKeyFirstAndCutNothing) {
  make_database(
      "drop table shop; create table shop (v text, id integer primary key, city integer "
      "references city(id));"
      "insert into shop values (printf('%.*c', 5000, 'x'), 7, 1);");
  data::RowPage page;
  page.database = "db";
  page.table = "shop";
  page.table_path = "/db/shop";
  page.row_path = "7";
  page.heading = "7";
  page.json_path = "/db/shop/7.json";
  page.foreign_table_paths = {"", "", "/db/city/"};
  page.incoming_links = {{"id", "bill", "shop <id>", 1200, "/db/bill?shop=7"}};
  for (const char* name : {"v", "id", "city"}) {
    data::ColumnHeading heading;
    heading.name = name;
    heading.is_pk = std::string_view(name) == "id";
    page.columns.push_back(heading);
  }
  page.rows = rows("select * from shop", "shop", {1});
  const std::string html = row_html(instance(), frame("row.html"), page);
  EXPECT_THAT(html, HasSubstr("<h1>shop: 7</h1>"));
  EXPECT_THAT(html, HasSubstr("<tr><td class=\"col-id type-pk\" data-label=\"id\">"
                              "<strong>7</strong></td><td class=\"col-v type-str\""));
  EXPECT_THAT(html, HasSubstr(std::string(5000, 'x') + "</td>"));
  EXPECT_THAT(html, HasSubstr("<a href=\"/db/city/1\">Oslo &lt;1&gt;</a>"));
  EXPECT_THAT(html, HasSubstr("<a href=\"/db/bill?shop=7\">1,200 rows</a> from shop &lt;id&gt; "
                              "in bill"));
}

}  // namespace
}  // namespace tapedeck::render
