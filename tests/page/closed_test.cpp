#include <filesystem>
#include <regex>
#include <string>

#include <gmock/gmock.h>

#include "auth/token.hpp"
#include "base/text.hpp"
#include "support/site.hpp"

/// What is closed leaves no trace: no content, no name, no number.
namespace tapedeck {
namespace {

using support::body_of;
using support::Site;
using testing::HasSubstr;
using testing::Not;

constexpr const char* kSql = R"(
  create table secret(id integer primary key autoincrement, name text, open_id integer
                      references open(id));
  insert into secret values (1, 'topsecretlabel', 1), (2, 'another', 1);
  create table open(id integer primary key, secret_id integer references secret(id), t text);
  insert into open values (1, 1, 'visible'), (2, 1, 'more');
  create virtual table secret_fts using fts5(name, content='secret', content_rowid='id');
  insert into secret_fts(secret_fts) values ('rebuild');
  create virtual table open_fts using fts5(t, content='open', content_rowid='id');
  insert into open_fts(open_fts) values ('rebuild');
  create table found(id integer primary key, t text);
  insert into found values (1, 'apple'), (2, 'pear');
  create virtual table found_fts using fts5(t, content="found", content_rowid='id');
  insert into found_fts(found_fts) values ('rebuild');
  create view open_view as select name as shown from secret;
  create view closed_view as select id from open;
  analyze;
)";

/// A page without the time that its queries took.
std::string untimed(const std::string& page) {
  return std::regex_replace(page, std::regex("took [0-9.]+"), "took");
}

class ClosedTest : public testing::Test {
 protected:
  ClosedTest() {
    site_.add_database("db", kSql, /*immutable=*/true);
    site_.add_database("hidden",
                       "create table t(id integer primary key); insert into t values (7)");
    site_.configure(R"({"databases": {
        "db": {"tables": {"secret": {"allow": {"id": "root"}},
                          "closed_view": {"allow": {"id": "root"}}},
               "queries": {"q_secret": {"sql": "select 1", "allow": false},
                           "q_open": "select 1"}},
        "hidden": {"allow": false}}})");
  }
  http::Response get(std::string_view target, Site::Fields headers = {}) {
    return site_.get(target, headers);
  }
  http::Response as_root(std::string_view target) {
    const auto& secret = site_.configuration().secret;
    const std::string token = auth::make_token(secret, {{"a", "root"}, {"t", 1}});
    return site_.get(target, {{"authorization", "Bearer " + token}});
  }

 protected:
  Site site_;
};

TEST_F(ClosedTest, TheTableAnswers403InEveryFormat) {
  for (const char* target :
       {"/db/secret", "/db/secret.json", "/db/secret.csv", "/db/secret.csv?_stream=1",
        "/db/secret.blob?_blob_column=name", "/db/secret/1", "/db/secret/1.json",
        "/db/secret/1.csv", "/db/secret/99.json", "/db/secret.json?_size=x", "/db/secret.xyz",
        "/hidden", "/hidden.json", "/hidden/t.json", "/hidden/nope.json", "/hidden/t/7.json",
        "/hidden.db", "/db.db"}) {
    const http::Response response = get(target);
    EXPECT_EQ(response.status, 403) << target;
    EXPECT_FALSE(response.headers.has("ETag")) << target;
    EXPECT_EQ(response.headers.value("X-Accel-Expires"), "0") << target;
  }
}

TEST_F(ClosedTest, ARefusalDoesNotTellWhatThereIs) {
  EXPECT_EQ(get("/hidden/t.json").body, get("/hidden/nope.json").body);
}

TEST_F(ClosedTest, SizeAndHashOfItsFileAreForThoseWhoSeeAllOfIt) {
  const std::string hash = *site_.instance().find_database("db")->hash();
  const std::string color = "\"" + hash.substr(0, 6) + "\"";
  for (const char* target : {"/.json", "/-/databases.json", "/db/open.json?_extra=database_color",
                             "/-/queries.json", "/db/-/queries.json"}) {
    const std::string body = get(target).body;
    EXPECT_THAT(body, Not(HasSubstr(hash))) << target;
    EXPECT_THAT(body, Not(HasSubstr(color))) << target;
  }
  EXPECT_THAT(get("/db.json").body, HasSubstr(R"("size":null)"));
  EXPECT_THAT(get("/-/databases.json").body, HasSubstr(R"("size":null)"));
  EXPECT_THAT(as_root("/-/databases.json").body, HasSubstr(hash));
  EXPECT_THAT(as_root("/db/-/queries.json").body, HasSubstr(color));
  EXPECT_THAT(as_root("/db.json").body, Not(HasSubstr(R"("size":null)")));
}

