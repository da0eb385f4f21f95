#include "render/typed_cell.hpp"

#include <string>

#include <gtest/gtest.h>

namespace tapedeck::render {
namespace {

using enum data::ColumnKind;

TEST(TypedCell, Html) {
  struct Case {
    data::ColumnKind kind;
    sqlite::Value value;
    /// "" for a cell that looks like any other.
    const char* html;
  };
  const Case cases[] = {
      {kUrl, "https://e.org/", "<a href=\"https://e.org/\">https://e.org/</a>"},
      {kUrl, " HTTPS://e.org \n", "<a href=\"HTTPS://e.org\">HTTPS://e.org</a>"},
      {kUrl, "no url", "<a href=\"no url\">no url</a>"},
      {kUrl, "//other.example/x", "<a href=\"//other.example/x\">//other.example/x</a>"},
      {kUrl, "/a:b", "<a href=\"/a:b\">/a:b</a>"},
      {kUrl, "?x=javascript:y", "<a href=\"?x=javascript:y\">?x=javascript:y</a>"},
      {kUrl, "javascript:alert(1)", ""},
      {kUrl, "JaVaScRiPt:alert(1)", ""},
      {kUrl, "java\tscript:alert(1)", ""},
      {kUrl, "java\nscript:alert(1)", ""},
      {kUrl, "\x01javascript:alert(1)", ""},
      {kUrl, "data:text/html,<script>", ""},
      {kUrl, "vbscript:x", ""},
      {kUrl, "a\"b<c", "<a href=\"a&#34;b&lt;c\">a&#34;b&lt;c</a>"},
      {kUrl, "", ""},
      {kUrl, "  ", ""},
      {kUrl, sqlite::Null{}, ""},
      {kUrl, std::int64_t{5}, ""},
      {kUrl, sqlite::Blob{"http://e.org"}, ""},
      {kEmail, "a@b.c", "<a href=\"mailto:a@b.c\">a@b.c</a>"},
      {kEmail, "not one", "<a href=\"mailto:not one\">not one</a>"},
      {kJson, "{\"a\":[1,2.50,{}],\"b\":\"x,{\\\"\"}",
       "<pre>{\n  &#34;a&#34;: [\n    1,\n    2.50,\n    {}\n  ],\n"
       "  &#34;b&#34;: &#34;x,{\\&#34;&#34;\n}</pre>"},
      {kJson, " [ ] ", "<pre>[]</pre>"},
      {kJson, "null", "<pre>null</pre>"},
      {kJson, "{no json", ""},
      {kTextarea, "a\nb", ""},
  };
  for (const auto& [kind, value, html] : cases) {
    std::string out;
    const bool is_typed = append_typed_cell(out, kind, sqlite::view_of(value));
    EXPECT_EQ(out, html) << sqlite::to_text(sqlite::view_of(value));
    EXPECT_EQ(is_typed, !out.empty()) << sqlite::to_text(sqlite::view_of(value));
  }
}

}  // namespace
}  // namespace tapedeck::render
