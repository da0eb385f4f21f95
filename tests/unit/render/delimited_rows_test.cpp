#include "render/delimited_rows.hpp"

#include <string>
#include <string_view>
#include <utility>

#include <gtest/gtest.h>

#include "sqlite/connection.hpp"

namespace tapedeck::render {
namespace {

class DelimitedRowsTest : public testing::Test {
 protected:
  std::string csv(std::string_view sql, bool header = true) {
    return written(make_csv_writer, sql, header);
  }
  std::string tsv(std::string_view sql, bool header = true) {
    return written(make_tsv_writer, sql, header);
  }

 private:
  template <class Make>
  std::string written(const Make& make, std::string_view sql, bool header) {
    sqlite::CachedStatement statement = connection_.prepare(sql);
    data::RowCursor::Options options;
    for (int i = 0; i < statement->column_count(); ++i) {
      options.columns.push_back({.name = statement->column_name(i)});
    }
    options.page_size = 100;
    options.key_columns = {0};
    data::RowCursor cursor(std::move(statement), std::move(options));
    const auto writer =
        make(cursor.columns(), {.header = header,
                                .blob_url = [](const std::string& row_path,
                                               const std::string& column, std::string_view bytes) {
                                  return "blob:" + row_path + "/" + column + "/" +
                                         std::to_string(bytes.size());
                                }});
    std::string out;
    append_rows(out, cursor, *writer);
    return out;
  }

  sqlite::Connection connection_{{.path = {}, .mode = sqlite::OpenMode::kMemory}};
};

TEST_F(DelimitedRowsTest, LinesEndInCrLfAlsoTheLast) {
  EXPECT_EQ(csv("select 1 id, 'a' n union all select 2, 'b'"), "id,n\r\n1,a\r\n2,b\r\n");
  EXPECT_EQ(csv("select 1 id where 0"), "id\r\n");
}

TEST_F(DelimitedRowsTest, TheHeaderMayBeLeftOut) {
  EXPECT_EQ(csv("select 1 id", false), "1\r\n");
  EXPECT_EQ(csv("select 1 id where 0", false), "");
}

TEST_F(DelimitedRowsTest, Values) {
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

TEST_F(DelimitedRowsTest, ASingleEmptyFieldIsQuoted) {
  EXPECT_EQ(csv("select '' v union all select null union all select 'a'", false),
            "\"\"\r\n\"\"\r\na\r\n");
  EXPECT_EQ(csv("select 1 \"\""), "\"\"\r\n1\r\n");
}

TEST_F(DelimitedRowsTest, TsvEscapesWhatWouldEndAFieldOrALine) {
  struct Case {
    const char* value;
    const char* field;
  };
  const Case cases[] = {
      {"null", ""},
      {"''", ""},
      {"-9223372036854775808", "-9223372036854775808"},
      {"0.5", "0.5"},
      {"-9e999", "-inf"},
      {"'a,b\"c'", "a,b\"c"},
      {"'a' || char(9) || 'b'", "a\\tb"},
      {"char(10) || char(13)", "\\n\\r"},
      {"'\\'", "\\\\"},
      {"'\\t'", "\\\\t"},
      {"cast(x'09ff09' as text)", "\\t\uFFFD\\t"},
      {"cast(x'6100' as text)", "a"},
      {"x'09'", "blob:1/v/1"},
  };
  for (const auto& [value, field] : cases) {
    std::string expected = "1\t" + std::string(field);
    if (std::string_view(value).find("x'6100'") != std::string_view::npos) expected += '\0';
    EXPECT_EQ(tsv(std::string("select 1 id, ") + value + " v", false), expected + "\n") << value;
  }
}

TEST_F(DelimitedRowsTest, TsvLinesEndInLfAndTheHeaderIsEscapedToo) {
  EXPECT_EQ(tsv("select 1 id, 'x' \"a\tb\" union all select 2, null"), "id\ta\\tb\n1\tx\n2\t\n");
  EXPECT_EQ(tsv("select 1 id where 0"), "id\n");
  EXPECT_EQ(tsv("select '' v union all select 'a'", false), "\na\n");
}

TEST_F(DelimitedRowsTest, ColumnsOfOneNameAllStandThere) {
  EXPECT_EQ(csv("select 1 a, 2 a"), "a,a\r\n1,2\r\n");
  EXPECT_EQ(tsv("select 1 a, 2 a"), "a\ta\n1\t2\n");
}

}  // namespace
}  // namespace tapedeck::render
