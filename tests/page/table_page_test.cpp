#include <stdexcept>
#include <string>
#include <vector>

#include <gmock/gmock.h>

#include "base/digest.hpp"
#include "http/percent.hpp"
#include "support/site.hpp"

namespace tapedeck {
namespace {

using support::body_of;
using support::error_of;
using support::json_of;
using support::Site;
using testing::HasSubstr;

constexpr const char* kBooks = R"(
  create table author(id integer primary key, name text);
  insert into author values (1, 'Jane'), (2, 'Mary');
  create table book(id integer primary key, title text, author integer references author(id),
                    rating real, cover blob, tags text);
  insert into book values
    (1, 'Emma', 1, 4.5, x'ff00', '["a","b"]'), (2, 'Persuasion', 1, null, null, '[]'),
    (3, 'Frankenstein', 2, 4.1, x'89', 'x'), (4, 'Lost', 9, 9e999, 'text', null);
  create virtual table book_fts using fts5(title, content=book, content_rowid='id');
  insert into book_fts(book_fts) values ('rebuild');
  create table plain(a, b);
  insert into plain values (1, 2), (3, x'00ff');
  create table pair(k1 text, k2 text, v, primary key (k1, k2));
  insert into pair values ('a,b', 'x y', 1), ('a', '', 2);
  create view seen as select id, title from book;
  create table far(id integer primary key, "miles from here where none" text);
  insert into far values (1, '9');
  create table untyped(a, b, primary key (a, b));
  insert into untyped values (1, 2), ('1', 3), (1.5, x'61'), ('inf', 'text'),
    (9e999, 'more'), (-9e999, 'less');
  create table endless(x real primary key, y text);
  insert into endless values (9e999, 'a'), (1, 'b');
  create table "we ird/table.csv%"(id integer primary key, "a ""quoted"" column" text);
  insert into "we ird/table.csv%" values (1, 'x');
)";

class TablePageTest : public testing::Test {
 protected:
  TablePageTest() { site_.add_database("db", kBooks); }

  http::Response get(std::string_view target) { return site_.get(target); }
  Site& site() { return site_; }

 private:
  Site site_;
};

TEST_F(TablePageTest, JsonHasTheDocumentedKeys) {
  const http::Response response = get("/db/book.json?_size=2&_col=title");
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.headers.value("Content-Type"), "application/json; charset=utf-8");
  EXPECT_EQ(response.body,
            R"({"ok":true,"next":"2","next_url":"http://site.example/db/book.json?_size=2&)"
            R"(_col=title&_next=2","rows":[{"id":1,"title":"Emma"},{"id":2,"title":"Persuasion"}],)"
            R"("truncated":false})");
  EXPECT_EQ(response.headers.value("Link"),
            "<http://site.example/db/book.json?_size=2&_col=title&_next=2>; rel=\"next\"");
  EXPECT_EQ(response.headers.value("Cache-Control"), "max-age=5");
  EXPECT_EQ(response.headers.value("X-Content-Type-Options"), "nosniff");
}

TEST_F(TablePageTest, ShapesAndLines) {
  EXPECT_EQ(get("/db/pair.json?_shape=arrayfirst").body, R"(["a","a,b"])");
  EXPECT_EQ(get("/db/pair.json?_shape=object&_col=v").body,
            R"({"a,":{"k1":"a","k2":"","v":2},"a~2Cb,x+y":{"k1":"a,b","k2":"x y","v":1}})");
  const http::Response lines = get("/db/pair.json?_shape=array&_nl=on&_col=v");
  EXPECT_EQ(lines.headers.value("Content-Type"), "text/plain");
  EXPECT_EQ(lines.body,
            "{\"k1\":\"a\",\"k2\":\"\",\"v\":2}\n"
            "{\"k1\":\"a,b\",\"k2\":\"x y\",\"v\":1}");
  EXPECT_EQ(error_of(get("/db/plain.json?_shape=object")),
            "_shape=object not available for tables with no primary keys");
  EXPECT_EQ(get("/db/plain?_shape=nonsense").status, 200) << "pages ignore it";
}

TEST_F(TablePageTest, ColumnsMayBeCalledLikePartsOfAStatement) {
  for (const char* extension : {"", ".json", ".csv"}) {
    const http::Response response = get(std::string("/db/far/1") + extension);
    EXPECT_EQ(response.status, 200) << extension << body_of(response);
  }
}

