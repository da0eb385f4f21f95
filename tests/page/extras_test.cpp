#include <string>
#include <vector>

#include <gmock/gmock.h>

#include "support/site.hpp"

namespace tapedeck {
namespace {

using support::error_of;
using support::json_of;
using support::Site;
using testing::HasSubstr;
using testing::Not;

constexpr const char* kSql = R"(
  create table area(id integer primary key, name text);
  insert into area values (1, 'North'), (2, null), (3, '');
  create table secret(id integer primary key, name text);
  insert into secret values (1, 'hidden name');
  create table place(
    id integer primary key, title varchar(20) not null default 'it''s',
    area integer references area(id), parent references place, lost references nowhere(id),
    secret integer references secret(id), k1 text, k2 text,
    foreign key (k1, k2) references pair(k1, k2));
  create index place_area on place(area);
  insert into place values
    (1, 'One', 1, null, 7, 1, 'a', 'b'), (2, 'Two', 2, 1, null, 1, 'a', 'b'),
    (3, 'Three', 9, 2, 'x', null, null, null), (4, 'Four', 3, 99, null, null, null, null);
  create table pair(k1 text, k2 text, v, primary key (k1, k2)) without rowid;
  insert into pair values ('a', 'b', 1);
  create table rowids(a, b);
  insert into rowids values (1, 2);
  create table vacant(id integer primary key, x);
  create table made(a integer, b integer as (a + 1) virtual, c integer as (a + 2) stored);
  insert into made values (1);
  create table "o.d/d%""é"(id integer primary key, "co""l.é%/" text, "_under" text);
  insert into "o.d/d%""é" values (1, 'x', 'y');
  create table points(id text primary key, "_to" integer references "o.d/d%""é"(id), word text
                      references words(word));
  create table words(word text primary key, note text);
  insert into words values ('a&b=c', 'n');
  insert into points values ('p', 1, 'a&b=c');
  create table coded(id integer primary key, code text unique);
  insert into coded values (1, 'c1');
  create table user_of_code(id integer primary key, code text references coded(code));
  insert into user_of_code values (1, 'c1'), (2, 'c1');
  create view seen as select id, title from place;
  create table typed(id integer primary key, site text, mail text, doc text, bio text, n integer);
  insert into typed values
    (1, 'https://e.org/?a=1&b="2"', 'a@b.c', '{"k":[1,{"x":"<b>"}],"e":[]}', 'plain', 5),
    (2, 'javascript:alert(1)', '', 'no json', null, null),
    (3, char(9) || 'java' || char(10) || 'script:alert(1)', null, '1.50', '', 1),
    (4, 'other/page', 'x" onclick="y', '[]', 'a', 2);
)";

class ExtrasTest : public testing::Test {
 protected:
  ExtrasTest() {
    site_.add_database("db", kSql);
    site_.configure(R"json({"databases": {"db": {
      "tables": {
        "typed": {"column_types": {"site": "url", "mail": "email", "doc": {"type": "json"},
          "bio": {"type": "textarea", "config": {"rows": 3}}, "n": "json", "nope": "url",
          "id": "unheard-of"}}},
      "queries": {"hello": {"sql": "select :name as greeting", "title": "Hello"},
                  "twice": {"sql": "select :name as greeting", "params": ["name", "name"]},
                  "defaults": {"sql": "select :f, :i, :b, :n",
                            "params": {"f": 2.5, "i": 9007199254740993, "b": true, "n": null}},
                  "broken": "select * from no_such_table",
                  "writer": {"sql": "insert into area(name) values (:name)",
                             "write": true}}}}})json");
    site_.describe(R"({"databases": {"db": {"title": "The database", "tables": {
      "place": {"title": "Places", "columns": {"title": "What it is called"}}}}}})");
  }

  http::Response get(const std::string& target) { return site_.get(target); }
  /// The value of one extra as JSON text.
  std::string extra(const std::string& path, const std::string& name) {
    const char* separator = path.find('?') == std::string::npos ? "?" : "&";
    const http::Response response = get(path + separator + "_extra=" + name);
    EXPECT_EQ(response.status, 200) << path << " " << name << " " << response.body;
    const boost::json::value document = json_of(response);
    const boost::json::value* value = document.as_object().if_contains(name);
    return value == nullptr ? "(missing)" : boost::json::serialize(*value);
  }
  std::string rows(const std::string& target) {
    return boost::json::serialize(json_of(get(target)).at("rows"));
  }
  Site& site() { return site_; }
  /// Nobody may see the table `secret`. To be called before the first request.
  void close_secret() {
    boost::json::value& databases = site_.configuration().config["databases"];
    databases.at("db").at("tables").as_object()["secret"] = {{"allow", false}};
  }

 private:
  Site site_;
};