TEST_F(ClosedTest, NothingOfItStandsOnOpenPages) {
  for (const char* target : {"/",
                             "/.json",
                             "/-/",
                             "/-/.json?_sort=relationships",
                             "/db",
                             "/db.json",
                             "/db?_show_hidden=1",
                             "/db/open",
                             "/db/open/1",
                             "/db/open.json",
                             "/db/open/1.json",
                             "/db/open.csv",
                             "/-/jump.json",
                             "/-/queries.json",
                             "/-/queries",
                             "/db/-/queries.json",
                             "/db/open_fts/-/schema.json",
                             "/db/open.json?_facet=secret_id",
                             "/db/open?_facet=secret_id",
                             "/-/allowed.json?action=view-table",
                             "/-/databases.json"}) {
    const http::Response response = get(target);
    EXPECT_EQ(response.status, 200) << target;
    for (const char* trace : {"topsecretlabel", "/db/secret", "secret_fts", "q_secret", "/hidden",
                              "\"hidden\"}", "\"name\":\"hidden\""}) {
      EXPECT_THAT(response.body, Not(HasSubstr(trace))) << target;
    }
  }
  const boost::json::value database = support::json_of(get("/db.json"));
  EXPECT_EQ(database.at("queries_count"), 1);
  EXPECT_EQ(database.at("allow_execute_sql"), true);
  EXPECT_FALSE(database.at("table_columns").as_object().contains("secret"));
  for (const boost::json::value& table : database.at("tables").as_array()) {
    EXPECT_THAT(boost::json::serialize(table), Not(HasSubstr("secret\""))) << table;
  }
}

TEST_F(ClosedTest, SchemasLeaveItsStatementsOut) {
  for (const char* target : {"/-/schema", "/-/schema.json", "/-/schema.md", "/db/-/schema",
                             "/db/-/schema.json", "/db/-/schema.md"}) {
    const http::Response response = get(target);
    EXPECT_EQ(response.status, 200) << target;
    const std::string body = body_of(response);
    EXPECT_THAT(body, HasSubstr("CREATE TABLE open")) << target;
    EXPECT_THAT(body, Not(HasSubstr("CREATE TABLE secret"))) << target;
    EXPECT_THAT(body, Not(HasSubstr("secret_fts"))) << target;
    EXPECT_THAT(body, Not(HasSubstr("hidden"))) << target;
  }
  for (const char* target :
       {"/db/secret/-/schema", "/db/secret/-/schema.json", "/db/secret/-/schema.md",
        "/hidden/-/schema.md", "/hidden/t/-/schema.json", "/db/q_secret/-/definition",
        "/hidden/q/-/definition"}) {
    EXPECT_EQ(get(target).status, 403) << target;
  }
  const boost::json::value queries = support::json_of(get("/hidden/-/queries.json"));
  EXPECT_TRUE(queries.at("queries").as_array().empty());
  EXPECT_TRUE(queries.at("facets").as_array().empty() ||
              queries.at("facets").at(0).at("items").as_array().empty());
  EXPECT_TRUE(queries.at("database_color").is_null());
}

/// What shows it though no rule names it is as if it were not there.
TEST_F(ClosedTest, ItsFullTextIndexAndTablesAboutTablesAreNotThere) {
  for (const char* path : {"secret_fts", "secret_fts_data", "secret_fts_idx", "secret_fts_docsize",
                           "sqlite_sequence", "sqlite_stat1"}) {
    for (const char* rest : {"", ".json", "/1.json", "/-/schema", "/-/schema.json", "/-/fragment",
                             "/-/autocomplete?q=a", ".csv?_stream=1"}) {
      const std::string start = "/db/";
      const http::Response response = get(start + path + rest);
      const http::Response missing = get(start + "nope" + rest);
      EXPECT_EQ(response.status, 404) << path << rest;
      EXPECT_EQ(base::replace_all(untimed(response.body), path, "nope"), untimed(missing.body))
          << path << rest;
    }
  }
  EXPECT_EQ(get("/db/open_fts.json").status, 200);
}

