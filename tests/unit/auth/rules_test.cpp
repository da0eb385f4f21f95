#include "auth/rules.hpp"

#include <string>

#include <gtest/gtest.h>

namespace tapedeck::auth {
namespace {

config::Configuration with(std::string_view json) {
  config::Configuration configuration;
  configuration.config = boost::json::parse({json.data(), json.size()}).as_object();
  return configuration;
}

bool allows(const config::Configuration& configuration, const char* actor, const char* action,
            Resource resource) {
  const boost::json::value who = boost::json::parse(actor);
  return is_allowed({.configuration = configuration,
                     .actor = who.if_object(),
                     .root_enabled = configuration.root},
                    *find_action(action), resource);
}

constexpr const char* kNobody = "null";
constexpr const char* kAlice = R"({"id": "alice"})";
constexpr const char* kBob = R"({"id": "bob"})";
constexpr const char* kRoot = R"({"id": "root"})";

struct Case {
  const char* config;
  const char* actor;
  const char* action;
  Resource resource;
  bool allowed;
};

void check(const Case& test, const config::Configuration& configuration) {
  EXPECT_EQ(allows(configuration, test.actor, test.action, test.resource), test.allowed)
      << test.config << ": " << test.actor << " " << test.action << " " << test.resource.database
      << "/" << test.resource.child;
}

TEST(Rules, TheMostSpecificLevelDecides) {
  const Case cases[] = {
      {"{}", kNobody, "view-instance", {}, true},
      {"{}", kNobody, "view-table", {"d", "t"}, true},
      {"{}", kNobody, "view-query", {"d", "q"}, true},
      {"{}", kNobody, "view-database-download", {"d"}, true},
      {"{}", kNobody, "execute-sql", {"d"}, true},
      {"{}", kNobody, "insert-row", {"d", "t"}, false},
      {"{}", kRoot, "permissions-debug", {}, false},
      // An open database in a closed instance.
      {R"({"allow": {"id": "*"}, "databases": {"a": {"allow": true}}})",
       kNobody,
       "view-instance",
       {},
       false},
      {R"({"allow": {"id": "*"}, "databases": {"a": {"allow": true}}})",
       kNobody,
       "view-database",
       {"a"},
       true},
      {R"({"allow": {"id": "*"}, "databases": {"a": {"allow": true}}})",
       kNobody,
       "view-table",
       {"a", "t"},
       true},
      // A table's own block leaves out those whom the database lets in.
      {R"({"databases": {"b": {"allow": {"id": "bob"}, "tables": {"t": {"allow":
           {"unauthenticated": true}}}}}})",
       kBob,
       "view-table",
       {"b", "t"},
       false},
      {R"({"databases": {"b": {"allow": {"id": "bob"}, "tables": {"t": {"allow":
           {"unauthenticated": true}}}}}})",
       kBob,
       "view-table",
       {"b", "u"},
       true},
      {R"({"databases": {"b": {"allow": {"id": "bob"}, "tables": {"t": {"allow":
           {"unauthenticated": true}}}}}})",
       kNobody,
       "view-table",
       {"b", "t"},
       true},
      // A query's block opens it inside of a closed database.
      {R"({"databases": {"d": {"allow": {}, "queries": {"q": {"sql": "", "allow": true}}}}})",
       kNobody,
       "view-query",
       {"d", "q"},
       true},
      {R"({"databases": {"d": {"allow": {}, "queries": {"q": {"sql": "", "allow": true}}}}})",
       kNobody,
       "view-database",
       {"d"},
       false},
      // A query's block is not about a table of that name.
      {R"({"databases": {"d": {"queries": {"q": {"sql": "", "allow": false}}}}})",
       kNobody,
       "view-table",
       {"d", "q"},
       true},
      // At one level a deny wins.
      {R"({"databases": {"d": {"tables": {"t": {"allow": false, "permissions": {"view-table":
           {"id": "bob"}}}}}}})",
       kBob,
       "view-table",
       {"d", "t"},
       false},
      {R"({"databases": {"a": {"permissions": {"insert-row": true}}}})",
       kNobody,
       "insert-row",
       {"a", "t"},
       true},
      {R"({"databases": {"a": {"permissions": {"insert-row": true}, "tables": {"u":
           {"permissions": {"insert-row": false}}}}}})",
       kAlice,
       "insert-row",
       {"a", "u"},
       false},
      {R"({"permissions": {"permissions-debug": {"id": "alice"}}})",
       kAlice,
       "permissions-debug",
       {},
       true},
      {R"({"permissions": {"view-table": null}})", kNobody, "view-table", {"d", "t"}, true},
      // SQL needs the database as well; a table does not.
      {R"({"databases": {"d": {"permissions": {"view-database": {"id": "bob"}}}}})",
       kNobody,
       "execute-sql",
       {"d"},
       false},
      {R"({"databases": {"d": {"permissions": {"view-database": {"id": "bob"}}}}})",
       kNobody,
       "view-table",
       {"d", "t"},
       true},
      {R"({"databases": {"d": {"allow_sql": {"id": "bob"}}}})",
       kNobody,
       "execute-sql",
       {"d"},
       false},
      {R"({"databases": {"d": {"allow_sql": {"id": "bob"}}}})", kBob, "execute-sql", {"d"}, true},
      {R"({"allow_sql": false})", kBob, "execute-sql", {"d"}, false},
      // The guide's allow_write: rows, but neither the table's form nor its life.
      {R"({"databases": {"d": {"tables": {"t": {"allow_write": {"id": "bob"}}}}}})",
       kBob,
       "insert-row",
       {"d", "t"},
       true},
      {R"({"databases": {"d": {"tables": {"t": {"allow_write": {"id": "bob"}}}}}})",
       kBob,
       "drop-table",
       {"d", "t"},
       false},
      {R"({"databases": {"d": {"tables": {"t": {"allow_write": {"id": "bob"}}}}}})",
       kAlice,
       "insert-row",
       {"d", "t"},
       false},
      {R"({"databases": {"d": {"allow_write": {"id": "bob"}}}})",
       kBob,
       "update-row",
       {"d", "t"},
       true},
      {R"({"databases": {"d": {"allow_write": {"id": "bob"}, "tables": {"t": {"allow_write":
           false}}}}})",
       kBob,
       "delete-row",
       {"d", "t"},
       false},
      // Shapes that mean nothing close nothing.
      {R"({"databases": {"d": {"tables": []}}})", kNobody, "view-table", {"d", "t"}, true},
  };
  for (const Case& test : cases) check(test, with(test.config));
}

