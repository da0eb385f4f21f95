#include <string>

#include <gmock/gmock.h>

#include "http/percent.hpp"
#include "http/tilde.hpp"
#include "support/site.hpp"

/// Text that would break out of every place a page has, in every place where text of others stands.
namespace tapedeck {
namespace {

using support::Site;

const std::string hostile_text =
    "\"'><script>alert(1)</script></title></pre>--><img src=x onerror=alert(1)>";

std::string sql_text(const std::string& text, char quote) {
  std::string out(1, quote);
  for (const char c : text) {
    out += c;
    if (c == quote) out += c;
  }
  return out + quote;
}

class HostileTextTest : public testing::Test {
 protected:
  HostileTextTest() {
    const std::string name = sql_text(hostile_text, '"');
    const std::string value = sql_text(hostile_text, '\'');
    site_.add_database("db", "create table " + name + "(" + name + " text primary key, other text" +
                                 ", ref text references " + name + "(" + name + "));" +
                                 "insert into " + name + " values (" + value + ", " + value + ", " +
                                 value + "), ('javascript:alert(1)', '', null);" + "create index " +
                                 sql_text(hostile_text + "index", '"') + " on " + name +
                                 "(other);" + "create view " +
                                 sql_text(hostile_text + "view", '"') + " as select * from " +
                                 name + ";" + "create table t(id integer primary key, name text);" +
                                 "create virtual table t_fts using fts5(name, content=t);");
  }

  void expect_harmless(const std::string& target, int status) {
    const http::Response response = site_.get(target);
    EXPECT_EQ(response.status, status) << target << response.body.substr(0, 300);
    for (const auto& [field, text] : response.headers.fields()) {
      EXPECT_EQ(text.find_first_of("\r\n"), std::string::npos) << field;
    }
    if (!response.headers.value("Content-Type").starts_with("text/html")) return;
    EXPECT_FALSE(response.headers.value("Content-Security-Policy").empty());
    for (const char* bad : {"<script>alert", "<img src=x", "\"'>", "</pre>--", "</title></pre>",
                            "href=\"javascript:"}) {
      const std::size_t at = response.body.find(bad);
      EXPECT_EQ(at, std::string::npos)
          << target << " has " << bad << " in " << response.body.substr(at < 80 ? 0 : at - 80, 200);
    }
  }
  Site& site() { return site_; }

 private:
  Site site_;
};

TEST_F(HostileTextTest, NamesOfTablesColumnsAndRows) {
  const std::string table = "/db/" + http::tilde_encode(hostile_text);
  for (const std::string& target :
       {std::string("/"), std::string("/db"), table, table + "/" + http::tilde_encode(hostile_text),
        "/db/" + http::tilde_encode(hostile_text + "view"), table + "?_sort=other",
        table + "?" + http::form_encode(hostile_text) + "__gt=" + http::form_encode(hostile_text),
        table + "?_sort_desc=" + http::form_encode(hostile_text) + "&_size=1"}) {
    expect_harmless(target, 200);
  }
  expect_harmless(table + "/nope", 404);
  expect_harmless(table + ".csv?_dl=1", 200);
}

TEST_F(HostileTextTest, Arguments) {
  const std::string hostile = http::form_encode(hostile_text);
  for (const std::string& argument :
       {"name=" + hostile, "name__in=" + hostile, "_search=" + hostile, "_ttl=" + hostile,
        hostile + "=" + hostile, "_" + hostile + "=" + hostile,
        "_where=" + http::form_encode("name='" + std::string("<script>alert(1)</script>") + "'")}) {
    expect_harmless("/db/t?" + argument, 200);
  }
  for (const std::string& argument :
       {"_sort=" + hostile, "_size=" + hostile, "_col=" + hostile, "_nocol=" + hostile,
        "_where=" + hostile, "_search_" + hostile + "=x", "name__in=[" + hostile}) {
    expect_harmless("/db/t?" + argument, 400);
  }
  expect_harmless("/db/t.csv?_size=" + hostile, 400);
  expect_harmless("/" + http::tilde_encode(hostile), 404);
  expect_harmless("/db/" + http::tilde_encode(hostile + "gone"), 404);
  expect_harmless("/db/t/" + http::tilde_encode(hostile), 404);
  expect_harmless("/db/t.xyz?a=" + hostile, 404);
}

TEST_F(HostileTextTest, RawBytesInTheTarget) {
  // nginx hands on what the client wrote.
  for (const char* target :
       {"/db/t?x=\"'><script>alert(1)</script>", "/db/t?_x=\"'><script>alert(1)</script>",
        "/?\"'><script>alert(1)</script>", "/db?a=\"'><img src=x>", "/db/t?a=1&\"'>=x"}) {
    expect_harmless(target, 200);
  }
  expect_harmless("/\"'><script>alert(1)</script>", 404);
  expect_harmless("/db/\"'><script>alert(1)<", 404);
}

TEST_F(HostileTextTest, ALinkHeaderHoldsOnlyItsOwnLinks) {
  for (const char* target : {"/db/t?x=>;rel=stylesheet,<http://evil.example/>",
                             "/db/t?a=1&_x=>;rel=preload,<//evil.example"}) {
    const http::Response response = site().get(target);
    for (const auto& [field, text] : response.headers.fields()) {
      if (field != "Link") continue;
      EXPECT_EQ(text.find('<', 1), std::string::npos) << text;
      EXPECT_EQ(text.find('>'), text.rfind('>')) << text;
    }
  }
}

TEST_F(HostileTextTest, Metadata) {
  const std::string quoted = boost::json::serialize(boost::json::value(hostile_text));
  Site described;
  described.add_database("db", "create table t(id integer primary key, name text)");
  const std::string texts =
      R"("title": )" + quoted + R"(, "description": )" + quoted + R"(, "license": )" + quoted +
      R"-(, "license_url": "javascript:alert(1)", "source": )-" + quoted + R"(, "source_url": )" +
      quoted + R"(, "about": )" + quoted + R"(, "about_url": "data:text/html,x")";
  described.describe("{" + texts + R"(, "databases": {"db": {)" + texts + R"(, "tables": {"t": {)" +
                     texts + R"(, "columns": {"name": )" + quoted + "}}}}}}");
  for (const char* target : {"/", "/db", "/db/t", "/-/"}) {
    const std::string body = described.get(target).body;
    for (const char* bad : {"<script>alert", "<img src=x", "href=\"javascript:", "\"'>"}) {
      EXPECT_EQ(body.find(bad), std::string::npos) << target << bad;
    }
  }
}

}  // namespace
}  // namespace tapedeck
