#include <string>
#include <string_view>
#include <vector>

#include <gmock/gmock.h>

#include "base/text.hpp"
#include "http/query_string.hpp"
#include "support/site.hpp"

/// The links, forms and menus of the HTML pages: each has to lead to an answer.
namespace tapedeck {
namespace {

using support::body_of;
using support::json_of;
using support::rows_of;
using support::Site;
using testing::HasSubstr;
using testing::Not;

/// What stands between `before` and `after` in `text`, each time.
std::vector<std::string> all_between(std::string_view text, std::string_view before,
                                     std::string_view after) {
  std::vector<std::string> found;
  for (std::size_t at = text.find(before); at != std::string_view::npos;
       at = text.find(before, at)) {
    at += before.size();
    found.emplace_back(text.substr(at, text.find(after, at) - at));
  }
  return found;
}

std::string first_between(std::string_view text, std::string_view before, std::string_view after) {
  const std::vector<std::string> found = all_between(text, before, after);
  return found.empty() ? "" : found.front();
}

/// The target of the link with that text; "" without one.
std::string link_called(const std::string& html, const std::string& text) {
  const std::size_t end = html.find(">" + text + "</a>");
  if (end == std::string::npos) return "";
  const std::size_t start = html.rfind("href=\"", end) + 6;
  return base::replace_all(html.substr(start, html.find('"', start) - start), "&amp;", "&");
}

class PageLinksTest : public testing::Test {
 protected:
  PageLinksTest() {
    site_.add_database("db", R"(
        create table author(id integer primary key, name text);
        insert into author values (1, 'Jane'), (2, 'Mary');
        create table book(id integer primary key, title text, author integer references author(id),
                          rating real, tags text, day text);
        insert into book values
          (1, 'Emma', 1, 4.5, '["a","b"]', '2026-01-01'), (2, 'Persuasion', 1, null, '[]', null),
          (3, 'Frankenstein', 2, 4.1, '["a"]', '2026-01-02'), (4, 'Lost', 2, 1, null, '');
        create virtual table book_fts using fts5(title, content=book, content_rowid='id');
        insert into book_fts(book_fts) values ('rebuild');
        create table plain(a, b);
        create table measured(id integer primary key, price decimal(5, 2), amount numeric,
                              active boolean, made date);
        insert into measured values (1, 2.5, 3, true, '2026-01-01');
        insert into plain values (1, 2), (3, 4);
        create table nameless(id integer primary key, "" text);
        insert into nameless values (1, 'x');
        create view seen as select id, title from book;)");
  }
  std::string page(const std::string& target) {
    const http::Response response = site_.get(target);
    EXPECT_EQ(response.status, 200) << target;
    return body_of(response);
  }
  /// Menu of one column.
  std::string menu(const std::string& target, const std::string& column) {
    return first_between(page(target), "About column " + column + "\"", "</details>");
  }