TEST_F(ExtrasTest, AQueryThatWritesHasNoRowsInAnyShape) {
  struct Case {
    const char* shape;
    int status;
    const char* start;
  };
  const Case cases[] = {{"objects", 200, R"({"ok":true,"rows":[],)"},
                        {"arrays", 200, R"({"ok":true,"rows":[],)"},
                        {"array", 200, "[]"},
                        {"arrayfirst", 200, "[]"},
                        {"object", 400, R"({"ok":false,"error":"_shape=object is only)"},
                        {"x", 400, R"({"ok":false,"error":"Invalid _shape: x")"}};
  for (const auto& [shape, status, start] : cases) {
    const http::Response response = get("/db/writer.json?name=a&_shape=" + std::string(shape));
    EXPECT_EQ(response.status, status) << shape;
    EXPECT_THAT(response.body, testing::StartsWith(start)) << shape;
  }
}

TEST_F(ExtrasTest, Values) {
  struct Case {
    const char* path;
    const char* name;
    const char* value;
  };
  const Case cases[] = {
      {"/db/place.json", "count", "4"},
      {"/db/place.json?area=1", "count", "1"},
      {"/db/place.json?_nocount=0", "count", "null"},
      {"/db/vacant.json", "count", "0"},
      {"/db/place.json", "count_truncated", "false"},
      {"/db/place.json", "count_sql", R"("select count(*) from place ")"},
      {"/db/place.json?id__gt=1&_next=2", "count_sql",
       R"("select count(*) from place where \"id\" > :p0 ")"},
      {"/db/place.json?_sort=title&area=1", "human_description_en",
       R"("where area = 1 sorted by title")"},
      {"/db/rowids.json", "columns", R"(["rowid","a","b"])"},
      {"/db/rowids.json?_nocol=a", "columns", R"(["rowid","b"])"},
      {"/db/rowids.json?_nocol=a", "all_columns", R"(["a","b"])"},
      {"/db/seen.json?_col=title", "columns", R"(["title"])"},
      {"/db/seen.json", "primary_keys", "[]"},
      {"/db/rowids.json", "primary_keys", "[]"},
      {"/db/pair.json", "primary_keys", R"(["k1","k2"])"},
      {"/db/place.json?_size=1&_sort_desc=title", "query",
       R"({"sql":"select id, title, area, parent, lost, secret, k1, k2 from place )"
       R"(order by title desc limit 2","params":{}})"},
      {"/db/seen.json?_size=1&_next=1", "query",
       R"({"sql":"select id, title from seen  limit 2 offset 1","params":{}})"},
      {"/db/pair.json?v__gt=0&k1=a&_where=v<5", "query",
       R"({"sql":"select k1, k2, v from pair where \"k1\" = :p0 and \"v\" > :p1 and v<5 )"
       R"(order by k1, k2 limit 101","params":{"p0":"a","p1":0}})"},
      {"/db/seen.json", "is_view", "true"},
      {"/db/place.json", "is_view", "false"},
      {"/db/place.json", "private", "false"},
      {"/db/place.json", "set_column_type_ui", "null"},
      {"/db/seen.json", "table_definition", "null"},
      {"/db/seen.json", "view_definition", R"("CREATE VIEW seen as select id, title from place;")"},
      {"/db/rowids.json", "view_definition", "null"},
      {"/db/rowids.json", "table_definition", R"("CREATE TABLE rowids(a, b);")"},
      {"/db/place.json", "database", R"("db")"},
      {"/db/o~2Ed~2Fd~25~22~C3~A9.json", "table", R"("o.d/d%\"é")"},
      {"/db/o~2Ed~2Fd~25~22~C3~A9.json", "columns", R"(["id","co\"l.é%/","_under"])"},
      {"/db/o~2Ed~2Fd~25~22~C3~A9.json?_size=0", "query",
       R"({"sql":"select id, \"co\"\"l.é%/\", _under from \"o.d/d%\"\"é\" order by id limit 1",)"
       R"("params":{}})"},
      {"/db/place.json?_facet=area&_size=1&_sort=id&area__gt=1", "form_hidden_args",
       R"([["_facet","area"],["_size","1"],["_extra","form_hidden_args"]])"},
      {"/db/place.json", "metadata",
       R"({"title":"Places","columns":{"title":"What it is called"}})"},
      {"/db/rowids.json", "metadata", R"({"columns":{}})"},
      {"/db/typed.json", "column_types",
       R"({"bio":{"type":"textarea","config":{"rows":3}},"doc":{"type":"json","config":null},)"
       R"("mail":{"type":"email","config":null},"site":{"type":"url","config":null}})"},
      {"/db/rowids.json?_size=0&_x=%C3%A9&_x=", "request",
       R"({"url":"http://site.example/db/rowids.json?_size=0&_x=%C3%A9&_x=&_extra=request",)"
       R"("path":"/db/rowids.json",)"
       R"("full_path":"/db/rowids.json?_size=0&_x=%C3%A9&_x=&_extra=request",)"
       R"("host":"site.example","args":{"_size":["0"],"_x":["é",""],"_extra":["request"]}})"},
      {"/db/rowids.json?_size=0", "renderers",
       R"({"json":"/db/rowids.json?_size=0&_extra=renderers&_format=json"})"},
      {"/db/place.json", "renderers",
       R"({"json":"/db/place.json?_extra=renderers&_format=json&_labels=on"})"},
      {"/db/rowids.json", "custom_table_templates",
       R"(["_table-db-rowids.html","_table-table-db-rowids.html","_table.html"])"},
      {"/db/pair/a,b.json", "columns", R"(["k1","k2","v"])"},
      {"/db/pair/a,b.json", "foreign_key_tables", "[]"},
      {"/db/pair/a,b.json", "query",
       R"({"sql":"select * from pair where \"k1\"=:p0 AND \"k2\"=:p1",)"
       R"("params":{"p0":"a","p1":"b"}})"},
      {"/db/rowids/1.json", "query",
       R"({"sql":"select rowid, * from rowids where \"rowid\"=:p0","params":{"p0":"1"}})"},
      {"/db/rowids/1.json", "columns", R"(["rowid","a","b"])"},
      {"/db/words/a~26b~3Dc.json", "foreign_key_tables",
       R"([{"other_table":"points","column":"word","other_column":"word","count":1,)"
       R"("link":"/db/points?word=a%26b%3Dc"}])"},
      {"/db/coded/1.json", "foreign_key_tables",
       R"([{"other_table":"user_of_code","column":"code","other_column":"code","count":2,)"
       R"("link":"/db/user_of_code?code=c1"}])"},
      {"/db/o~2Ed~2Fd~25~22~C3~A9/1.json", "foreign_key_tables",
       R"([{"other_table":"points","column":"id","other_column":"_to","count":1,)"
       R"("link":"/db/points?_to__exact=1"}])"},
      {"/db/-/query.json?sql=select+1+as+a,+:x+as+b&x=5", "columns", R"(["a","b"])"},
      {"/db/-/query.json?sql=select+:x+as+b&x=5&y=6", "query",
       R"({"sql":"select :x as b","params":{"x":"5"}})"},
      {"/db/-/query.json?sql=select+1", "render_cell", "[{}]"},
      {"/db/-/query.json?sql=select+1+where+0", "render_cell", "[]"},
      {"/db/hello.json", "query", R"({"sql":"select :name as greeting","params":{"name":""}})"},
      {"/db/defaults.json?b=x", "query",
       R"({"sql":"select :f, :i, :b, :n",)"
       R"("params":{"f":2.5,"i":9007199254740993,"b":"x","n":null}})"},
      {"/db/writer.json", "columns", "[]"},
      {"/db/-/query.json?sql=select+1", "metadata", R"({"title":"The database"})"},
  };
  for (const auto& [path, name, value] : cases) {
    EXPECT_EQ(boost::json::parse(extra(path, name)), boost::json::parse(value))
        << path << " " << name;
  }
}