TEST_F(ClosedTest, ARuleSaysTheSameWhetherThereIsSuchATable) {
  site_.configure(R"({"databases": {"db": {"tables": {"secret": {"allow": false},
                                                       "nowhere": {"allow": false}}}}})");
  for (const char* rest : {"", ".json", "/1", "/1.json", "/-/schema", "/-/schema.json",
                           "/-/fragment", "/-/autocomplete?q=a", ".csv?_stream=1"}) {
    for (const char* name : {"secret", "Secret", "nowhere", "NOWHERE"}) {
      EXPECT_EQ(get(std::string("/db/") + name + rest).status, 403) << name << rest;
    }
    const std::string closed = untimed(get(std::string("/db/secret") + rest).body);
    EXPECT_EQ(base::replace_all(closed, "secret", "nowhere"),
              untimed(get(std::string("/db/nowhere") + rest).body))
        << rest;
  }
}

/// Where tables are closed unless a rule opens them, all other names are alike.
TEST_F(ClosedTest, WhatNoRuleOpensIsAlike) {
  site_.configure(R"({"databases": {"db": {"permissions": {"view-table": {"id": "root"}},
                                           "tables": {"open": {"allow": true}}}}})");
  EXPECT_EQ(get("/db/open.json").status, 200);
  for (const char* rest : {"", ".json", "/1", "/-/schema", "/-/fragment"}) {
    for (const char* name : {"secret", "nowhere", "secret_fts", "sqlite_stat1"}) {
      EXPECT_EQ(get(std::string("/db/") + name + rest).status, 403) << name << rest;
    }
  }
  const auto query = [&](const std::string& sql) { return get("/db/-/query.json?sql=" + sql); };
  EXPECT_EQ(query("select+*+from+secret").body, query("select+*+from+nope").body);
}

TEST_F(ClosedTest, AnOpenQueryOfItsNameIsReached) {
  site_.configure(R"({"databases": {"db": {
      "tables": {"secret": {"allow": {"id": "root"}}},
      "queries": {"secret": "select 7 as n", "open": "select 8 as n", "secret_fts": "select 9 as n"}}}})");
  EXPECT_THAT(get("/db/secret.json").body, HasSubstr(R"("rows":[{"n":7}])"));
  EXPECT_THAT(get("/db/secret_fts.json").body, HasSubstr(R"("rows":[{"n":9}])"));
  EXPECT_THAT(get("/db/open.json").body, HasSubstr("visible"));
  EXPECT_THAT(as_root("/db/secret.json").body, HasSubstr("topsecretlabel"));
  EXPECT_THAT(get("/-/openapi.json").body, HasSubstr("\"/db/secret.json\""));
}

TEST_F(ClosedTest, SqlOfVisitorsDoesNotReachIt) {
  for (const char* sql : {
           "select+*+from+secret",
           "select+1+from+secret",
           "select+count(*)+from+main.Secret",
           "select+(select+name+from+secret)",
           "with+x+as+(select+*+from+secret)+select+*+from+x",
           "with+open_view+as+(select+name+from+secret)+select+*+from+open_view",
           "select+*+from+secret_fts",
           "select+*+from+secret_fts('topsecretlabel')",
           "select+*+from+secret_fts_data",
           "select+*+from+sqlite_sequence",
           "select+*+from+sqlite_master",
           "select+*+from+sqlite_schema",
           "select+*+from+pragma_table_info('secret')",
           "select+*+from+pragma_table_list",
           "select+*+from+closed_view",
           "select+1+from+closed_view",
           "select+count(*)+from+closed_view",
           "select+nope+from+secret",
           "select+*+from+nope",
       }) {
    const http::Response response = get(std::string("/db/-/query.json?sql=") + sql);
    EXPECT_EQ(response.status, 400) << sql << response.body;
    EXPECT_EQ(support::error_of(response),
              "no such table, view or column, or one that may not be read")
        << sql;
    EXPECT_EQ(get(std::string("/db/open.json?_where=exists(") + sql + ")").status, 400) << sql;
  }
}