TEST(Rules, RootIsOneMoreGlobalAllow) {
  const Case cases[] = {
      {"{}", kRoot, "insert-row", {"d", "t"}, true},
      {"{}", kRoot, "permissions-debug", {}, true},
      {"{}", kAlice, "permissions-debug", {}, false},
      {R"({"databases": {"d": {"allow": {"id": "alice"}}}})", kRoot, "view-database", {"d"}, false},
      {R"({"databases": {"d": {"permissions": {"insert-row": {"id": "alice"}}}}})",
       kRoot,
       "insert-row",
       {"d", "t"},
       false},
      {R"({"allow": {"id": "alice"}})", kRoot, "view-instance", {}, false},
      {R"({"permissions": {"permissions-debug": {"id": "alice"}}})",
       kRoot,
       "permissions-debug",
       {},
       false},
      {"{}", R"({"id": ["root"]})", "permissions-debug", {}, false},
  };
  for (const Case& test : cases) {
    config::Configuration configuration = with(test.config);
    configuration.root = true;
    check(test, configuration);
  }
}

TEST(Rules, SettingsTakeDefaultsAway) {
  config::Configuration configuration = with(
      R"({"allow_sql": {"id": "alice"}, "databases": {"c": {"permissions": {"execute-sql": 1}}}})");
  configuration.settings.default_allow_sql = false;
  configuration.root = true;
  EXPECT_FALSE(allows(configuration, kAlice, "execute-sql", {"d"})) << "two global rules";
  EXPECT_TRUE(allows(configuration, kNobody, "execute-sql", {"c"}));
  EXPECT_FALSE(allows(configuration, kRoot, "execute-sql", {"d"}));

  config::Configuration closed = with(R"({"databases": {"d": {"allow": true}}})");
  closed.default_deny = true;
  EXPECT_FALSE(allows(closed, kNobody, "view-instance", {}));
  EXPECT_FALSE(allows(closed, kNobody, "view-database", {"e"}));
  EXPECT_TRUE(allows(closed, kNobody, "view-database", {"d"}));
  EXPECT_FALSE(allows(closed, kNobody, "execute-sql", {"d"}));
}

