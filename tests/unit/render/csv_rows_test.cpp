#include "render/csv_rows.hpp"

#include <functional>
#include <string>

#include <gtest/gtest.h>

#include "sqlite/connection.hpp"

namespace tapedeck::render {
namespace {

class CsvRowsTest : public testing::Test {
 protected:
  std::string csv(std::string_view sql, bool header = true,
                  const std::function<void(std::string&)>& flush = {}) {
    sqlite::CachedStatement statement = connection_.prepare(sql);
    data::RowCursor::Options options;
    for (int i = 0; i < statement->column_count(); ++i) {
      options.columns.push_back({.name = statement->column_name(i)});
    }
    options.page_size = 100;
    options.key_columns = {0};
    data::RowCursor cursor(std::move(statement), std::move(options));
    std::string out;
    append_csv_rows(
        out, cursor,
        {.header = header,
         .blob_url =
             [](const std::string& row_path, const std::string& column, std::string_view bytes) {
               return "blob:" + row_path + "/" + column + "/" + std::to_string(bytes.size());
             }},
        flush);
    return out;
  }

 private:
  sqlite::Connection connection_{{.path = {}, .mode = sqlite::OpenMode::kMemory}};
};

TEST_F(CsvRowsTest, LinesEndInCrLfAlsoTheLast) {
  EXPECT_EQ(csv("select 1 id, 'a' n union all select 2, 'b'"), "id,n\r\n1,a\r\n2,b\r\n");
  EXPECT_EQ(csv("select 1 id where 0"), "id\r\n");
}

TEST_F(CsvRowsTest, TheHeaderMayBeLeftOut) {
  EXPECT_EQ(csv("select 1 id", false), "1\r\n");
  EXPECT_EQ(csv("select 1 id where 0", false), "");
}

TEST_F(CsvRowsTest, Values) {
  struct Case {
    const char* value;
    const char* field;
  };
  const Case cases[] = {
      {"null", ""},
      {"''", ""},
      {"9223372036854775807", "9223372036854775807"},
      {"1.0", "1.0"},
      {"1e100", "1e+100"},
      {"9e999", "inf"},
      {"-9e999", "-inf"},
      {"'a,b'", "\"a,b\""},
      {"'a\"b'", "\"a\"\"b\""},
      {"'\"'", "\"\"\"\""},
      {"'a' || char(10) || 'b'", "\"a\nb\""},
      {"'a' || char(13)", "\"a\r\""},
      {"' a '", " a "},
      {"'a;b' || char(9)", "a;b\t"},
      {"'\u00E9'", "\u00E9"},
      {"cast(x'41ff' as text)", "A\uFFFD"},
      {"cast(x'2cff' as text)", "\",\uFFFD\""},
      {"x'00'", "blob:1/v/1"},
  };
  for (const auto& [value, field] : cases) {
    EXPECT_EQ(csv(std::string("select 1 id, ") + value + " v", false),
              "1," + std::string(field) + "\r\n")
        << value;
  }
}

TEST_F(CsvRowsTest, ASingleEmptyFieldIsQuoted) {
  EXPECT_EQ(csv("select '' v union all select null union all select 'a'", false),
            "\"\"\r\n\"\"\r\na\r\n");
  EXPECT_EQ(csv("select 1 \"\""), "\"\"\r\n1\r\n");
}

TEST_F(CsvRowsTest, FlushSeesEveryRow) {
  std::string all;
  int calls = 0;
  const std::string left = csv("select 1 id union all select 2", true, [&](std::string& piece) {
    all += piece;
    piece.clear();
    ++calls;
  });
  EXPECT_EQ(all, "id\r\n1\r\n2\r\n");
  EXPECT_EQ(left, "");
  EXPECT_EQ(calls, 3);
}

}  // namespace
}  // namespace tapedeck::render