TEST_F(ExtrasTest, ColumnDetails) {
  EXPECT_EQ(extra("/db/place/1.json", "column_details"), extra("/db/place.json", "column_details"));
  const boost::json::value details =
      boost::json::parse(extra("/db/place.json?_col=area", "column_details"));
  EXPECT_EQ(details.at("title"),
            boost::json::parse(R"json({"type":"varchar(20)","sqlite_type":"TEXT","notnull":true,
              "default":"'it''s'","is_pk":false,"pk_position":0,"hidden":0})json"));
  EXPECT_EQ(details.at("parent").at("sqlite_type"), "BLOB");
  const boost::json::value made = boost::json::parse(extra("/db/made.json", "column_details"));
  EXPECT_EQ(made.at("b").at("hidden"), 2);
  EXPECT_EQ(made.at("c").at("hidden"), 3);
  EXPECT_FALSE(made.as_object().contains("rowid"));
  const boost::json::value pair = boost::json::parse(extra("/db/pair.json", "column_details"));
  EXPECT_EQ(pair.at("k2").at("pk_position"), 2);
}

TEST_F(ExtrasTest, DisplayColumnsBeginWithWhatLeadsToTheRow) {
  const auto first = [this](const std::string& path) {
    return boost::json::serialize(
        boost::json::parse(extra(path, "display_columns")).as_array().at(0));
  };
  const std::string link = R"({"name":"Link","sortable":false,"is_pk":false,"type":"","notnull":0,)"
                           R"("is_special_link_column":true})";
  EXPECT_EQ(first("/db/place.json"),
            R"({"name":"id","sortable":true,"is_pk":true,"type":"INTEGER","notnull":0})");
  EXPECT_EQ(first("/db/pair.json"), link);
  EXPECT_EQ(first("/db/rowids.json"), link);
  EXPECT_EQ(first("/db/seen.json"),
            R"({"name":"id","sortable":true,"is_pk":false,"type":"INTEGER","notnull":0,)"
            R"("description":null,"column_type":null,"column_type_config":null})");
  const boost::json::value place = boost::json::parse(extra("/db/place.json", "display_columns"));
  EXPECT_EQ(place.at(1).at("description"), "What it is called");
  const boost::json::value typed = boost::json::parse(extra("/db/typed.json", "display_columns"));
  EXPECT_EQ(typed.at(4).at("column_type"), "textarea");
  EXPECT_EQ(typed.at(4).at("column_type_config").at("rows"), 3);
  EXPECT_TRUE(typed.at(5).at("column_type").is_null()) << "numbers have no type";
}