  Site site_;
};

/// The form as a browser sends it with its boxes as they are.
std::string csv_target(const std::string& html) {
  const std::string section = html.substr(html.find("id=\"export\""));
  const std::string form = first_between(section, "<form action=\"", "</form>");
  http::QueryString query;
  for (const std::string& input : all_between(form, "<input ", ">")) {
    if (input.find("checkbox") != std::string::npos && !input.ends_with(" checked")) continue;
    query.add(first_between(input, "name=\"", "\""), first_between(input, "value=\"", "\""));
  }
  return form.substr(0, form.find('"')) + "?" + query.encoded();
}

TEST_F(PageLinksTest, TheCsvFormCarriesWhatExportsUse) {
  const std::pair<std::string, std::string> cases[] = {
      {"/db/book?_size=1&_next=1&_facet=author&_facet_size=5&_sort=id&author=1",
       "/db/book.csv?_stream=on&_sort=id&author=1&_size=max"},
      {"/db/book?_labels=on", "/db/book.csv?_labels=on&_stream=on&_size=max"},
      {"/db/book?_labels=off", "/db/book.csv?_stream=on&_size=max"},
      {"/db/plain?_labels=on&_size=2", "/db/plain.csv?_stream=on&_size=max"},
  };
  for (const auto& [target, expected] : cases) {
    const std::string csv = csv_target(page(target));
    EXPECT_EQ(csv, expected) << target;
    EXPECT_EQ(site_.get(csv).status, 200) << csv;
  }
  EXPECT_THAT(page("/db/book"), HasSubstr("expand labels"));
  EXPECT_THAT(page("/db/book?_nocol=author"), Not(HasSubstr("expand labels")));
}

TEST_F(PageLinksTest, JsonObjectsAreOfferedWhereThereIsADeclaredKey) {
  EXPECT_EQ(link_called(page("/db/book"), "object"), "/db/book.json?_labels=on&_shape=object");
  for (const char* target : {"/db/plain", "/db/seen"}) {
    EXPECT_EQ(link_called(page(target), "object"), "") << target;
  }
}

TEST_F(PageLinksTest, FacetedColumnsAreNotOfferedAgain) {
  site_.configure(R"({"databases": {"db": {"tables": {"book": {"facets": ["rating"]}}}}})");
  const std::string target = "/db/book?_facet=author&_facet_date=day";
  for (const char* column : {"author", "day", "rating"}) {
    EXPECT_THAT(menu(target, column), Not(HasSubstr("Facet by this"))) << column;
  }
  EXPECT_EQ(link_called(menu(target, "title"), "Facet by this"), target + "&_facet=title");
}

TEST(SuggestedFacets, ColumnsWithAnIndexAreJudgedByTheFirstRowsToo) {
  Site site;
  site.add_database("db", R"(
      create table t(id integer primary key, status text, day text, tags text);
      insert into t with recursive c(i) as (select 0 union all select i + 1 from c limit 3000)
        select i + 1, iif(i % 3, 'closed', 'open'), iif(i % 2, null, '2020-01-' || (10 + i % 18)),
               iif(i % 2, null, '["a","b"]') from c;
      create index on_status on t(status);
      create index on_day on t(day);
      create index on_tags on t(tags);)");
  std::vector<std::string> names;
  const boost::json::value document =
      json_of(site.get("/db/t.json?_size=0&_extra=suggested_facets"));
  for (const auto& facet : document.at("suggested_facets").as_array()) {
    const auto& object = facet.as_object();
    names.emplace_back(object.at("name").as_string());
    if (object.contains("type")) names.back() += " " + std::string(object.at("type").as_string());
  }
  EXPECT_THAT(names, testing::UnorderedElementsAre("status", "day", "day date", "tags array"));
}

TEST_F(PageLinksTest, TheNumberOfFacetsIsBounded) {
  std::string target = "/db/book.json?_size=0";
  for (int i = 0; i < 50; ++i) target += "&_facet=author";
  EXPECT_EQ(site_.get(target + "&_extra=facet_results").status, 200);
  EXPECT_EQ(site_.get(target + "&_facet=title&_extra=facet_results").status, 400);
}

TEST_F(PageLinksTest, FacetsAreNotOfferedWhereTheyAreNotAllowed) {
  site_.settings().allow_facet = false;
  EXPECT_THAT(page("/db/book"), Not(HasSubstr("Facet by this")));
  for (const char* target :
       {"/db/book?_facet=title", "/db/book.json?_facet=title", "/db/book.json?_facetx=1",
        "/db/book.csv?_facet=title", "/db/book.ndjson?_facet_array=tags"}) {
    EXPECT_EQ(site_.get(target).status, 400) << target;
  }
}

TEST_F(PageLinksTest, TitlesAndPanelsTellPagesAndKindsApart) {
  const std::string html = page("/db/book?author=1&_sort=id&_facet=tags&_facet_array=tags");
  EXPECT_EQ(first_between(html, "<title>", "</title>"), "db: book where author = 1 sorted by id");
  EXPECT_THAT(html, HasSubstr("<h2>tags <span"));
  EXPECT_THAT(html, HasSubstr("<h2>tags (array) <span"));
  EXPECT_EQ(first_between(page("/db/book"), "<title>", "</title>"), "db: book");
}

TEST_F(PageLinksTest, PanelsHaveIdsOfTheirOwn) {
  const std::string html = page("/db/book?_facet=tags&_facet_array=tags");
  EXPECT_THAT(all_between(html, "class=\"facet\" id=\"", "\""),
              testing::UnorderedElementsAre("facet-tags", "facet-tags_2"));
}

TEST_F(PageLinksTest, PanelsSayHowManyValuesAndLeadToAll) {
  EXPECT_THAT(page("/db/book?_facet=title"), HasSubstr("<span class=\"facet-total\">4</span>"));
  const std::string cut = page("/db/book?_facet=title&_facet_size=2");
  EXPECT_THAT(cut, HasSubstr("<span class=\"facet-total\">&gt;2</span>"));
  EXPECT_EQ(link_called(cut, "…"), "/db/book?_facet=title&_facet_size=max#facet-title");
  site_.settings().max_returned_rows = 3;
  const std::string most = page("/db/book?_facet=title&_facet_size=max");
  EXPECT_THAT(most, HasSubstr("<li>…</li>")) << "there is no larger size";
}

TEST_F(PageLinksTest, AColumnWithoutANameIsNotTheEntryForNone) {
  const std::string html = page("/db/nameless");
  EXPECT_THAT(html, HasSubstr("<option value=\"\">– column –</option>"));
  EXPECT_THAT(html, HasSubstr("<option value=\"\">– no column –</option>"));
  EXPECT_THAT(html, Not(HasSubstr("<option value=\"\" selected>")));
}

TEST_F(PageLinksTest, TheColumnMenuHasPlainLinks) {
  struct Case {
    std::string target;
    std::string column;
    std::string text;
    std::string expected;
  };
  const Case cases[] = {
      {"/db/book?_next=1", "title", "Sort descending", "/db/book?_sort_desc=title"},
      {"/db/book?_sort=title", "title", "Sort descending", "/db/book?_sort_desc=title"},
      {"/db/book?_sort_desc=title", "title", "Sort descending", ""},
      {"/db/book?_next=1", "title", "Hide this column", "/db/book?_next=1&_nocol=title"},
      {"/db/book", "id", "Hide this column", ""},
      {"/db/plain", "rowid", "Hide this column", ""},
      {"/db/plain", "a", "Hide this column", "/db/plain?_nocol=a"},
      {"/db/seen", "title", "Hide this column", "/db/seen?_nocol=title"},
      {"/db/book", "title", "Show all columns", ""},
      {"/db/book?_nocol=day&_col=title&_col=day&author=1", "id", "Show all columns",
       "/db/book?author=1"},
      {"/db/book?_next=1", "rating", "Show not-blank rows", "/db/book?rating__notblank=1"},
      {"/db/book?rating__notblank=1", "rating", "Show not-blank rows", ""},
      {"/db/nameless", "", "Sort descending", ""},
      {"/db/nameless", "", "Facet by this", ""},
      {"/db/nameless", "", "Hide this column", ""},
      {"/db/nameless", "", "Show not-blank rows", "/db/nameless?__notblank=1"},
  };
  for (const auto& [target, column, text, expected] : cases) {
    const std::string link = link_called(menu(target, column), text);
    EXPECT_EQ(link, expected) << target << " " << column << ": " << text;
    if (!link.empty()) {
      EXPECT_EQ(site_.get(link).status, 200) << link;
    }
  }
}

TEST_F(PageLinksTest, DataOfTablesWithForeignKeysComesWithLabels) {
  const std::string book = page("/db/book?author=1");
  EXPECT_EQ(link_called(book, "json"), "/db/book.json?author=1&_labels=on");
  EXPECT_EQ(link_called(book, "CSV"), "/db/book.csv?author=1&_labels=on&_size=max");
  const std::string plain = page("/db/plain");
  EXPECT_EQ(link_called(plain, "json"), "/db/plain.json");
  EXPECT_EQ(link_called(plain, "CSV"), "/db/plain.csv?_size=max");
}

TEST(HomePage, NamesTheFirstFiveTablesThenViews) {
  Site site;
  site.add_database("few", "create table t(a); create view v as select a from t");
  site.add_database("many", R"(
      create table a(x); create table b(x); create table c(x); create table d(x);
      create view e as select x from a; create view f as select x from a)");
  site.add_database("views", "create view only as select 1 as x");
  const std::string html = body_of(site.get("/"));
  EXPECT_EQ(link_called(html, "v"), "/few/v");
  EXPECT_EQ(link_called(html, "only"), "/views/only");
  EXPECT_EQ(link_called(html, "e"), "/many/e");
  EXPECT_EQ(link_called(html, "f"), "");
  EXPECT_EQ(all_between(html, "aria-label=\"All tables of ", "\"").size(), 1U);
}

TEST_F(PageLinksTest, NumbersThatAreQuantitiesStandToTheRight) {
  const std::string html = page("/db/book");
  for (const char* column : {"id", "title", "author", "tags"}) {
    EXPECT_THAT(html, Not(HasSubstr("col-" + std::string(column) + " numeric"))) << column;
  }
  EXPECT_THAT(html, HasSubstr("<th scope=\"col\" class=\"col-rating numeric\""));
  EXPECT_THAT(html, HasSubstr("<td class=\"col-rating numeric type-float\""));
  const std::string measured = page("/db/measured");
  for (const char* column : {"price", "amount"}) {
    EXPECT_THAT(measured, HasSubstr("col-" + std::string(column) + " numeric")) << column;
  }
  for (const char* column : {"active", "made"}) {
    EXPECT_THAT(measured, Not(HasSubstr("col-" + std::string(column) + " numeric"))) << column;
  }
}

TEST_F(PageLinksTest, MenusStayWithinReachOfPhones) {
  EXPECT_THAT(page("/db/book"), HasSubstr("<thead class=\"with-menus\">"));
  EXPECT_THAT(page("/db/-/query?sql=select+1"), HasSubstr("<thead>")) << "nothing to reach";
}

TEST_F(PageLinksTest, ThePagesStatementCanBeEdited) {
  for (const char* query :
       {"", "?author=1&title__contains=m", "?_search=emma", "?_search_title=lost",
        "?_size=1&_next=1", "?_sort=rating&_size=2&_next=4,1", "?tags__arraycontains=a",
        "?day__date=2026-01-02", "?_where=rating+%3E+4", "?title__in=Emma,Lost", "?_col=title"}) {
    const std::string target = std::string("/db/book") + query;
    const std::string html = page(target);
    const std::string link = link_called(html, "View and edit SQL");
    ASSERT_THAT(link, HasSubstr("/db/-/query?sql=select")) << target;
    const std::size_t mark = link.find('?');
    const std::string json = link.substr(0, mark) + ".json" + link.substr(mark);
    const std::string table = "/db/book.json" + std::string(query);
    std::vector<std::string> rows = rows_of(json_of(site_.get(json)));
    const std::vector<std::string> expected = rows_of(json_of(site_.get(table)));
    // The statement reads one row more, to see whether there is a next page.
    ASSERT_GE(rows.size(), expected.size()) << link;
    rows.resize(expected.size());
    EXPECT_EQ(rows, expected) << link;
  }
  EXPECT_THAT(link_called(page("/db/seen"), "View and edit SQL"), HasSubstr("/db/-/query?sql="));
}

TEST_F(PageLinksTest, BlobsOfQueriesAreLinked) {
  site_.configure(
      R"({"databases": {"db": {"queries": {"bytes": "select x'0001' as \"a&b\", :p as p"}}}})");
  for (const char* target :
       {"/db/bytes?p=1%26", "/db/-/query?sql=select+x%270001%27+as+%22a%26b%22"}) {
    const std::string html = page(target);
    EXPECT_THAT(html, HasSubstr(">&lt;Binary:&nbsp;2&nbsp;bytes&gt;</a>"));
    const std::string link = base::replace_all(
        first_between(html, "<a class=\"blob-download\" href=\"", "\""), "&amp;", "&");
    const http::Response response = site_.get(link);
    EXPECT_EQ(response.status, 200) << link;
    EXPECT_EQ(body_of(response), std::string("\0\1", 2)) << link;
  }
}