TEST_F(TablePageTest, RowsOfKeysWithoutATypeAreFoundByTheirAddresses) {
  const std::pair<const char*, const char*> cases[] = {
      {"1,2", R"({"a":1,"b":2})"},
      {"1,3", R"({"a":"1","b":3})"},
      {"1~2E5,a", R"({"a":1.5,"b":{"$base64":true,"encoded":"YQ=="}})"},
      {"inf,text", R"({"a":"inf","b":"text"})"},
      {"inf,more", R"({"a":null,"b":"more"})"},
      {"-inf,less", R"({"a":null,"b":"less"})"},
  };
  for (const auto& [key, row] : cases) {
    const std::string path = std::string("/db/untyped/") + key;
    EXPECT_EQ(get(path + ".json?_shape=array").body, std::string("[") + row + "]");
    EXPECT_THAT(body_of(get("/db/untyped")), HasSubstr("href=\"" + path + "\""));
  }
  for (const char* key : {"0,text", "x,2", "1,9", "nan,text", "-inf,text"}) {
    EXPECT_EQ(get(std::string("/db/untyped/") + key + ".json").status, 404) << key;
  }
  EXPECT_EQ(get("/db/endless/inf.json?_shape=array").body, R"([{"x":null,"y":"a"}])");
}

TEST_F(TablePageTest, NextUrlStartsFromTheQueryWithoutBlanks) {
  const boost::json::value document =
      json_of(get("/db/book.json?_x=&_size=1&_next=1&title__notcontains=a+%26+b&_sort="));
  EXPECT_EQ(document.at("next_url").as_string(),
            "http://site.example/db/book.json?_size=1&title__notcontains=a+%26+b&_next=2");
}

TEST_F(TablePageTest, BadArgumentsAre400WithTheirMessage) {
  struct Case {
    std::string query;
    std::string message;
  };
  const Case cases[] = {
      {"_size=abc", "_size must be a positive integer"},
      {"_size=-1", "_size must be a positive integer"},
      {"_size=1001", "_size must be <= 1000"},
      {"_size=99999999999999999999", "_size must be <= 1000"},
      {"_size=1%00", "_size must be a positive integer"},
      {"_sort=nope", "Cannot sort table by nope"},
      {"_sort=id&_sort_desc=id", "Cannot use _sort and _sort_desc at the same time"},
      {"_sort=id%00", std::string("Cannot sort table by id\0", 24)},
      {"_col=nope&_col=x", "_col=nope, x - invalid columns"},
      {"_nocol=id", "_nocol=id - invalid columns"},
      {"_shape=nope", "Invalid _shape: nope"},
      {"_shape=", "Invalid _shape: "},
      {"_json_infinity=maybe", "_json_infinity must be on, off, true, false, 1 or 0"},
      {"_sort=title&_next=a,b,c", "_next does not match the key of this table: a,b,c"},
      {"title__in=[", "title__in: the value is no JSON array"},
      {"title__in=[[]]", "title__in: a list may hold only plain values"},
      {"_where=1%00", "SQL contains a NUL character"},
      {"_where=:nope", "You did not supply a value for binding parameter :nope."},
      {"_where=?", "You did not supply a value for binding parameter ?."},
      {"_where=nope", "no such column: nope"},
      {"_search_nope=x", "Cannot search by that column"},
      {"_search=%22", "fts5: syntax error near \"\""},
  };
  for (const auto& [query, message] : cases) {
    const http::Response response = get("/db/book.json?" + query);
    EXPECT_EQ(response.status, 400) << query << response.body;
    EXPECT_EQ(error_of(response), message) << query;
    for (const char* path : {"/db/book?", "/db/book.csv?"}) {
      if (query.starts_with("_shape") || query.starts_with("_json")) continue;
      const http::Response page = get(path + query);
      EXPECT_EQ(page.status, 400) << path << query;
      EXPECT_EQ(page.headers.value("Content-Type"), "text/html; charset=utf-8") << path << query;
    }
  }
  EXPECT_EQ(error_of(get("/db/seen.json?_next=abc")),
            "_next must be a number of rows on a view: abc");
}