TEST_F(ExtrasTest, RenderCellHoldsTypedCellsAlone) {
  const boost::json::value cells = boost::json::parse(extra("/db/typed.json", "render_cell"));
  EXPECT_EQ(cells.at(0).at("site"),
            "<a href=\"https://e.org/?a=1&amp;b=&#34;2&#34;\">"
            "https://e.org/?a=1&amp;b=&#34;2&#34;</a>");
  EXPECT_EQ(cells.at(0).at("mail"), "<a href=\"mailto:a@b.c\">a@b.c</a>");
  EXPECT_EQ(cells.at(0).at("doc"),
            "<pre>{\n  &#34;k&#34;: [\n    1,\n    {\n      &#34;x&#34;: &#34;&lt;b&gt;&#34;\n"
            "    }\n  ],\n  &#34;e&#34;: []\n}</pre>");
  EXPECT_FALSE(cells.at(0).as_object().contains("bio"));
  EXPECT_TRUE(cells.at(1).as_object().empty()) << "a script is no link: " << cells;
  EXPECT_FALSE(cells.at(2).as_object().contains("site")) << "not even in disguise: " << cells;
  EXPECT_EQ(cells.at(2).at("doc"), "<pre>1.50</pre>");
  EXPECT_EQ(cells.at(3).at("site"), "<a href=\"other/page\">other/page</a>");
  EXPECT_THAT(std::string(cells.at(3).at("mail").as_string()),
              HasSubstr("mailto:x&#34; onclick=&#34;y\">"));
  EXPECT_EQ(extra("/db/typed/2.json", "render_cell"), "[{}]");
  EXPECT_EQ(extra("/db/vacant.json", "render_cell"), "[]");
  EXPECT_EQ(extra("/db/typed.json?_col=n&_size=1", "render_cell"), "[{}]");
  const std::string page = get("/db/typed").body;
  EXPECT_THAT(page, HasSubstr("<a href=\"mailto:a@b.c\">"));
  EXPECT_THAT(page, HasSubstr("<pre>{\n  &#34;k&#34;"));
  EXPECT_THAT(page, Not(HasSubstr("href=\"javascript")));
}

