#include "render/cell.hpp"

#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tapedeck::render {
namespace {

using sqlite::ValueType;
using sqlite::ValueView;
using testing::HasSubstr;
using testing::Not;

ValueView text(std::string_view bytes) {
  ValueView value;
  value.type = ValueType::kText;
  value.bytes = bytes;
  return value;
}
ValueView blob(std::string_view bytes) {
  ValueView value = text(bytes);
  value.type = ValueType::kBlob;
  return value;
}
ValueView integer(std::int64_t number) {
  ValueView value;
  value.type = ValueType::kInteger;
  value.integer = number;
  return value;
}
ValueView real(double number) {
  ValueView value;
  value.type = ValueType::kFloat;
  value.real = number;
  return value;
}

std::string cell(const ValueView& value, const CellContext& context = {}) {
  std::string out;
  append_cell_html(out, value, context);
  return out;
}

TEST(Cell, ShowsEachKindOfValue) {
  struct Case {
    ValueView value;
    const char* html;
  };
  const Case cases[] = {
      {{}, "&nbsp;"},
      {text(""), "&nbsp;"},
      {integer(0), "0"},
      {integer(std::numeric_limits<std::int64_t>::min()), "-9223372036854775808"},
      {real(1), "1.0"},
      {real(1e100), "1e+100"},
      {text("plain"), "plain"},
      {text(" "), " "},
      {text("a\nb"), "a\nb"},
      {text("<script>alert('1')</script>&\""),
       "&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&amp;&#34;"},
      {text("\xff<"), "\xEF\xBF\xBD&lt;"},
      {text("Brontë 日本"), "Brontë 日本"},
  };
  for (const Case& example : cases) EXPECT_EQ(cell(example.value), example.html);
}

TEST(Cell, LongTextIsCutAtCodePoints) {
  const CellContext three{.truncate_cells = 3};
  EXPECT_EQ(cell(text("abc"), three), "abc");
  EXPECT_EQ(cell(text("abcd"), three), "abc…");
  EXPECT_EQ(cell(text("äöü"), three), "äöü");
  EXPECT_EQ(cell(text("äöüß"), three), "äöü…");
  EXPECT_EQ(cell(text("<<<<"), three), "&lt;&lt;&lt;…");
  EXPECT_EQ(cell(text("\xff\xff\xff\xff"), three), "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD…");
  EXPECT_EQ(cell(text("abcd"), {.truncate_cells = 0}), "abcd");
}

TEST(Cell, OnlyOneWholeWebUrlBecomesALink) {
  EXPECT_EQ(cell(text("https://example.com/?a=1&b=\"2\"")),
            "<a href=\"https://example.com/?a=1&amp;b=&#34;2&#34;\" rel=\"nofollow noopener\">"
            "https://example.com/?a=1&amp;b=&#34;2&#34;</a>");
  EXPECT_THAT(cell(text(" http://example.com\n")), HasSubstr("<a href=\"http://example.com\""));
  for (const char* other :
       {"javascript:alert(1)", "data:text/html,x", "ftp://example.com", "HTTPS://example.com",
        "https://a b", "see https://example.com", "https://a\nhttps://b", "//example.com",
        "java\tscript:x", "vbscript:x", " javascript:https://example.com"}) {
    EXPECT_THAT(cell(text(other)), Not(HasSubstr("<a"))) << other;
  }
}

TEST(Cell, LongUrlsAreShortenedBeforeTheirExtension) {
  const CellContext limit{.truncate_cells = 15};
  EXPECT_THAT(cell(text("https://example.com/long/name.png"), limit),
              testing::AllOf(HasSubstr("href=\"https://example.com/long/name.png\""),
                             HasSubstr(">https://exa….png</a>")));
  EXPECT_THAT(cell(text("https://example.com/long/name"), limit),
              HasSubstr(">https://exampl…</a>"));
  EXPECT_THAT(cell(text("https://e.com/"), limit), HasSubstr(">https://e.com/</a>"));
  EXPECT_THAT(cell(text("https://example.com/a.png"), {.truncate_cells = 2}),
              HasSubstr(">….png</a>"));
}

TEST(Cell, BlobsLinkToTheirBytesWhenTheRowHasAPath) {
  const CellContext row{.column = "a b&\"", .row_path = "/db/t/1"};
  EXPECT_EQ(cell(blob("x"), row),
            "<a class=\"blob-download\" href=\"/db/t/1.blob?_blob_column=a+b%26%22\">"
            "&lt;Binary:&nbsp;1&nbsp;byte&gt;</a>");
  EXPECT_EQ(cell(blob(std::string(2048, '<')), row),
            "<a class=\"blob-download\" href=\"/db/t/1.blob?_blob_column=a+b%26%22\" "
            "title=\"2.0 KB\">&lt;Binary:&nbsp;2,048&nbsp;bytes&gt;</a>");
  EXPECT_EQ(cell(blob("")), "&lt;Binary:&nbsp;0&nbsp;bytes&gt;");
}

TEST(Cell, ForeignKeysShowLabelAndValue) {
  const auto key = [](const ValueView& value, std::string_view label) {
    return cell(value, {.truncate_cells = 10, .foreign_table_path = "/db/other/", .label = label});
  };
  EXPECT_EQ(key(integer(1), "San Diego"), "<a href=\"/db/other/1\">San Diego</a>&nbsp;<em>1</em>");
  EXPECT_EQ(key(integer(1), ""), "<a href=\"/db/other/1\">-</a>&nbsp;<em>1</em>");
  EXPECT_EQ(key(integer(1), "1"), "<a href=\"/db/other/1\">1</a>");
  EXPECT_EQ(key(text("a/b\"<"), "<script>"),
            "<a href=\"/db/other/a~2Fb~22~3C\">&lt;script&gt;</a>&nbsp;<em>a/b&#34;&lt;</em>");
  EXPECT_EQ(key(integer(1), "a long label"),
            "<a href=\"/db/other/1\">a long lab…</a>&nbsp;<em>1</em>");
  EXPECT_EQ(key(integer(1), "\xff"), "<a href=\"/db/other/1\">\xEF\xBF\xBD</a>&nbsp;<em>1</em>");
  EXPECT_EQ(key({}, "x"), "&nbsp;");
}

TEST(Cell, TypeNames) {
  EXPECT_EQ(cell_type({}), "none");
  EXPECT_EQ(cell_type(integer(1)), "int");
  EXPECT_EQ(cell_type(real(1)), "float");
  EXPECT_EQ(cell_type(text("")), "str");
  EXPECT_EQ(cell_type(blob("")), "bytes");
}

TEST(CssClass, KeepsPlainNamesAndHashesTheOthers) {
  const std::pair<const char*, const char*> cases[] = {
      {"table", "table"},
      {"T_1-x", "T_1-x"},
      {"Food Trucks", "Food-Trucks-399138"},
      {"-", "336d5e"},
      {"no $ characters", "no--characters-59e024"},
      {"_private", "private-143ab9"},
      {"--x", "x-c2f66d"},
      {"  a  b ", "a-b-11c0dc"},
      {"é", "66ddcd"},
      {"1a", "1a-efaa15"},
      {"_-_x", "_x-8c62d9"},
      {"", "d41d8c"},
  };
  for (const auto& [name, expected] : cases) EXPECT_EQ(css_class(name), expected) << name;
  for (const char* hostile : {"\"><script>", "a\n", "x' onload='", "a--><b"}) {
    EXPECT_EQ(css_class(hostile).find_first_not_of(
                  "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-"),
              std::string::npos)
        << hostile;
  }
}

}  // namespace
}  // namespace tapedeck::render
