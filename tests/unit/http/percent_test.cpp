#include "http/percent.hpp"

#include <string>
#include <string_view>

#include <gtest/gtest.h>

namespace tapedeck::http {
namespace {

using namespace std::string_view_literals;

struct DecodeCase {
  std::string_view text;
  std::string_view decoded;
};

TEST(PercentDecoding, KeepsBrokenEscapesAndRepairsUtf8) {
  const DecodeCase cases[] = {
      {"", ""},
      {"plain", "plain"},
      {"%41%62%2f%2F", "Ab//"},
      {"%C3%A9", "\u00E9"},
      {"%", "%"},
      {"a%", "a%"},
      {"%4", "%4"},
      {"%4z", "%4z"},
      {"%z4", "%z4"},
      {"%%41", "%A"},
      {"%2541", "%41"},
      {"% 1", "% 1"},
      {"%-1", "%-1"},
      {"%u0041", "%u0041"},
      {"%00", "\0"sv},
      {"%FF", "\uFFFD"},
      {"%C0%AF", "\uFFFD\uFFFD"},
      {"%ED%A0%80", "\uFFFD\uFFFD\uFFFD"},
      {"%E2%82", "\uFFFD"},
      {"\xC3%A9", "\u00E9"},
  };
  for (const auto& [text, decoded] : cases) {
    EXPECT_EQ(percent_decode(text), decoded) << text;
    EXPECT_EQ(form_decode(text), decoded) << text;
  }
}

TEST(PercentDecoding, PlusIsASpaceInFormsOnly) {
  EXPECT_EQ(percent_decode("a+b%2Bc"), "a+b+c");
  EXPECT_EQ(form_decode("a+b%2Bc++"), "a b+c  ");
  EXPECT_EQ(form_decode("%+41"), "% 41");
}

TEST(PercentEncoding, LeavesUnreservedCharactersOnly) {
  struct {
    std::string_view text;
    std::string_view form;
    std::string_view percent;
  } const cases[] = {
      {"", "", ""},
      {"AZaz09_.-~", "AZaz09_.-~", "AZaz09_.-~"},
      {"a b", "a+b", "a%20b"},
      {"a+b", "a%2Bb", "a%2Bb"},
      {"&=?#/%", "%26%3D%3F%23%2F%25", "%26%3D%3F%23%2F%25"},
      {"\u00E9", "%C3%A9", "%C3%A9"},
      {"\0\r\n\x7F"sv, "%00%0D%0A%7F", "%00%0D%0A%7F"},
      {"$null,7", "%24null%2C7", "%24null%2C7"},
  };
  for (const auto& [text, form, percent] : cases) {
    EXPECT_EQ(form_encode(text), form);
    EXPECT_EQ(form_decode(form), text);
    EXPECT_EQ(percent_encode(text), percent);
    EXPECT_EQ(percent_decode(percent), text);
    std::string out = "x=";
    append_form_encoded(out, text);
    EXPECT_EQ(out, "x=" + std::string(form));
  }
}

}  // namespace
}  // namespace tapedeck::http