TEST_F(ExtrasTest, UnknownNamesAre400InJsonAlone) {
  struct Case {
    const char* target;
    const char* message;
  };
  const Case cases[] = {
      {"/db/place.json?_extra=zz,count,aa&_extra=aa", "Unknown _extra: aa, zz"},
      {"/db/place.json?_extra=COUNT", "Unknown _extra: COUNT"},
      {"/db/place.json?_extra=+count", "Unknown _extra:  count"},
      {"/db/place.json?_extra=display_rows", "Unknown _extra: display_rows"},
      {"/db/place.json?_extra=foreign_key_tables", "Unknown _extra: foreign_key_tables"},
      {"/db/place.json?_extra=x&_shape=array", "Unknown _extra: x"},
      {"/db/place/1.json?_extra=count", "Unknown _extra: count"},
      {"/db/-/query.json?sql=select+1&_extra=table", "Unknown _extra: table"},
      {"/db/hello.json?_extra=count", "Unknown _extra: count"},
      {"/db/writer.json?_extra=count", "Unknown _extra: count"},
  };
  for (const auto& [target, message] : cases) {
    const http::Response response = get(target);
    EXPECT_EQ(response.status, 400) << target;
    EXPECT_EQ(error_of(response), message) << target;
  }
  for (const char* target :
       {"/db/place?_extra=zz", "/db/place/1?_extra=zz", "/db/-/query?sql=select+1&_extra=zz",
        "/db/place.json?_extra=&_extra=count,"}) {
    EXPECT_EQ(get(target).status, 200) << target;
  }
}

TEST_F(ExtrasTest, TheListOfExtrasHasLinksBothWays) {
  const boost::json::value list =
      boost::json::parse(extra("/db/place.json?_x=&_size=1&_extra=count", "extras"));
  EXPECT_EQ(list.as_array().size(), 32U);
  EXPECT_EQ(list.at(0).at("name"), "count");
  EXPECT_EQ(list.at(0).at("selected"), true);
  EXPECT_EQ(list.at(0).at("toggle_url"), "http://site.example/db/place.json?_size=1&_extra=extras");
  EXPECT_EQ(list.at(1).at("selected"), true) << "count brings it";
  EXPECT_EQ(list.at(1).at("toggle_url"),
            "http://site.example/db/place.json?_size=1&_extra=count&_extra=extras");
  EXPECT_EQ(boost::json::parse(extra("/db/place/1.json", "extras")).as_array().size(), 15U);
  EXPECT_EQ(boost::json::parse(extra("/db/hello.json", "extras")).as_array().size(), 10U);
}

TEST_F(ExtrasTest, ARowHasEachMemberOnce) {
  const std::string body =
      get("/db/place/1.json?_extra=database,table,primary_keys,database_color").body;
  EXPECT_EQ(body.find("\"database\":"), body.rfind("\"database\":"));
  EXPECT_EQ(body.find("\"primary_keys\":"), body.rfind("\"primary_keys\":"));
  EXPECT_THAT(body, HasSubstr("\"database_color\":\""));
}