TEST_F(ClosedTest, SqlOfVisitorsReadsTheRest) {
  for (const char* sql :
       {"select+t+from+open", "select+*+from+open_fts('visible')", "select+*+from+open_view",
        "select+count(*)+from+open_view", "with+x+as+(select+*+from+open)+select+*+from+x",
        "select+value+from+json_each('[1]')"}) {
    const http::Response response = get(std::string("/db/-/query.json?sql=") + sql);
    EXPECT_EQ(response.status, 200) << sql << response.body;
  }
  EXPECT_THAT(get("/db/-/query.json?sql=select+shown+from+open_view").body,
              HasSubstr("topsecretlabel"))
      << "a view shows what it was made to show";
}

TEST(PrivateQuery, IsForNobody) {
  Site site;
  site.add_database("db", "create table t(a);");
  site.configure(R"({"databases": {"db": {"queries": {
      "hushed": {"sql": "select 1", "is_private": true, "allow": true}, "open": "select 2"}}}})");
  site.configuration().root = true;
  const std::string root =
      "Bearer " + auth::make_token(site.configuration().secret, {{"a", "root"}, {"t", 1}});
  for (const Site::Fields& headers : {Site::Fields(), Site::Fields{{"authorization", root}}}) {
    EXPECT_EQ(site.get("/db/hushed.json", headers).status, 403);
    EXPECT_EQ(site.get("/db/open.json", headers).status, 200);
    for (const char* target : {"/db/-/queries.json", "/-/queries.json", "/-/jump.json", "/db.json",
                               "/-/allowed.json?action=view-query", "/-/openapi.json"}) {
      const http::Response response = site.get(target, headers);
      EXPECT_EQ(response.status, 200) << target;
      EXPECT_THAT(response.body, Not(HasSubstr("hushed"))) << target;
      EXPECT_THAT(response.body, HasSubstr("open")) << target;
    }
  }
  const Site::Fields as_root{{"authorization", root}};
  const std::string reason = "config deny is_private for view-query on db/hushed";
  EXPECT_THAT(site.get("/-/rules.json?action=view-query", as_root).body, HasSubstr(reason));
  const http::Response checked =
      site.get("/-/check.json?action=view-query&parent=db&child=hushed", as_root);
  EXPECT_THAT(checked.body, HasSubstr(reason));
  EXPECT_THAT(checked.body, HasSubstr(R"("allowed":false)"));
  EXPECT_THAT(checked.body, HasSubstr("Denied by a resource-level rule."));
}

TEST(OpenView, ConditionsSeeOnlyTheRowsThatItShows) {
  Site site;
  site.add_database("t", R"(
      create table secret(id integer primary key, a text, public int, note text);
      create index secret_a on secret(a);
      insert into secret values (1, 'open', 1, '["x"]'), (2, 'hiddenword', 0, 'hidden note'),
                                (3, 'open3', 1, '["z"]');
      create table grant_(id integer primary key);
      insert into grant_ values (1), (3);
      create view v_plain as select id, a, note from secret where public = 1;
      create view v_join as select s.id, s.a, s.note from secret s join grant_ g on g.id = s.id;
      create view v_corr as select id, a, note from secret s
        where exists (select 1 from grant_ g where g.id = s.id);)");
  site.configure(R"({"databases": {"t": {"tables": {"secret": {"allow": false}}}}})");
  std::string complex;
  for (int i = 0; i < 5100; ++i) complex += "%25";
  for (const char* view : {"v_plain", "v_join", "v_corr"}) {
    const std::string start = std::string("/t/") + view + ".json?";
    const std::pair<std::string, std::string> filters[] = {
        {"a__startswith=hid", "note__like=" + complex},
        {"a__startswith=hid", "note__arraycontains=x"},
        {"_col=a&a__gte=hid&a__lt=hide", "a__like=" + complex},
    };
    for (const auto& [hit, probe] : filters) {
      const std::string miss = base::replace_all(hit, "hid", "hxy");
      EXPECT_EQ(site.get(start + hit + "&" + probe).body, site.get(start + miss + "&" + probe).body)
          << view << hit;
    }
    for (const char* columns : {"*", "a"}) {
      for (const char* condition :
           {"a+%3E+''+and+json_extract('{}',+'DUMP+'||a)", "json_extract('{}',+'DUMP+'||a||note)",
            "case+when+a+like+'hidden%25'+then+json('bad')+else+1+end"}) {
        const std::string sql =
            std::string("select+") + columns + "+from+" + view + "+where+" + condition;
        const http::Response response = site.get("/t/-/query.json?sql=" + sql);
        EXPECT_THAT(response.body, Not(HasSubstr("hidden"))) << sql;
        if (sql.find("case") != std::string::npos) {
          EXPECT_EQ(response.status, 200) << sql << response.body;
        }
      }
    }
  }
}

