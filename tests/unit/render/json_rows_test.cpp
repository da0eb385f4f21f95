#include "render/json_rows.hpp"

#include <gtest/gtest.h>

#include "sqlite/connection.hpp"

namespace tapedeck::render {
namespace {

JsonRowOptions shaped(JsonShape shape) {
  JsonRowOptions options;
  options.shape = shape;
  return options;
}

JsonRowOptions lines(JsonShape shape) {
  JsonRowOptions options = shaped(shape);
  options.lines = true;
  return options;
}

class JsonRowsTest : public testing::Test {
 protected:
  std::string rows(std::string_view sql, const JsonRowOptions& options = {},
                   std::vector<int> keys = {}) {
    sqlite::CachedStatement statement = connection_.prepare(sql);
    data::RowCursor::Options cursor_options;
    for (int i = 0; i < statement->column_count(); ++i) {
      cursor_options.columns.push_back({.name = statement->column_name(i)});
    }
    cursor_options.page_size = 100;
    cursor_options.key_columns = std::move(keys);
    data::RowCursor cursor(std::move(statement), std::move(cursor_options));
    std::string out;
    append_json_rows(out, cursor, options);
    return out;
  }

 private:
  sqlite::Connection connection_{{.path = {}, .mode = sqlite::OpenMode::kMemory}};
};

TEST_F(JsonRowsTest, EveryTypeIsWrittenExactly) {
  struct Case {
    const char* sql;
    const char* json;
  };
  const Case cases[] = {
      {"select 9223372036854775807 v", "9223372036854775807"},
      {"select 9007199254740993 v", "9007199254740993"},
      {"select -1 v", "-1"},
      {"select 1.0 v", "1.0"},
      {"select 0.1 + 0.2 v", "0.30000000000000004"},
      {"select 1e100 v", "1e+100"},
      {"select 0.00001 v", "1e-05"},
      {"select null v", "null"},
      {"select 9e999 v", "null"},
      {"select x'ff006162' v", R"({"$base64":true,"encoded":"/wBhYg=="})"},
      {"select x'' v", R"({"$base64":true,"encoded":""})"},
      {"select 'a\"b' || char(10) || '</script>' v", R"("a\"b\n\u003c/script>")"},
      {"select cast(x'41ff42' as text) v", "\"A\uFFFDB\""},
      {"select cast(x'410042' as text) v", R"("A\u0000B")"},
  };
  for (const auto& [sql, json] : cases) {
    EXPECT_EQ(rows(sql), "[{\"v\":" + std::string(json) + "}]") << sql;
  }
}

TEST_F(JsonRowsTest, InfinitiesAreBareTokensOnRequest) {
  JsonRowOptions options;
  options.keep_infinity = true;
  EXPECT_EQ(rows("select 9e999 a, -9e999 b", options), R"([{"a":Infinity,"b":-Infinity}])");
}

TEST_F(JsonRowsTest, Shapes) {
  constexpr const char* kSql = "select 1 id, 'a' n union all select 2, 'b'";
  EXPECT_EQ(rows(kSql, shaped(JsonShape::kArrays)), R"([[1,"a"],[2,"b"]])");
  EXPECT_EQ(rows(kSql, shaped(JsonShape::kArray)), R"([{"id":1,"n":"a"},{"id":2,"n":"b"}])");
  EXPECT_EQ(rows(kSql, shaped(JsonShape::kArrayFirst)), "[1,2]");
  EXPECT_EQ(rows(kSql, shaped(JsonShape::kObject), {0, 1}),
            R"({"1,a":{"id":1,"n":"a"},"2,b":{"id":2,"n":"b"}})");
  EXPECT_EQ(rows(kSql, lines(JsonShape::kArray)), "{\"id\":1,\"n\":\"a\"}\n{\"id\":2,\"n\":\"b\"}");
  EXPECT_EQ(rows(kSql, lines(JsonShape::kArrays)), R"([[1,"a"],[2,"b"]])");
}

TEST_F(JsonRowsTest, NoRows) {
  constexpr const char* kSql = "select 1 a where 0";
  EXPECT_EQ(rows(kSql), "[]");
  EXPECT_EQ(rows(kSql, shaped(JsonShape::kArrayFirst)), "[]");
  EXPECT_EQ(rows(kSql, shaped(JsonShape::kObject), {0}), "{}");
  EXPECT_EQ(rows(kSql, lines(JsonShape::kArray)), "");
}

TEST_F(JsonRowsTest,
       OfTwoColumnsWithOneNameTheLaterIsShownInThePlaceOfTheFirstAndBothInArraysOfQueries) {
  constexpr const char* kSql = "select 1 a, 2 b, 3 a";
  EXPECT_EQ(rows(kSql), R"([{"a":3,"b":2}])");
  EXPECT_EQ(rows(kSql, shaped(JsonShape::kArrays)), "[[3,2]]");
  for (const auto& [shape, expected] : {std::pair{JsonShape::kObjects, R"([{"a":3,"b":2}])"},
                                        {JsonShape::kArrays, "[[1,2,3]]"},
                                        {JsonShape::kArrayFirst, "[1]"}}) {
    JsonRowOptions options = shaped(shape);
    options.keeps_duplicates = true;
    EXPECT_EQ(rows(kSql, options), expected);
  }
}

TEST_F(JsonRowsTest, OfTwoRowsWithOnePathTheLaterCounts) {
  EXPECT_EQ(rows("select 1 a, 2 b union all select 1, 3", shaped(JsonShape::kObject), {0}),
            R"({"1":{"a":1,"b":3}})");
}

TEST_F(JsonRowsTest, ColumnsOfJsonAreEmbeddedWhereTheyAreValid) {
  JsonRowOptions options;
  options.json_columns = {"j", "unknown"};
  struct Case {
    const char* value;
    const char* json;
  };
  const Case cases[] = {
      {R"('{"a": [1, 2.50, "x  y"]}')", R"({"a":[1,2.50,"x  y"]})"},
      {"'[1,2'", R"("[1,2")"},
      {"'NaN'", R"("NaN")"},
      {"''", R"("")"},
      {"'1 2'", R"("1 2")"},
      {"'\"\\u00e9\"'", R"("\u00e9")"},
      {"5", "5"},
      {"null", "null"},
      {"x'5b5d'", R"({"$base64":true,"encoded":"W10="})"},
  };
  for (const auto& [value, json] : cases) {
    EXPECT_EQ(rows(std::string("select ") + value + " j, '[]' other", options),
              "[{\"j\":" + std::string(json) + R"(,"other":"[]"}])")
        << value;
  }
  const std::string deep(100'000, '[');
  EXPECT_EQ(rows("select '" + deep + "' j", options), "[{\"j\":\"" + deep + "\"}]");
  EXPECT_EQ(rows("select cast(x'22ff22' as text) j", options), "[{\"j\":\"\\\"\uFFFD\\\"\"}]");
}

TEST_F(JsonRowsTest, HostileNamesAreEscaped) {
  EXPECT_EQ(rows("select 1 \"a\"\"},{\""), R"([{"a\"},{":1}])");
}

TEST(JsonShape, IsNamedByTheArgument) {
  EXPECT_EQ(parse_shape("objects").value(), JsonShape::kObjects);
  EXPECT_EQ(parse_shape("arrays").value(), JsonShape::kArrays);
  EXPECT_EQ(parse_shape("array").value(), JsonShape::kArray);
  EXPECT_EQ(parse_shape("arrayfirst").value(), JsonShape::kArrayFirst);
  EXPECT_EQ(parse_shape("object").value(), JsonShape::kObject);
  for (const char* text : {"", "Array", "lists", "array "}) {
    ASSERT_FALSE(parse_shape(text)) << text;
    EXPECT_EQ(parse_shape(text).error().message(), "Invalid _shape: " + std::string(text));
  }
}

}  // namespace
}  // namespace tapedeck::render