TEST_F(PageLinksTest, FormsOfQueriesKeepTheStatementShownOrHidden) {
  site_.configure(R"({"databases": {"db": {"queries": {
      "shown": "select :p as p", "hidden": {"sql": "select :p as p", "hide_sql": true}}}}})");
  struct Case {
    const char* target;
    bool is_shown;
    const char* carried;
  };
  const Case cases[] = {
      {"/db/shown", true, ""},
      {"/db/shown?_hide_sql=1", false, "hide_sql"},
      {"/db/shown?_show_sql=1", true, ""},
      {"/db/hidden", false, ""},
      {"/db/hidden?_show_sql=1", true, "show_sql"},
      {"/db/-/query?sql=select+:p+as+p", true, ""},
      {"/db/-/query?sql=select+:p+as+p&_hide_sql=1", false, "hide_sql"},
  };
  for (const auto& [target, is_shown, carried] : cases) {
    const std::string html = page(target);
    const bool shows = html.find("<pre class=\"sql\"") != std::string::npos ||
                       html.find("<textarea") != std::string::npos;
    EXPECT_EQ(shows, is_shown) << target;
    const std::string form = first_between(html, "<form class=\"sql-form\"", "</form>");
    EXPECT_EQ(first_between(form, "<input type=\"hidden\" name=\"_", "\" value=\"1\">"), carried)
        << target;
  }
}