TEST_F(ClosedTest, StatementsAreNotSharedWithThoseWhoMaySeeMore) {
  const char* target = "/db/-/query.json?sql=select+name+from+secret";
  EXPECT_EQ(get(target).status, 400);
  EXPECT_EQ(as_root(target).status, 200);
  EXPECT_EQ(get(target).status, 400);
  EXPECT_EQ(as_root(target).status, 200);
}

TEST_F(ClosedTest, WhoMaySeeItSeesItAndNobodyKeepsIt) {
  for (const char* target : {"/db/secret", "/db/secret.json", "/db/secret.csv", "/db/secret/1",
                             "/db/secret_fts.json", "/db.json", "/", "/.json"}) {
    const http::Response response = as_root(target);
    EXPECT_EQ(response.status, 200) << target;
    EXPECT_EQ(response.headers.value("Cache-Control"), "private, no-store") << target;
    EXPECT_EQ(response.headers.value("X-Accel-Expires"), "0") << target;
    EXPECT_FALSE(response.headers.has("ETag")) << target;
  }
  // Whoever asks by cookie or token gets an answer of his own, even if he is nobody.
  const http::Response forged = get("/db/open.json", {{"cookie", "ds_actor=forged.x"}});
  EXPECT_EQ(forged.status, 200);
  EXPECT_EQ(forged.headers.value("Cache-Control"), "private, no-store");
  EXPECT_FALSE(forged.headers.has("ETag"));
  EXPECT_EQ(get("/db/secret.json").headers.value("Cache-Control"), "private, no-store");
}

TEST_F(ClosedTest, ABadTokenIsRefusedEverywhere) {
  for (const char* target : {"/", "/db/open", "/nope", "/-/static/app.css", "/-/health"}) {
    const http::Response response = get(target, {{"authorization", "Bearer dstok_forged"}});
    EXPECT_EQ(response.status, 401) << target;
    EXPECT_EQ(response.headers.value("content-type"), "application/json; charset=utf-8");
    EXPECT_EQ(support::error_of(response), "Invalid token signature");
    EXPECT_EQ(response.headers.value("www-authenticate"), "Bearer error=\"invalid_token\"");
  }
}

TEST_F(ClosedTest, NoArgumentReachesIt) {
  for (const char* argument : {"_search=topsecretlabel", "_search_t=topsecretlabel", "_size=1"}) {
    const std::string start = "/db/open.json?" + std::string(argument) + "&_fts_table=";
    for (const char* index : {"secret_fts", "SECRET_FTS", "secret_fts_data"}) {
      const http::Response response = get(start + index);
      const http::Response missing = get(start + "nope");
      EXPECT_EQ(response.status, missing.status) << start << index;
      EXPECT_EQ(base::replace_all(response.body, index, "nope"), missing.body) << start << index;
    }
  }
  for (const char* target : {"/db/open.json?_fts_table=secret&_search=x",
                             "/db/open.json?_fts_table=SECRET&_search_t=topsecretlabel",
                             "/db/open.json?_through=%7B%22table%22:%22secret%22,%22column%22:"
                             "%22id%22,%22value%22:1%7D"}) {
    EXPECT_EQ(get(target).status, 403) << target;
  }
  EXPECT_EQ(
      support::rows_of(support::json_of(get("/db/open.json?_fts_table=open_fts&_search=visible")))
          .size(),
      1U);
}

