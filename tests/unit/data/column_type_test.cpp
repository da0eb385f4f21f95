#include "data/column_type.hpp"

#include <string>

#include <gtest/gtest.h>

namespace tapedeck::data {
namespace {

sqlite::Table table() {
  sqlite::Table table;
  for (const auto& [name, type] : {std::pair("a", "text"), std::pair("b", "VARCHAR(3)"),
                                   std::pair("n", "integer"), std::pair("raw", "")}) {
    sqlite::Column column;
    column.name = name;
    column.declared_type = type;
    column.affinity = sqlite::affinity_of(type);
    table.columns.push_back(column);
  }
  return table;
}

TEST(ColumnTypes, OnlyKnownTypesOfTextColumnsCount) {
  struct Case {
    const char* config;
    const char* types;
  };
  const Case cases[] = {
      {R"({})", ""},
      {R"({"column_types": null})", ""},
      {R"({"column_types": ["a"]})", ""},
      {R"({"column_types": {"b": "email", "a": "url"}})", "a:url:null b:email:null "},
      {R"({"column_types": {"a": {"type": "textarea", "config": {"rows": 3}}}})",
       "a:textarea:{\"rows\":3} "},
      {R"({"column_types": {"a": {"config": {}}, "b": 5}})", ""},
      {R"({"column_types": {"a": "URL", "b": "map"}})", ""},
      {R"({"column_types": {"n": "json", "raw": "json", "nope": "json", "A": "json"}})", ""},
  };
  for (const auto& [config, expected] : cases) {
    const boost::json::value value = boost::json::parse(config);
    std::string text;
    for (const ColumnType& type : column_types(table(), &value.get_object())) {
      text += type.column + ":" + std::string(column_kind_name(type.kind)) + ":" +
              boost::json::serialize(type.config) + " ";
    }
    EXPECT_EQ(text, expected) << config;
  }
  EXPECT_TRUE(column_types(table(), nullptr).empty());
}

TEST(ColumnTypes, MisfitsAreWhatIsLeftOut) {
  const boost::json::value value = boost::json::parse(
      R"({"column_types": {"a": "url", "b": "map", "n": "json", "nope": "json", "raw": "map"}})");
  std::string text;
  for (const auto& [column, reason] : column_type_misfits(table(), &value.get_object())) {
    text += column + ": " + reason + "\n";
  }
  EXPECT_EQ(text,
            "b: the type is not url, email, json or textarea\n"
            "n: the type is for columns of texts\n"
            "nope: there is no such column\n"
            "raw: the type is not url, email, json or textarea\n");
  EXPECT_TRUE(column_type_misfits(table(), nullptr).empty());
}

TEST(ColumnTypes, FindTypeIsExact) {
  const std::vector<ColumnType> types = {{"a", ColumnKind::kJson, nullptr}};
  EXPECT_EQ(find_type(types, "a")->kind, ColumnKind::kJson);
  EXPECT_EQ(find_type(types, "A"), nullptr);
}

}  // namespace
}  // namespace tapedeck::data