TEST_F(PageLinksTest, AQueryThatFailsKeepsWhatWasTyped) {
  site_.settings().sql_time_limit_ms = 50;
  site_.configure(R"json({"databases": {"db": {"queries": {"endless": {"sql":
      "with recursive n(i) as (select 1 union all select i + 1 from n) select sum(i) from n, (select :p)"}}}}})json");
  struct Case {
    const char* target;
    int status;
    const char* message;
    const char* sql;
  };
  const Case cases[] = {
      {"/db/-/query?sql=delete+from+book+where+id=:p&p=kept", 400, "Statement must be a SELECT",
       "delete from book where id=:p"},
      {"/db/-/query?sql=select+:p,+nope&p=kept", 200, "no such column: nope", "select :p, nope"},
      {"/db/-/query?sql=with+recursive+n(i)+as+(select+1+union+all+select+i%2B1+from+n)+select+"
       "sum(i),:p+from+n&p=kept",
       400, "SQL query took too long", "sum(i),:p from n"},
      {"/db/endless?p=kept", 400, "SQL query took too long", "(select :p)"},
  };
  for (const auto& [target, status, message, sql] : cases) {
    const http::Response response = site_.get(target);
    EXPECT_EQ(response.status, status) << target;
    EXPECT_THAT(response.body, HasSubstr(message)) << target;
    EXPECT_THAT(response.body, HasSubstr(sql)) << target;
    EXPECT_THAT(response.body, HasSubstr("name=\"p\" value=\"kept\"")) << target;
    EXPECT_FALSE(response.headers.has("ETag")) << target;
    EXPECT_EQ(response.headers.has("Link"), status == 200) << target;
    EXPECT_EQ(response.headers.value("Cache-Control"), "") << target;
  }
}