TEST_F(TablePageTest, AStrangersConditionCannotLeaveItsPlace) {
  for (const char* where : {"1=1) or (1=1",
                            "1 union select 2",
                            "1) union select (1",
                            "/*",
                            "1 /*",
                            "1; select 2",
                            ";",
                            "",
                            "select 1",
                            "1 limit 1",
                            "1 order by 1",
                            "1 group by 1",
                            "'",
                            "\"",
                            "[",
                            "`",
                            "load_extension('x')",
                            "writefile('/tmp/x', 'y')",
                            "fts3_tokenizer('x') is null",
                            "1) -- "}) {
    for (const char* path : {"/db/book.json", "/db/book", "/db/book.csv", "/db/book.csv"}) {
      const std::string target =
          std::string(path) + "?title=none&_where=" + http::form_encode(where);
      const http::Response response = get(target);
      EXPECT_EQ(response.status, 400) << target << ' ' << response.body.substr(0, 200);
    }
  }
  // Comments end with their line, and filters before the condition still hold.
  for (const char* where : {"1 -- ", "1 or 1 -- )", "1=1 or 1=1", "1 /* comment */"}) {
    const http::Response response =
        get("/db/book.json?title=Emma&_where=" + http::form_encode(where));
    EXPECT_EQ(response.status, 200) << where;
    EXPECT_EQ(support::rows_of(json_of(response)).size(), 1U) << where;
  }
}

TEST_F(TablePageTest, NothingInAQueryIsWorthA500) {
  const std::string keys[] = {"_size",
                              "_sort",
                              "_sort_desc",
                              "_next",
                              "_col",
                              "_nocol",
                              "_shape",
                              "_nl",
                              "_json",
                              "_json_infinity",
                              "_where",
                              "_search",
                              "_search_title",
                              "_searchmode",
                              "_fts_table",
                              "_fts_pk",
                              "_ttl",
                              "_stream",
                              "_header",
                              "_dl",
                              "_blob_column",
                              "_blob_hash",
                              "_filter_column",
                              "_filter_op",
                              "_filter_value",
                              "_filter_column_1",
                              "_sort_by_desc",
                              "_nocount",
                              "id",
                              "title__in",
                              "title__date",
                              "tags__arraycontains",
                              "no such\"column",
                              "__exact",
                              "x__y__gt"};
  const std::string values[] = {"",
                                "1",
                                "-1",
                                "max",
                                "$null,1",
                                "\"",
                                "'",
                                "%",
                                "\\",
                                std::string("a\0b", 3),
                                "\xff",
                                "[",
                                "[1]",
                                "{}",
                                ":p0",
                                "title",
                                "id",
                                "book",
                                "book_fts",
                                "99999999999999999999",
                                "1e999",
                                "NaN",
                                "\r\nX: y",
                                std::string(5000, 'a'),
                                std::string(2000, '('),
                                std::string(500, ',')};
  for (const char* path :
       {"/db/book", "/db/book.json", "/db/book.csv", "/db/book.blob", "/db/seen.json", "/db/plain",
        "/db/book/1", "/db/book/1.json", "/db/book/1.blob", "/db", "/db.json", "/"}) {
    for (const std::string& key : keys) {
      for (const std::string& value : values) {
        const std::string target =
            std::string(path) + "?" + http::form_encode(key) + "=" + http::form_encode(value);
        const http::Response response = get(target);
        EXPECT_LT(response.status, 500) << target.substr(0, 300) << response.body.substr(0, 200);
        EXPECT_NO_THROW(static_cast<void>(body_of(response))) << target;
        for (const auto& [name, field] : response.headers.fields()) {
          EXPECT_EQ(field.find_first_of("\r\n"), std::string::npos) << target << name;
        }
      }
    }
  }
}

TEST_F(TablePageTest, ManyFiltersAreRefusedBeforeTheyCostMuch) {
  std::string query;
  for (int i = 0; i < 3000; ++i) query += "id=" + std::to_string(i) + "&";
  EXPECT_EQ(get("/db/book.json?" + query).status, 400);
  std::string list;
  for (int i = 0; i < 20000; ++i) list += std::to_string(i % 7) + ",";
  // A long list is one value, with the numbers of the short one.
  const http::Response in_list = get("/db/book.json?_shape=arrayfirst&id__in=" + list);
  EXPECT_EQ(in_list.body, get("/db/book.json?_shape=arrayfirst&id__in=0,1,2,3,4,5,6").body);
  EXPECT_EQ(in_list.status, 200);
  EXPECT_EQ(error_of(get("/db/book.json?" + query)), "Filters may hold at most 1000 values");
}