TEST_F(ExtrasTest, AFailedQueryTellsItsExtras) {
  const http::Response response = get("/db/broken.json?_extra=query,columns,render_cell");
  EXPECT_EQ(response.status, 400);
  EXPECT_EQ(response.body,
            R"({"ok":false,"rows":[],"columns":[],"render_cell":[],"query":{"sql":)"
            R"("select * from no_such_table","params":{}},"error":"no such table: no_such_table",)"
            R"("errors":["no such table: no_such_table"],"status":400,"truncated":false})");
}

TEST_F(ExtrasTest, AParameterThatIsListedTwiceStandsThereOnce) {
  EXPECT_THAT(get("/db/twice.json?name=x&_extra=query").body,
              HasSubstr(R"("query":{"sql":"select :name as greeting","params":{"name":"x"}})"));
}

TEST_F(ExtrasTest, MetadataOfAStoredQueryIsTheQuery) {
  const boost::json::value query = boost::json::parse(extra("/db/hello.json", "metadata"));
  EXPECT_EQ(query.at("title"), "Hello");
  EXPECT_EQ(query.at("sql"), "select :name as greeting");
  EXPECT_FALSE(query.as_object().contains("source"));
  EXPECT_FALSE(query.as_object().contains("private"));
}

TEST_F(ExtrasTest, Labels) {
  close_secret();
  struct Case {
    const char* query;
    const char* rows;
  };
  const Case cases[] = {
      {"_labels=on&_col=area",
       R"([{"id":1,"area":{"value":1,"label":"North"}},{"id":2,"area":{"value":2,"label":null}},)"
       R"({"id":3,"area":9},{"id":4,"area":{"value":3,"label":""}}])"},
      {"_labels=TRUE&_col=parent&_shape=arrays",
       R"([[1,null],[2,{"value":1,"label":"One"}],[3,{"value":2,"label":"Two"}],[4,99]])"},
      {"_label=lost&_labels=off&_col=lost&_col=area&_size=1",
       R"([{"id":1,"lost":{"value":7,"label":"7"},"area":1}])"},
      {"_label=area&_labels=on&_col=lost&_size=1", R"([{"id":1,"lost":7}])"},
      {"_labels=maybe&_col=area&_size=1", R"([{"id":1,"area":1}])"},
      {"_labels=&_label=&_col=area&_size=1", R"([{"id":1,"area":1}])"},
      {"_label=title&_label=nope&_col=title&_size=1", R"([{"id":1,"title":"One"}])"},
      {"_labels=on&_col=k1&_col=k2&_size=1", R"([{"id":1,"k1":"a","k2":"b"}])"},
      {"_labels=on&_col=secret&_size=1", R"([{"id":1,"secret":1}])"},
  };
  for (const auto& [query, expected] : cases) {
    EXPECT_EQ(rows(std::string("/db/place.json?") + query), expected) << query;
  }
  EXPECT_EQ(get("/db/place.csv?_labels=on&_col=area&_col=secret").body,
            "id,area,area_label,secret\r\n1,1,North,1\r\n2,2,,1\r\n3,9,,\r\n4,3,,\r\n");
  EXPECT_EQ(support::body_of(get("/db/place.csv?_label=area&_stream=1&_col=area&_col=lost")),
            "id,area,area_label,lost\r\n1,1,North,7\r\n2,2,,\r\n3,9,,x\r\n4,3,,\r\n");
  EXPECT_EQ(rows("/db/place/1.json?_labels=on").find("label"), std::string::npos);
}

TEST_F(ExtrasTest, WhatMayNotBeSeenStaysOut) {
  close_secret();
  for (const char* target :
       {"/db/place.json?_labels=on", "/db/place.json?_extra=expandable_columns",
        "/db/place.json?_facet=secret&_extra=facet_results", "/db/place.csv?_labels=on"}) {
    const http::Response response = get(target);
    EXPECT_EQ(response.status, 200) << target;
    EXPECT_THAT(response.body, Not(HasSubstr("hidden name"))) << target;
    EXPECT_THAT(response.body, Not(HasSubstr("\"other_table\":\"secret\""))) << target;
  }
  EXPECT_EQ(extra("/db/place.json", "expandable_columns"),
            R"([[{"column":"lost","other_table":"nowhere","other_column":"id"},null],)"
            R"([{"column":"parent","other_table":"place","other_column":null},"title"],)"
            R"([{"column":"area","other_table":"area","other_column":"id"},"name"]])");
}

