#include "auth/access.hpp"

#include <gtest/gtest.h>

namespace tapedeck::auth {
namespace {

config::Configuration with(std::string_view json) {
  config::Configuration configuration;
  configuration.config = boost::json::parse({json.data(), json.size()}).as_object();
  return configuration;
}

/// What may be seen of database "d" with table "t" and query "q", one letter each: instance,
/// database, table, query, sql, downloading, and in upper case what is open.
std::string open_parts(const config::Configuration& configuration) {
  std::string letters = "idtqsl";
  const Access access(configuration);
  const bool open[] = {
      access.may_view_instance(),      access.may_view_database("d"),
      access.may_view_table("d", "t"), access.may_view_query("d", "q"),
      access.may_execute_sql("d"),     access.may_download("d"),
  };
  for (std::size_t i = 0; i < letters.size(); ++i) {
    if (open[i]) letters[i] = static_cast<char>(letters[i] - 'a' + 'A');
  }
  return letters;
}

TEST(Access, FollowsTheRules) {
  struct Case {
    const char* config;
    const char* open;
  };
  const Case cases[] = {
      {"{}", "IDTQSL"},
      {R"({"allow": {"id": "root"}})", "idtqsl"},
      {R"({"allow": false})", "idtqsl"},
      {R"({"allow": {"unauthenticated": true}})", "IDTQSL"},
      {R"({"permissions": {"view-instance": {"id": "root"}}})", "iDTQSL"},
      {R"({"databases": {"d": {"allow": {"id": "root"}}}})", "Idtqsl"},
      {R"({"databases": {"d": {"permissions": {}}}})", "IDTQSL"},
      {R"({"databases": {"d": {"tables": {"t": {"allow": {"id": "root"}}}}}})", "IDtQSl"},
      // A download holds every table, so any closed one closes it; SQL reads what is open.
      {R"({"databases": {"d": {"tables": {"other": {"allow": false}}}}})", "IDTQSl"},
      {R"({"databases": {"d": {"queries": {"q": {"sql": "select 1", "allow": false}}}}})",
       "IDTqSL"},
      {R"({"databases": {"d": {"allow_sql": {"id": "root"}}}})", "IDTQsL"},
      {R"({"databases": {"other": {"allow": false}}})", "IDTQSL"},
      // Names of databases compare exactly.
      {R"({"databases": {"D": {"allow": false}}})", "IDTQSL"},
  };
  for (const auto& [config, open] : cases) EXPECT_EQ(open_parts(with(config)), open) << config;
}

TEST(Access, PrivateIsWhatOthersMayNotSee) {
  const config::Configuration configuration = with(
      R"({"databases": {"d": {"allow": {"id": "ann"}, "queries": {"q": {"sql": "", "allow": true}}}}})");
  const Access nobody(configuration);
  const Access ann(configuration, Actor{{"id", "ann"}});
  const Access bob(configuration, Actor{{"id", "bob"}});
  EXPECT_TRUE(ann.is_private_database("d"));
  EXPECT_FALSE(ann.is_private_database("e"));
  EXPECT_FALSE(ann.is_private_query("d", "q"));
  EXPECT_TRUE(ann.is_private_query("d", "r"));
  EXPECT_TRUE(ann.is_private_sql("d"));
  EXPECT_FALSE(ann.is_private_instance());
  EXPECT_FALSE(bob.is_private_database("d")) << "he may not see it either";
  EXPECT_FALSE(nobody.is_private_database("d"));
  EXPECT_EQ(nobody.actor(), nullptr);
  ASSERT_NE(ann.actor(), nullptr);
}

TEST(Access, SettingsCloseSqlAndDownloads) {
  config::Configuration configuration = with("{}");
  configuration.settings.default_allow_sql = false;
  EXPECT_EQ(open_parts(configuration), "IDTQsL");
  configuration.settings.allow_download = false;
  EXPECT_EQ(open_parts(configuration), "IDTQsl");
}

}  // namespace
}  // namespace tapedeck::auth