TEST_F(TablePageTest, AnAnswerTooLargeToBuildIsRefused) {
  Site big;
  big.add_database("db",
                   "create table t(id integer primary key, b blob);"
                   "insert into t values (1, zeroblob(700000)), (2, zeroblob(700000))");
  big.settings().max_answer_mb = 1;
  EXPECT_EQ(big.get("/db/t.json?_size=1").status, 200);
  for (const char* target : {"/db/t.json", "/db/t.json?_shape=object", "/db/t.json?_shape=array",
                             "/db/-/query.json?sql=select+b+from+t"}) {
    EXPECT_THAT(error_of(big.get(target)), testing::HasSubstr("max_answer_mb")) << target;
  }
  EXPECT_EQ(big.get("/db/t").status, 200);
}

TEST_F(TablePageTest, LinksThatRepeatALongQueryStringCountAsTheAnswer) {
  Site site;
  std::string columns;
  for (int i = 0; i < 40; ++i) columns += ", c" + std::to_string(i);
  site.add_database("db", "create table t(id integer primary key" + columns +
                              "); with recursive n(i) as (select 1 union all select i + 1 from n "
                              "where i < 200) insert into t (id, c0) select i, i from n");
  site.settings().max_answer_mb = 1;
  const std::string padding = "&_x=" + std::string(8000, 'x');
  for (const std::string target :
       {"/db/t?_nofacet=1", "/db/t?_col=c0&_facet=c0&_facet_size=200",
        "/db/t.json?_size=0&_facet=c0&_facet_size=200&_extra=facet_results",
        "/db/t.json?_size=0&_facet=c0&_facet_size=200&_extra=sorted_facet_results"}) {
    EXPECT_EQ(site.get(target).status, 200) << target;
    const http::Response refused = site.get(target + padding);
    EXPECT_EQ(refused.status, 400) << target;
    EXPECT_THAT(refused.body, testing::HasSubstr("max_answer_mb")) << target;
  }
}

TEST_F(TablePageTest, TheFilterFormBecomesAPlainQuery) {
  struct Case {
    const char* query;
    const char* location;
  };
  const Case cases[] = {
      {"_filter_column=title&_filter_op=contains&_filter_value=a+b",
       "/db/book?title__contains=a+b"},
      {"_filter_column=title&_filter_value=x", "/db/book?title__exact=x"},
      {"_filter_column=title&_filter_op=isnull__1&_filter_value=x", "/db/book?title__isnull=1"},
      {"_filter_column_1=id&_filter_op_1=gt&_filter_value_1=2&_size=5",
       "/db/book?_size=5&id__gt=2"},
      {"_filter_column=&_filter_op=exact&_filter_value=", "/db/book"},
      {"_sort=title&_sort_by_desc=on", "/db/book?_sort_desc=title"},
      {"_sort_by_desc=on", "/db/book"},
      {"_sort_by_desc=on&_sort=", "/db/book?_sort_desc="},
      // One step at a time.
      {"_filter_column=id&_filter_op=gt&_filter_value=2&_sort=title&_sort_by_desc=on",
       "/db/book?_sort=title&_sort_by_desc=on&id__gt=2"},
      {"_filter_column_1=id&_filter_value_1=2&_filter_column_1=title", "/db/book?id__exact=2"},
      {"_filter_column=%0d%0aX&_filter_value=%0d%0aSet-Cookie:+x",
       "/db/book?%0D%0AX__exact=%0D%0ASet-Cookie%3A+x"},
  };
  for (const auto& [query, location] : cases) {
    const http::Response response = get(std::string("/db/book?") + query);
    EXPECT_EQ(response.status, 302) << query;
    EXPECT_EQ(response.headers.value("Location"), location) << query;
    EXPECT_EQ(response.headers.value("Link"), "<" + std::string(location) + ">; rel=preload");
  }
}

