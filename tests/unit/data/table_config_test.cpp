#include "data/table_config.hpp"

#include <gmock/gmock.h>

namespace tapedeck::data {
namespace {

using sqlite::Affinity;
using testing::ElementsAre;

TableConfig read(std::string_view json) {
  const boost::json::value value = boost::json::parse({json.data(), json.size()});
  return read_table_config(&value.as_object());
}

TEST(TableConfig, ReadsWhatIsThere) {
  const TableConfig config = read(R"({"sort": "a", "size": 5, "sortable_columns": ["a", "b"],
      "hidden": true, "label_column": "l", "fts_table": "f", "fts_pk": "k", "searchmode": "raw"})");
  EXPECT_EQ(config.sort, "a");
  EXPECT_FALSE(config.sort_descending);
  EXPECT_EQ(config.size, 5);
  EXPECT_THAT(config.sortable_columns.value(), ElementsAre("a", "b"));
  EXPECT_TRUE(config.hidden);
  EXPECT_EQ(config.label_column, "l");
  EXPECT_EQ(config.fts_table, "f");
  EXPECT_EQ(config.fts_pk, "k");
  EXPECT_TRUE(config.raw_search);
}

TEST(TableConfig, NothingIsEveryDefault) {
  const TableConfig config = read_table_config(nullptr);
  EXPECT_TRUE(config.sort.empty());
  EXPECT_FALSE(config.size.has_value());
  EXPECT_FALSE(config.sortable_columns.has_value());
  EXPECT_FALSE(config.hidden);
  EXPECT_FALSE(config.raw_search);
}

TEST(TableConfig, SortDescendingCountsWithoutSortOnly) {
  EXPECT_TRUE(read(R"({"sort_desc": "a"})").sort_descending);
  EXPECT_FALSE(read(R"({"sort": "a", "sort_desc": "b"})").sort_descending);
}

TEST(TableConfig, WrongTypesAreAsIfAbsent) {
  const TableConfig config = read(R"({"sort": 5, "size": "many", "sortable_columns": "a",
      "hidden": "yes", "label_column": null, "searchmode": 1})");
  EXPECT_TRUE(config.sort.empty());
  EXPECT_FALSE(config.size.has_value());
  EXPECT_FALSE(config.size_is_max);
  EXPECT_FALSE(config.sortable_columns.has_value());
  EXPECT_FALSE(config.hidden);
  EXPECT_TRUE(read(R"({"size": "max"})").size_is_max);
  EXPECT_FALSE(read(R"({"size": -5})").size.has_value());
  EXPECT_EQ(read(R"({"size": 9999999999999})").size, 1'000'000'000);
}

sqlite::Table table(std::initializer_list<std::pair<const char*, Affinity>> columns,
                    std::vector<std::string> unique = {}) {
  sqlite::Table result;
  for (const auto& [name, affinity] : columns) {
    sqlite::Column column;
    column.name = name;
    column.affinity = affinity;
    result.columns.push_back(column);
  }
  result.unique_columns = std::move(unique);
  return result;
}

TEST(LabelColumn, IsFoundInTheOrderOfTheRules) {
  constexpr Affinity kText = Affinity::kText;
  constexpr Affinity kInteger = Affinity::kInteger;
  const auto found = [](const sqlite::Table& of) { return label_column(of, {}); };
  EXPECT_EQ(found(table({{"id", kInteger}, {"code", kText}, {"name", kText}}, {"code"})), "code");
  EXPECT_EQ(
      found(table({{"id", kInteger}, {"a", kText}, {"b", kText}, {"Title", kText}}, {"a", "b"})),
      "Title");
  EXPECT_EQ(found(table({{"n", kInteger}, {"x", kText}, {"NAME", kText}}, {"n"})), "NAME");
  EXPECT_EQ(found(table({{"title", kText}, {"name", kText}, {"c", kText}})), "title");
  EXPECT_EQ(found(table({{"id", kInteger}, {"value", kInteger}})), "value");
  EXPECT_EQ(found(table({{"value", kInteger}, {"pk", kInteger}})), "value");
  EXPECT_EQ(found(table({{"value", kInteger}, {"PK", kInteger}})), std::nullopt);
  EXPECT_EQ(found(table({{"id", kInteger}, {"pk", kInteger}})), std::nullopt);
  sqlite::Table generated = table({{"id", kInteger}, {"a", kText}, {"name", kText}});
  generated.columns[2].hidden = 2;
  EXPECT_EQ(found(generated), "a");
  EXPECT_EQ(found(table({{"a", kInteger}, {"b", kText}})), std::nullopt);
  EXPECT_EQ(found(table({{"id", kInteger}, {"b", kText}, {"c", kText}})), std::nullopt);
  EXPECT_EQ(found(table({})), std::nullopt);
}

TEST(LabelColumn, TheConfigurationWins) {
  TableConfig config;
  config.label_column = "other";
  EXPECT_EQ(label_column(table({{"id", Affinity::kInteger}, {"name", Affinity::kText}}), config),
            "other");
}

}  // namespace
}  // namespace tapedeck::data