class ClosedIndexTest : public testing::Test {
 protected:
  ClosedIndexTest() {
    site_.add_database("db", R"(
        create table secret(id integer primary key, name text);
        insert into secret values (1, 'topsecretlabel');
        create table open(id integer primary key, t text);
        insert into open values (1, 'visible'), (2, 'more');
        create virtual table "f1"using fts5(name, content='secret', content_rowid='id');
        create virtual table f2 using "fts5"(name, content='secret', content_rowid='id');
        create virtual table f3/*c*/using fts5(name, content='secret', content_rowid='id');
        create virtual table f4 using fts5(name, cont='secret', content_rowid='id');
        create virtual table f5 using fts4(name, content="open", content="secret");
        create virtual table f6 using fts5(name, content='f1', content_rowid='rowid');
        create virtual table aaa using fts4(t, content="open");
        insert into aaa(aaa) values ('rebuild');
        create virtual table docs using fts5(a);
        create virtual table docs_pub using fts5(a);
        insert into docs_pub values ('public');
        create trigger told after insert on open begin insert into secret(name) values ('x'); end;)");
    site_.configure(R"({"databases": {"db": {"tables": {
        "SECRET": {"description": "x"}, "Secret": {"allow": false},
        "aaa": {"allow": false}, "docs": {"allow": false}}}}})");
  }
  http::Response get(std::string_view target) { return site_.get(target); }
  Site site_;
};

TEST_F(ClosedIndexTest, IndexesOverAClosedTableAreClosedHoweverTheyAreDeclared) {
  for (const char* table : {"f1", "f2", "f3", "f4", "f5", "f6"}) {
    EXPECT_EQ(get("/db/" + std::string(table) + ".json").status, 404) << table;
  }
  for (const char* table : {"aaa", "docs", "secret"}) {
    EXPECT_EQ(get("/db/" + std::string(table) + ".json").status, 403) << table;
  }
}

TEST_F(ClosedIndexTest, AClosedIndexIsNeitherNamedNorUsed) {
  EXPECT_THAT(body_of(get("/db.json")), Not(HasSubstr("aaa")));
  EXPECT_THAT(body_of(get("/.json")), Not(HasSubstr("aaa")));
  EXPECT_THAT(body_of(get("/db/open")), Not(HasSubstr("name=\"_search\"")));
  EXPECT_EQ(body_of(get("/db/open.json?_search=visible&_shape=arrays")),
            body_of(get("/db/open.json?_shape=arrays")));
}

TEST_F(ClosedIndexTest, TheNextIndexIsUsedInItsPlace) {
  support::run_sql(site_.folder() / "db.db", R"(
      create virtual table open_index using fts5(t, content="open", content_rowid='id');
      insert into open_index(open_index) values ('rebuild');)");
  EXPECT_EQ(body_of(get("/db/open.json?_search=visible&_shape=arrays&_extra=count")),
            body_of(get("/db/open.json?id=1&_shape=arrays&_extra=count")));
  EXPECT_THAT(body_of(get("/db/open")), HasSubstr("name=\"_search\""));
  EXPECT_THAT(get("/db.json").body, HasSubstr(R"("fts_table":"open_index")"));
}

TEST_F(ClosedIndexTest, ShadowTablesBelongToTheTableWithTheLongestName) {
  EXPECT_EQ(get("/db/docs_data.json").status, 404);
  EXPECT_EQ(get("/db/docs_pub_data.json").status, 200);
  EXPECT_EQ(get("/db/docs_pub.json?_where=1").status, 200);
}

TEST_F(ClosedIndexTest, TriggersThatNameClosedTablesAreNoPartOfSchemas) {
  const std::string schema = body_of(get("/db/-/schema.json"));
  EXPECT_THAT(schema, HasSubstr("CREATE TABLE open"));
  EXPECT_THAT(schema, Not(HasSubstr("told")));
}

/// A token for one table may search it, though its index is none of the tables that it names.
TEST_F(ClosedTest, AnIndexOutsideOfRestrictionsIsUsed) {
  const auto restrictions = boost::json::parse(R"({"r": {"db": {"found": ["vt"]}}})");
  const std::string token = auth::make_token(site_.configuration().secret,
                                             {{"a", "root"}, {"t", 1}, {"_r", restrictions}});
  const http::Response response = site_.get("/db/found.json?_search=apple&_shape=arrayfirst",
                                            {{"authorization", "Bearer " + token}});
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(body_of(response), "[1]");
}

TEST_F(ClosedTest, TroubleWithAClosedDatabaseIsARefusal) {
  std::filesystem::remove(site_.folder() / "hidden.db");
  for (const char* target : {"/hidden.json", "/hidden/t.json", "/hidden/-/query.json?sql=select+1",
                             "/hidden/t/-/schema.json", "/hidden/t/7"}) {
    EXPECT_EQ(get(target).status, 403) << target;
  }
}

}  // namespace
}  // namespace tapedeck