TEST_F(TablePageTest, FormatsByExtension) {
  struct Case {
    const char* path;
    int status;
    const char* type;
  };
  const Case cases[] = {
      {"/db/book", 200, "text/html; charset=utf-8"},
      {"/db/book.html", 200, "text/html; charset=utf-8"},
      {"/db/book.json", 200, "application/json; charset=utf-8"},
      {"/db/book.csv", 200, "text/plain; charset=utf-8"},
      {"/db/book.csv?_dl=1", 200, "text/csv; charset=utf-8"},
      {"/db/book.blob?_blob_column=cover", 200, "application/binary"},
      {"/db/book.xml", 404, "text/html; charset=utf-8"},
      {"/db/we+ird~2Ftable~2Ecsv~25", 200, "text/html; charset=utf-8"},
      {"/db/we+ird~2Ftable~2Ecsv~25.json", 200, "application/json; charset=utf-8"},
      {"/db/BOOK.json", 404, "application/json; charset=utf-8"},
  };
  for (const auto& [path, status, type] : cases) {
    const http::Response response = get(path);
    EXPECT_EQ(response.status, status) << path;
    EXPECT_EQ(response.headers.value("Content-Type"), type) << path;
  }
  EXPECT_EQ(get("/db/we+ird~2Ftable~2Ecsv~25.csv?_dl=1").headers.value("Content-Disposition"),
            "attachment; filename=\"we+ird~2Ftable~2Ecsv~25.csv\"");
}

TEST_F(TablePageTest, BlobsAreFoundByHash) {
  const std::string hash = base::sha256_hex(std::string_view("\x89", 1));
  const http::Response by_hash = get("/db/book.blob?_blob_column=cover&_blob_hash=" + hash);
  EXPECT_EQ(by_hash.status, 200);
  EXPECT_EQ(by_hash.body, "\x89");
  EXPECT_EQ(by_hash.headers.value("Content-Disposition"),
            "attachment; filename=\"book-cover-" + hash.substr(0, 6) + ".blob\"");
  EXPECT_EQ(by_hash.headers.value("X-Content-Type-Options"), "nosniff");
  EXPECT_EQ(get("/db/book/1.blob?_blob_column=cover").body, std::string_view("\xff\0", 2));
  EXPECT_EQ(get("/db/book/1.blob?_blob_column=cover").headers.value("Content-Disposition"),
            "attachment; filename=\"book-1-cover.blob\"");
  EXPECT_EQ(get("/db/book/2.blob?_blob_column=cover").body, "");
  EXPECT_EQ(get("/db/book/4.blob?_blob_column=cover").body, "text");
  struct Case {
    const char* target;
    int status;
    const char* message;
  };
  const Case cases[] = {
      {"/db/book/1.blob", 400, "?_blob_column= is required"},
      {"/db/book/1.blob?_blob_column=nope", 400, "nope is not a valid column"},
      {"/db/book.blob?_blob_column=cover&_blob_hash=00", 400, "Link has expired"},
      {"/db/book/9.blob?_blob_column=cover", 404, "Row not found"},
  };
  for (const auto& [target, status, message] : cases) {
    const http::Response response = get(target);
    EXPECT_EQ(response.status, status) << target;
    EXPECT_THAT(response.body, HasSubstr(message)) << target;
  }
}

TEST_F(TablePageTest, CsvNamesBlobsByTheirUrl) {
  const http::Response csv = get("/db/plain.csv");
  EXPECT_EQ(csv.body,
            "rowid,a,b\r\n1,1,2\r\n2,3,http://site.example/db/plain/2.blob?_blob_column=b\r\n");
  const std::string url = "/db/plain/2.blob?_blob_column=b";
  EXPECT_EQ(get(url).body, std::string_view("\0\xff", 2));
  EXPECT_THAT(get("/db/book.csv").body,
              HasSubstr("http://site.example/db/book/1.blob?_blob_column=cover"));
}

TEST_F(TablePageTest, CsvStreamRefusals) {
  EXPECT_THAT(get("/db/book.csv?_stream=1&_next=1").body,
              HasSubstr("_next not allowed for CSV streaming"));
  site().settings().allow_csv_stream = false;
  const http::Response response = get("/db/book.csv?_stream=1");
  EXPECT_EQ(response.status, 400);
  EXPECT_THAT(response.body, HasSubstr("CSV streaming is disabled"));
}

TEST_F(TablePageTest, AStreamIsNeitherTaggedNorStored) {
  const http::Response response = get("/db/book.csv?_stream=1");
  EXPECT_FALSE(response.headers.has("ETag"));
  EXPECT_EQ(response.headers.value("X-Accel-Expires"), "0");
  EXPECT_TRUE(response.stream);
}

