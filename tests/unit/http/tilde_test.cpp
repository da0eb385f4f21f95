#include "http/tilde.hpp"

#include <string>
#include <string_view>

#include <gtest/gtest.h>

namespace tapedeck::http {
namespace {

using namespace std::string_view_literals;

struct TildeCase {
  std::string_view decoded;
  std::string_view encoded;
};

TEST(TildeEncoding, EscapesEverythingButLettersDigitsDashUnderscoreAndSpace) {
  const TildeCase cases[] = {
      {"", ""},
      {"AZaz09_-", "AZaz09_-"},
      {"a b", "a+b"},
      {"a.b", "a~2Eb"},
      {"/foo", "~2Ffoo"},
      {"~", "~7E"},
      {"%2F", "~252F"},
      {"+", "~2B"},
      {"a,b", "a~2Cb"},
      {"\u00E9", "~C3~A9"},
      {"\0\n\x7F"sv, "~00~0A~7F"},
      {"we ird/table.csv%", "we+ird~2Ftable~2Ecsv~25"},
  };
  for (const auto& [decoded, encoded] : cases) {
    EXPECT_EQ(tilde_encode(decoded), encoded) << decoded;
    EXPECT_EQ(tilde_decode(encoded), decoded) << encoded;
    std::string out = "/";
    append_tilde(out, decoded);
    EXPECT_EQ(out, "/" + std::string(encoded));
  }
}

TEST(TildeEncoding, DecodesWhateverStandsThere) {
  const TildeCase cases[] = {
      {"%", "~"},
      {"a%", "a~"},
      {"%2", "~2"},
      {"%2g", "~2g"},
      {"%g2", "~g2"},
      {"%/", "~~2F"},
      {"%\0"sv, "~~00"},
      {"/", "~2f"},
      {"%2F", "%2F"},
      {"100%", "100%"},
      {"a.b", "a.b"},
      {"\uFFFD", "~FF"},
      {"\uFFFD\uFFFD", "~C0~80"},
      {"\uFFFD\uFFFD\uFFFD", "~ED~A0~80"},
      {"\uFFFD.", "~E2~82."},
      {"\uFFFD", "\xFF"},
      // An escape and a raw byte may make one character.
      {"\u00E9", "~C3\xA9"},
  };
  for (const auto& [decoded, text] : cases) EXPECT_EQ(tilde_decode(text), decoded) << text;
}

}  // namespace
}  // namespace tapedeck::http