TEST_F(PageLinksTest, AllRowsOfAQueryAreOffered) {
  site_.configure(R"({"databases": {"db": {"queries": {"one": "select :p as p"}}}})");
  for (const char* target : {"/db/-/query?sql=select+:p+as+p&p=a%26b", "/db/one?p=a%26b"}) {
    const std::string html = page(target);
    for (const char* format : {"CSV", "TSV", "NDJSON"}) {
      const std::string part = first_between(html, "All rows as ", "</p>");
      const http::Response stream = site_.get(link_called(part, format));
      EXPECT_EQ(stream.status, 200) << target << format;
      EXPECT_TRUE(stream.stream) << target << format;
      EXPECT_THAT(body_of(stream), HasSubstr("a&b")) << target << format;
    }
  }
}

TEST_F(PageLinksTest, AQueryThatWritesIsShownWithoutAButton) {
  site_.configure(
      R"({"databases": {"db": {"queries": {"w": {"sql": "delete from plain where a = :a", "write": true}}}}})");
  const std::string html = page("/db/w");
  EXPECT_THAT(html, HasSubstr("delete from plain where a = :a"));
  EXPECT_THAT(html, HasSubstr("cannot be run"));
  EXPECT_THAT(html, Not(HasSubstr("<button")));
}

TEST_F(PageLinksTest, RowsWithoutAnAddressHaveNoLink) {
  Site site;
  site.add_database("db", R"(
      create table single(k text primary key, v); insert into single values (null, 1), ('', 2), ('a', 3);
      create table pair(a text, b text, v, primary key (a, b));
      insert into pair values ('x', '', 1), (null, 'y', 2);)");
  const std::string single = body_of(site.get("/db/single"));
  EXPECT_EQ(all_between(single, "href=\"/db/single/", "\"").size(), 2U) << "the row, the schema";
  for (const std::string& path :
       all_between(body_of(site.get("/db/pair")), "href=\"/db/pair/", "\"")) {
    EXPECT_EQ(site.get("/db/pair/" + path).status, 200) << path;
  }
}