TEST_F(TablePageTest, AStreamReadsItsOwnCopyOfTheRequest) {
  // Behind another proxy on this machine dispatch answers to an altered copy of the request.
  http::Request request = support::make_request("GET", "/db/book.csv?_stream=1&_col=cover&id=1",
                                                {{"X-Forwarded-Proto", "https"}});
  request.remote_address = "127.0.0.1";
  const http::Response response = site().send(request);
  EXPECT_EQ(body_of(response),
            "id,cover\r\n1,https://site.example/db/book/1.blob?_blob_column=cover\r\n");
}

TEST(CsvLimit, BreaksTheStream) {
  Site site;
  site.add_database("db", R"(
    create table t(id integer primary key, text text);
    with recursive c(i) as (select 1 union all select i + 1 from c where i < 3000)
      insert into t select i, hex(zeroblob(500)) from c;
  )");
  site.settings().max_csv_mb = 1;
  const http::Response response = site.get("/db/t.csv?_stream=1");
  EXPECT_EQ(response.status, 200);
  try {
    static_cast<void>(body_of(response));
    ADD_FAILURE() << "the stream ended as if it were whole";
  } catch (const std::runtime_error& error) {
    EXPECT_STREQ(error.what(), "CSV contains more than 1048576 bytes");
  }
  EXPECT_NO_THROW(static_cast<void>(body_of(site.get("/db/t.csv?_stream=1&id__lt=900"))));
}

TEST_F(TablePageTest, RowPages) {
  const boost::json::value row = json_of(get("/db/pair/a~2Cb,x+y.json"));
  EXPECT_EQ(boost::json::serialize(row.at("rows")), R"([{"k1":"a,b","k2":"x y","v":1}])");
  EXPECT_EQ(boost::json::serialize(row.at("primary_keys")), R"(["k1","k2"])");
  EXPECT_EQ(boost::json::serialize(row.at("primary_key_values")), R"(["a,b","x y"])");
  EXPECT_EQ(boost::json::serialize(json_of(get("/db/plain/1.json")).at("rows")),
            R"([{"rowid":1,"a":1,"b":2}])");
  EXPECT_EQ(get("/db/pair/a,.json").status, 200) << "an empty component is a value";
  struct Case {
    const char* target;
    int status;
    const char* message;
  };
  const Case cases[] = {
      {"/db/book/99.json", 404, "Row not found"},
      {"/db/book/x.json", 404, "Row not found"},
      {"/db/book/1,2.json", 400,
       "URL row identifier does not match the primary key for this table"},
      {"/db/pair/a.json", 400, "URL row identifier does not match the primary key for this table"},
      {"/db/seen/1.json", 404, "Row not found"},
      {"/db/nope/1.json", 404, "Table not found"},
  };
  for (const auto& [target, status, message] : cases) {
    const http::Response response = get(target);
    EXPECT_EQ(response.status, status) << target;
    EXPECT_EQ(error_of(response), message) << target;
  }
  EXPECT_EQ(get("/db/book/1.xml").status, 404);
  EXPECT_THAT(get("/db/author/1").body, HasSubstr("/db/book?author=1"));
  EXPECT_THAT(get("/db/book/1").body, HasSubstr("<a href=\"/db/author/1\">Jane</a>"));
}

TEST_F(TablePageTest, TheTimeToLiveCanBeAskedFor) {
  struct Case {
    const char* query;
    const char* value;
  };
  const Case cases[] = {
      {"_ttl=60", "max-age=60"},      {"_ttl=0", "no-cache"},
      {"_ttl=-1", "max-age=5"},       {"_ttl=x", "max-age=5"},
      {"_ttl=5,public", "max-age=5"}, {"_ttl=99999999999999999999", "max-age=31536000"},
  };
  for (const auto& [query, value] : cases) {
    EXPECT_EQ(get(std::string("/db/book.json?") + query).headers.value("Cache-Control"), value)
        << query;
  }
}

