#include "base/signer.hpp"

#include <string>

#include <gtest/gtest.h>

#include "base/base64.hpp"

namespace tapedeck::base {
namespace {

struct Vector {
  std::string_view salt;
  std::string_view text;
  std::string_view signed_text;
};

// Made by Datasette 1.0a37 with the secret "s3cret".
constexpr Vector kVectors[] = {
    {"actor", R"({"a":{"id":"root"}})", "eyJhIjp7ImlkIjoicm9vdCJ9fQ.9OOVFAzua22DBub1WlO9M57Ifhk"},
    {"actor", R"({"a":{"id":"cleopaws"}})",
     "eyJhIjp7ImlkIjoiY2xlb3Bhd3MifX0.Yl6sTZh-0nqSv3b6Yku-iQJ8Ons"},
    {"actor", R"([["Query “w1” deleted",1]])",
     "W1siUXVlcnkg4oCcdzHigJ0gZGVsZXRlZCIsMV1d.YG9atiMzcERSAajkeb9KRyu5PyU"},
    {"messages", R"([["You are now logged out",2]])",
     "W1siWW91IGFyZSBub3cgbG9nZ2VkIG91dCIsMl1d.bqPOamXnr99q6DZgOAPZLHZk1Kc"},
};

TEST(Signer, SignsAsDatasetteDoes) {
  for (const Vector& vector : kVectors) {
    const Signer signer("s3cret", vector.salt);
    EXPECT_EQ(signer.sign(vector.text), vector.signed_text) << vector.text;
    const auto text = signer.unsign(vector.signed_text);
    ASSERT_TRUE(text) << vector.signed_text;
    EXPECT_EQ(*text, vector.text);
  }
}

TEST(Signer, CompressesWhatBecomesShorter) {
  const std::string text =
      R"({"a":"root","token":"dstok","t":1670907246,"_r":{"a":["vi","vt"],"d":{"docs":["vq"]},)"
      R"("r":{"docs":{"documents":["ir","ur"]}}}})";
  const std::string signed_text =
      ".eJxFizEKgDAMRe_y5w4qYrFXERGxDkVsMI0uxbubdjFL8l_ez1jhwEQCA6Fjjxp90qtkuHawzdjYrh8MFobLxZ_"
      "wBH0_gtnAF-hpS5VfmF8D_lnd97lHqUJgLd6sls4H1qwlhA.nH_7RecYHj5qSzvjhMU95iy0Xlc";
  const Signer signer("mysecret", "token");
  EXPECT_EQ(signer.sign(text), signed_text);
  ASSERT_TRUE(signer.unsign(signed_text));
  EXPECT_EQ(*signer.unsign(signed_text), text);
}

TEST(Signer, RefusesWhatItHasNotSigned) {
  const std::string good(kVectors[0].signed_text);
  const std::string cases[] = {
      "",
      ".",
      "..",
      "eyJhIjp7ImlkIjoicm9vdCJ9fQ",
      good + "A",
      good.substr(0, good.size() - 1),
      "A" + good,
      good + ".",
      good.substr(0, good.rfind('.') + 1),
      "eyJhIjp7ImlkIjoicm9vdCJ9fQ." + std::string(27, 'A'),
  };
  for (const std::string& text : cases) {
    EXPECT_FALSE(Signer("s3cret", "actor").unsign(text)) << text;
  }
  EXPECT_FALSE(Signer("other", "actor").unsign(good)) << "another secret";
  EXPECT_FALSE(Signer("s3cret", "token").unsign(good)) << "another salt";
}

TEST(Signer, RefusesSignedPayloadsThatAreNoText) {
  // Signed with Python's hmac, so the signatures are right.
  EXPECT_FALSE(Signer("s3cret", "actor").unsign("!!!!.O6Ms03ojiaI5k8YO9yLhxO11uxc")) << "no base64";
  EXPECT_FALSE(Signer("s3cret", "actor").unsign(".AAAA.D_jOeG0S1BnsJ6EfH4ha3EbzRrI")) << "no zlib";
}

TEST(Signer, BoundsWhatItInflates) {
  const Signer signer("s", "token");
  const std::string most(std::size_t{1} << 20U, 'x');
  EXPECT_TRUE(signer.unsign(signer.sign(most)));
  EXPECT_FALSE(signer.unsign(signer.sign(most + "x")));
}

TEST(ConstantTime, ComparesBytes) {
  EXPECT_TRUE(equals_in_constant_time("", ""));
  EXPECT_TRUE(equals_in_constant_time("abc", "abc"));
  EXPECT_FALSE(equals_in_constant_time("abc", "abd"));
  EXPECT_FALSE(equals_in_constant_time("abc", "ab"));
  EXPECT_FALSE(equals_in_constant_time("", "a"));
}

}  // namespace
}  // namespace tapedeck::base