TEST(Rules, RestrictionsOnlyTakeAway) {
  config::Configuration configuration = with("{}");
  configuration.root = true;
  struct Restricted {
    const char* restrictions;
    const char* action;
    Resource resource;
    bool allowed;
  };
  const Restricted cases[] = {
      {"{}", "view-instance", {}, false},
      {R"({"a": ["ir"]})", "insert-row", {"d", "t"}, true},
      {R"({"a": ["insert-row"]})", "insert-row", {"d", "t"}, true},
      {R"({"a": ["ir"]})", "view-table", {"d", "t"}, false},
      {R"({"d": {"d": ["ir"]}})", "insert-row", {"d", "t"}, true},
      {R"({"d": {"d": ["ir"]}})", "insert-row", {"d"}, true},
      {R"({"d": {"d": ["ir"]}})", "insert-row", {"e", "t"}, false},
      {R"({"r": {"d": {"t": ["vt"]}}})", "view-table", {"d", "t"}, true},
      {R"({"r": {"d": {"t": ["vt"]}}})", "view-table", {"d", "u"}, false},
      {R"({"r": {"d": {"t": ["vd"]}}})", "view-database", {"d"}, false},
      {R"({"a": ["es"]})", "execute-sql", {"d"}, false},
      {R"({"a": ["es", "vd"]})", "execute-sql", {"d"}, true},
      // Written wrongly: grants nothing.
      {R"(["vi"])", "view-instance", {}, false},
      {R"({"a": "vi"})", "view-instance", {}, false},
      {R"({"a": [["vi"], 5, null]})", "view-instance", {}, false},
      {R"({"d": ["vd"]})", "view-database", {"d"}, false},
      {R"({"r": {"d": ["vt"]}})", "view-table", {"d", "t"}, false},
      {"5", "view-instance", {}, false},
      // None at all.
      {"null", "view-instance", {}, true},
  };
  for (const auto& [restrictions, action, resource, expected] : cases) {
    const std::string actor = std::string(R"({"id": "root", "_r": )") + restrictions + "}";
    EXPECT_EQ(allows(configuration, actor.c_str(), action, resource), expected)
        << restrictions << " " << action;
  }
}

TEST(Rules, ADenyAboveARestrictedTableHoldsForIt) {
  const config::Configuration configuration =
      with(R"({"databases": {"d": {"allow": {"id": "bob"}, "tables": {"t": {"allow": true}}}}})");
  EXPECT_TRUE(allows(configuration, kAlice, "view-table", {"d", "t"}));
  EXPECT_FALSE(allows(configuration, R"({"id": "alice", "_r": {"r": {"d": {"t": ["vt"]}}}})",
                      "view-table", {"d", "t"}));
  EXPECT_TRUE(allows(configuration, R"({"id": "bob", "_r": {"r": {"d": {"t": ["vt"]}}}})",
                     "view-table", {"d", "t"}));
}

TEST(Rules, HaveReasons) {
  config::Configuration configuration = with(
      R"({"allow_sql": {"id": "bob"}, "databases": {"d": {"allow": {"id": "alice"},
          "allow_sql": true, "permissions": {"execute-sql": true},
          "tables": {"t": {"allow": false}}}}})");
  configuration.root = true;
  configuration.settings.default_allow_sql = false;
  const boost::json::value actor = boost::json::parse(kRoot);
  const Asker asker{configuration, actor.if_object(), true};
  const auto reasons = [&asker](const char* action) {
    std::string text;
    for (const Rule& rule : all_rules(asker, *find_action(action))) {
      text +=
          (rule.allow ? "+" : "-") + rule.database + "/" + rule.child + " " + rule.reason + "\n";
    }
    return text;
  };
  EXPECT_EQ(reasons("view-table"),
            "+/ default allow for view-table\n"
            "+/ root user\n"
            "-d/ config deny allow for view-table on d\n"
            "-d/t config deny allow for view-table on d/t\n");
  EXPECT_EQ(reasons("execute-sql"),
            "+/ default allow for execute-sql\n"
            "-/ default_allow_sql is false\n"
            "+/ root user\n"
            "-/ config deny allow_sql\n"
            "+d/ config allow permissions for execute-sql on d\n"
            "+d/ config allow allow_sql for d\n");
  EXPECT_EQ(matching_rules(asker, *find_action("view-table"), {"d", "t"}).size(), 4U);
  EXPECT_EQ(matching_rules(asker, *find_action("view-table"), {"e", "t"}).size(), 2U);
  EXPECT_TRUE(has_child_rules(asker, *find_action("view-table"), "d"));
  EXPECT_FALSE(has_child_rules(asker, *find_action("view-query"), "d"));
}

TEST(Actions, AreFoundByNameAlone) {
  ASSERT_NE(find_action("view-table"), nullptr);
  EXPECT_EQ(find_action("view-table")->abbreviation, "vt");
  for (const char* name : {"", "vt", "View-Table", "zzz"}) {
    EXPECT_EQ(find_action(name), nullptr) << name;
  }
}

}  // namespace
}  // namespace tapedeck::auth