TEST_F(PageLinksTest, FacetsOfColumnsThatLookLikeJsonLeadToAnAnswer) {
  Site site;
  site.add_database("db", R"(create table t(id integer primary key, "{x" text);
      insert into t ("{x") values ('a'), ('a'), ('b'), ('b'), ('c'))");
  const std::string html = body_of(site.get("/db/t"));
  for (const char* text : {"{x", "Facet by this"}) {
    const std::string start = html.substr(html.find("Suggested facets"));
    const std::string suggestion = first_between(start, "href=\"", "#");
    const std::string menu_of_x = first_between(html, "About column {x\"", "</details>");
    const std::string link =
        text[0] == '{' ? base::replace_all(suggestion, "&amp;", "&") : link_called(menu_of_x, text);
    EXPECT_THAT(body_of(site.get(link)), HasSubstr("id=\"facet-")) << link;
  }
}

TEST_F(PageLinksTest, SchemasLeadToTheirOtherForms) {
  for (const char* target : {"/-/schema", "/db/-/schema", "/db/book/-/schema"}) {
    const std::string link = link_called(page(target), "Markdown");
    EXPECT_EQ(link, std::string(target) + ".md");
    EXPECT_EQ(site_.get(link).status, 200) << link;
  }
}

TEST_F(PageLinksTest, ErrorsLeadBackToTheDatabase) {
  EXPECT_EQ(link_called(body_of(site_.get("/db/nope")), "db"), "/db");
  EXPECT_EQ(link_called(body_of(site_.get("/nope/t")), "nope"), "");
}

TEST_F(PageLinksTest, TheStatementIsForThoseWhoMayRunSql) {
  site_.configure(R"({"allow_sql": false})");
  EXPECT_THAT(page("/db/book"), Not(HasSubstr("View and edit SQL")));
}

TEST_F(PageLinksTest, SchemasAreLinked) {
  const std::pair<const char*, const char*> cases[] = {
      {"/db", "Schema of db"}, {"/db/book", "Schema of book"}, {"/db/seen", "Schema of seen"}};
  for (const auto& [target, text] : cases) {
    const std::string link = link_called(page(target), text);
    EXPECT_EQ(link, std::string(target) + "/-/schema");
    EXPECT_EQ(site_.get(link).status, 200) << link;
  }
}

TEST(DatabaseQueries, FiveAreNamedAndTheRestIsInTheList) {
  const std::string five =
      R"("q1": "select 1", "q2": "select 1", "q3": "select 1", "q4": "select 1", "q5": "select 1")";
  for (const bool has_more : {false, true}) {
    Site site;
    site.add_database("db", "create table t(a);");
    site.configure(R"({"databases": {"db": {"queries": {)" + five +
                   (has_more ? R"(, "q6": "select 1")" : "") + "}}}}");
    const std::string html = body_of(site.get("/db"));
    EXPECT_THAT(html, HasSubstr("\"/db/q5\""));
    EXPECT_THAT(html, Not(HasSubstr("\"/db/q6\"")));
    EXPECT_EQ(link_called(html, "View 6 queries"), has_more ? "/db/-/queries" : "");
  }
}

}  // namespace
}  // namespace tapedeck