TEST_F(ExtrasTest, TheTimeLimitOfTheMainQueryCanBeLowered) {
  EXPECT_EQ(get("/db/place.json?_timelimit=10000").status, 200);
  EXPECT_EQ(get("/db/place.json?_timelimit=0&_extra=count").status, 200);
  for (const char* path : {"/db/place.json", "/db/place", "/db/place.csv"}) {
    EXPECT_EQ(get(std::string(path) + "?_timelimit=-1").status, 400) << path;
    EXPECT_EQ(get(std::string(path) + "?_timelimit=abc").status, 400) << path;
  }
}

TEST_F(ExtrasTest, TraceNeedsItsSetting) {
  for (const char* target : {"/db/place.json?_trace=1", "/db/place?_trace=1"}) {
    EXPECT_THAT(get(target).body, Not(HasSubstr("num_traces"))) << target;
  }
  EXPECT_EQ(get("/db/place.csv?_trace=1").headers.value("Content-Type"),
            "text/plain; charset=utf-8");
}

TEST_F(ExtrasTest, TraceTellsTheStatements) {
  site().settings().trace_debug = true;
  const http::Response response = get("/db/place.json?id=2&_extra=count&_trace=1");
  EXPECT_FALSE(response.headers.has("ETag"));
  const boost::json::value trace = json_of(response).at("_trace");
  EXPECT_EQ(trace.at("num_traces").as_int64(),
            static_cast<std::int64_t>(trace.at("traces").as_array().size()));
  bool has_page = false;
  for (const boost::json::value& statement : trace.at("traces").as_array()) {
    EXPECT_EQ(statement.at("type"), "sql");
    EXPECT_EQ(statement.at("database"), "db");
    EXPECT_TRUE(statement.at("error").is_null());
    has_page = has_page ||
               (statement.at("sql").as_string().find("limit 101") != boost::json::string::npos &&
                statement.at("params").at(":p0") == "2");
  }
  EXPECT_TRUE(has_page) << trace;
  EXPECT_FALSE(json_of(get("/db/place.json?_trace=on")).as_object().contains("_trace"));
  EXPECT_TRUE(json_of(get("/db/place.json?_trace=1&_shape=array")).is_array());
  EXPECT_THAT(get("/db/place?_trace=1").body, HasSubstr("&#34;num_traces&#34;: "));
  const http::Response csv = get("/db/area.csv?_trace=1&_dl=1");
  EXPECT_EQ(csv.headers.value("Content-Type"), "text/html; charset=utf-8");
  EXPECT_FALSE(csv.headers.has("Content-Disposition"));
  EXPECT_THAT(csv.body, HasSubstr("1,North"));
  EXPECT_THAT(get("/db/place?_trace=1&_where=title='</pre><b>'").body, Not(HasSubstr("</pre><b>")));
}

TEST_F(ExtrasTest, ContextNeedsItsSetting) {
  EXPECT_THAT(get("/db/place?_context=1").body, Not(HasSubstr("Template context")));
  EXPECT_EQ(json_of(get("/db/place.json?_context=1&_size=0")).at("ok"), true);
}

TEST_F(ExtrasTest, ContextShowsWhatTemplatesAreGiven) {
  site().settings().template_debug = true;
  for (const char* target : {"/", "/db", "/db/place", "/db/place/1", "/db/-/query?sql=select+1"}) {
    const std::string separator = std::string(target).find('?') == std::string::npos ? "?" : "&";
    const http::Response response = get(target + separator + "_context=1");
    EXPECT_EQ(response.status, 200) << target;
    EXPECT_THAT(response.body, HasSubstr("<pre>{&#34;templates&#34;:[&#34;")) << target;
    EXPECT_THAT(response.body, HasSubstr("BODY_CLASS: &gt;")) << target;
    EXPECT_THAT(response.body, Not(HasSubstr("<body"))) << target;
  }
}

}  // namespace
}  // namespace tapedeck