/// What publishers have in their files: SQLite marks none of it as safe in a schema.
TEST(OrdinarySchemas, JsonFunctionsAndFullTextTablesWorkInThem) {
  Site site;
  site.add_database("db", R"(
    create table t(id integer primary key, d text,
                   a generated always as (json_extract(d, '$.a')) virtual,
                   check (json_valid(d)));
    create index by_a on t(json_extract(d, '$.a'));
    create index some on t(id) where json_valid(d);
    insert into t(d) values ('{"a":7}');
    create virtual table words using fts5(body);
    insert into words values ('one two');
    create virtual table box using rtree(id, x0, x1);
    insert into box values (1, 0, 5);
    create view json_view as select json_object('a', a) as j, d ->> '$.a' as a from t;
    create view found as select rowid, body, snippet(words, 0, '[', ']', '', 5) as s from words
      where words match 'two';
    create view boxes as select id, x1 from box;
  )");
  const std::pair<const char*, const char*> cases[] = {
      {"/db/t.json?_shape=array", R"([{"id":1,"d":"{\"a\":7}","a":7}])"},
      {"/db/json_view.json?_shape=array", R"([{"j":"{\"a\":7}","a":7}])"},
      {"/db/found.json?_shape=array&_nocol=rowid", R"([{"body":"one two","s":"one [two]"}])"},
      {"/db/boxes.json?_shape=array", R"([{"id":1,"x1":5.0}])"},
      {"/db/-/query.json?_shape=array&sql=select+a+from+t", R"([{"a":7}])"},
      {"/db/-/query.json?_shape=array&sql=select+s+from+found", R"([{"s":"one [two]"}])"},
  };
  for (const char* change : {"create table zz(a)", "drop table zz"}) {
    for (const auto& [target, rows] : cases) {
      const http::Response response = site.get(target);
      EXPECT_EQ(response.status, 200) << target;
      EXPECT_EQ(body_of(response), rows) << target;
    }
    support::run_sql(site.folder() / "db.db", change);  // the schema is read anew
  }
}

TEST(OrdinarySchemas, ForeignKeysMayReferToAnyColumnOrToNone) {
  Site site;
  site.add_database("db", R"(
    create table city(id integer primary key, code int unique, name text);
    insert into city values (1, 2, 'Rome'), (2, 1, 'Oslo');
    create table visit(id integer primary key, city int references city(code));
    insert into visit values (1, 2);
    create table lost(id integer primary key, r references city(nosuch));
    create table "returning"(id integer primary key, "nothing" text);
    insert into "returning" values (1, 'x');
  )");
  EXPECT_THAT(body_of(site.get("/db/visit")), HasSubstr("<a href=\"/db/city?code=2\">Rome</a>"));
  EXPECT_EQ(site.get("/db/city/1").status, 200);
  EXPECT_EQ(site.get("/db/city/1.json?_extra=foreign_key_tables").status, 200);
  EXPECT_EQ(body_of(site.get("/db/returning.json?_shape=array")), R"([{"id":1,"nothing":"x"}])");
}

TEST(OrdinarySchemas, LongListsCompareAsShortOnes) {
  Site site;
  site.add_database(
      "db",
      "create table zip(id integer primary key, z text, n integer, r real, b);"
      "insert into zip values (1, '1', 1, 1, 1), (2, '2', 2, 2, '1'), "
      "(3, 'x', null, 0.1, 1.0), (4, 'x' || char(0) || 'y', 9007199254740993, 7, x'31')");
  const std::pair<const char*, std::pair<const char*, const char*>> lists[] = {
      {"z", {"1", "[1]"}},      {"z", {R"("x\u0000y")", "[4]"}}, {"z", {R"("x")", "[3]"}},
      {"n", {R"("1")", "[1]"}}, {"n", {"1.0", "[1]"}},           {"n", {"9007199254740993", "[4]"}},
      {"r", {"0.1", "[3]"}},    {"r", {R"("0.1")", "[3]"}},      {"b", {"1", "[1,3]"}},
      {"b", {R"("1")", "[2]"}}, {"id", {"true", "[1]"}},         {"id", {"null", "[]"}},
  };
  for (const auto& [column, list] : lists) {
    for (const int members : {1, 100, 900, 901, 990}) {
      std::string text = list.first;
      for (int i = 1; i < members; ++i) text += "," + std::string(list.first);
      const std::string path = "/db/zip.json?_shape=arrayfirst&" + std::string(column) + "__in=";
      EXPECT_EQ(body_of(site.get(path + http::form_encode("[" + text + "]"))), list.second)
          << column << ' ' << list.first << ' ' << members;
    }
  }
}

}  // namespace
}  // namespace tapedeck
