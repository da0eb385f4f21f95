#include "base/escape.hpp"

#include <string>
#include <string_view>

#include <gtest/gtest.h>

namespace tapedeck::base {
namespace {

using namespace std::string_view_literals;

struct EscapeCase {
  std::string_view text;
  std::string_view escaped;
};

std::string json(std::string_view text) {
  std::string out;
  append_json_string(out, text);
  return out;
}

TEST(AsciiJson, EscapesWhatIsNoAsciiAsPythonDoes) {
  const EscapeCase cases[] = {
      {R"(["a", "b\n"])", R"(["a", "b\n"])"},
      {"\"\u00E9\u20AC\"", R"("\u00e9\u20ac")"},
      {"\U0001F600", R"(\ud83d\ude00)"},
      {"\x7F~", R"(\u007f~)"},
      {"\xFF", R"(\ufffd)"},
  };
  for (const auto& [text, escaped] : cases) EXPECT_EQ(ascii_json(text), escaped) << text;
}

constexpr EscapeCase kJsonCases[] = {
    {""sv, ""},
    {"plain text, 100% > 'x' & /y/"sv, "plain text, 100% > 'x' & /y/"},
    {"\""sv, "\\\""},
    {"\\"sv, "\\\\"},
    {"\n\r\t\b\f"sv, "\\n\\r\\t\\b\\f"},
    {"\0"sv, "\\u0000"},
    {"\x01\x0B\x1F"sv, "\\u0001\\u000b\\u001f"},
    {"\x7F"sv, "\\u007f"},
    {"</script>"sv, "\\u003c/script>"},
    {"<!--"sv, "\\u003c!--"},
    {"\u2027\u2028\u2029\u202A"sv, "\u2027\\u2028\\u2029\u202A"},
    {"\u0080\u00E9\u20AC\U0001F600"sv, "\u0080\u00E9\u20AC\U0001F600"},
    {"\xFF"
     "A\xFF"sv,
     "\uFFFDA\uFFFD"},
    {"\xED\xA0\x80"sv, "\uFFFD\uFFFD\uFFFD"},
    {"\xC0\xBC"sv, "\uFFFD\uFFFD"},
    {"\xE2\x80"sv, "\uFFFD"},
};

TEST(JsonString, EscapesWhatCannotStandInJsonOrScript) {
  for (const auto& [text, escaped] : kJsonCases) {
    EXPECT_EQ(json(text), "\"" + std::string(escaped) + "\"");
  }
}

TEST(JsonString, EscapesAtEveryPlaceOfALongerText) {
  // The scan takes eight bytes at a time; a hit has to be seen at each of them.
  for (const auto& [text, escaped] : kJsonCases) {
    for (std::size_t before = 0; before < 20; ++before) {
      const std::string left(before, 'a');
      EXPECT_EQ(json(left + std::string(text) + "bbbbbbbbb"),
                "\"" + left + std::string(escaped) + "bbbbbbbbb\"");
    }
  }
}

TEST(JsonString, AppendsBehindWhatIsThere) {
  std::string out = "[";
  append_json_string(out, "x");
  EXPECT_EQ(out, "[\"x\"");
}

constexpr EscapeCase kHtmlCases[] = {
    {""sv, ""},
    {"plain text = 100%"sv, "plain text = 100%"},
    {"&"sv, "&amp;"},
    {"&amp;"sv, "&amp;amp;"},
    {"<b>\"x\"'y'</b>"sv, "&lt;b&gt;&#34;x&#34;&#39;y&#39;&lt;/b&gt;"},
    {"\n\t"sv, "\n\t"},
    {"\u2028\u00E9\U0001F600"sv, "\u2028\u00E9\U0001F600"},
    {"\xFF<\xC3"sv, "\uFFFD&lt;\uFFFD"},
    // A lead byte must not swallow the markup behind it.
    {"\xC3<\xE2\x82>\xF0\"\""sv, "\uFFFD&lt;\uFFFD&gt;\uFFFD&#34;&#34;"},
};

TEST(Html, EscapesForContentAndForBothQuotes) {
  for (const auto& [text, escaped] : kHtmlCases) EXPECT_EQ(escape_html(text), escaped);
}

TEST(Html, EscapesAtEveryPlaceOfALongerText) {
  for (const auto& [text, escaped] : kHtmlCases) {
    for (std::size_t before = 0; before < 20; ++before) {
      const std::string left(before, 'a');
      std::string out = "<p>";
      append_html(out, left + std::string(text) + "bbbbbbbbb");
      EXPECT_EQ(out, "<p>" + left + std::string(escaped) + "bbbbbbbbb");
    }
  }
}

}  // namespace
}  // namespace tapedeck::base
