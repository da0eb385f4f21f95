#include "base/base64.hpp"

#include <string>
#include <string_view>

#include <gtest/gtest.h>

namespace tapedeck::base {
namespace {

using namespace std::string_view_literals;

struct Base64Case {
  std::string_view bytes;
  std::string_view standard;
  std::string_view url;
};

// RFC 4648 section 10, and bytes that need the two characters in which the alphabets differ.
constexpr Base64Case kCases[] = {
    {"", "", ""},
    {"f", "Zg==", "Zg"},
    {"fo", "Zm8=", "Zm8"},
    {"foo", "Zm9v", "Zm9v"},
    {"foob", "Zm9vYg==", "Zm9vYg"},
    {"fooba", "Zm9vYmE=", "Zm9vYmE"},
    {"foobar", "Zm9vYmFy", "Zm9vYmFy"},
    {"\xFF\x00"
     "abc"sv,
     "/wBhYmM=", "_wBhYmM"},
    {"\0\0\0"sv, "AAAA", "AAAA"},
    {"\xFB\xEF\xBE\xFF"sv, "++++/w==", "----_w"},
};

TEST(Base64, WritesTheStandardAlphabetWithPadding) {
  for (const auto& [bytes, standard, url] : kCases) {
    EXPECT_EQ(encode_base64(bytes), standard);
    std::string out = "x";
    append_base64(out, bytes);
    EXPECT_EQ(out, "x" + std::string(standard));
  }
}

TEST(Base64Url, ReadsWithAndWithoutPadding) {
  for (const auto& [bytes, standard, url] : kCases) {
    const auto bare = decode_base64url(url);
    ASSERT_TRUE(bare.has_value()) << url;
    EXPECT_EQ(*bare, bytes) << url;
    const auto padded =
        decode_base64url(std::string(url) + std::string((4 - url.size() % 4) % 4, '='));
    ASSERT_TRUE(padded.has_value()) << url;
    EXPECT_EQ(*padded, bytes) << url;
  }
}

TEST(Base64Url, RefusesWhatNoEncoderWrites) {
  const std::string_view cases[] = {
      "A",              // six bits are no byte
      "AAAAA",          //
      "=",     "====",  // nothing but padding
      "Zg=",            // half of the padding
      "Zg===",          //
      "Zm9v=",          // padding where none belongs
      "Z=g=",  "Zm 9", "Zm9v\n", "Zm+v", "Zm/v", "Zm\0v"sv, "Zm9\x80",
      "Zh",   // unused bits set: a second spelling of "Zg"
      "Zm9",  // likewise of "Zm8"
  };
  for (const std::string_view text : cases) {
    const auto result = decode_base64url(text);
    ASSERT_TRUE(result.has_error()) << text;
    EXPECT_NE(result.error().message(), "") << text;
  }
}

}  // namespace
}  // namespace tapedeck::base
