#include "base/digest.hpp"

#include <fstream>
#include <set>
#include <string>
#include <string_view>
#include <unistd.h>

#include <gtest/gtest.h>

namespace tapedeck::base {
namespace {

constexpr std::string_view kSha256OfNothing =
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
constexpr std::string_view kSha256OfAbc =
    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
constexpr std::string_view kSha256OfAMillionZeros =
    "d29751f2649b32ff572b5e0a9f541ea660a50f94ff0beedfb0b692b924cc8025";

/// A file that is gone at the end of the test.
class TemporaryFile {
 public:
  explicit TemporaryFile(std::string_view content)
      : path_(testing::TempDir() + "digest_test." + std::to_string(::getpid())) {
    std::ofstream(path_, std::ios::binary) << content;
  }
  ~TemporaryFile() { ::unlink(path_.c_str()); }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_;
};

TEST(Digest, MatchesPublishedValues) {
  EXPECT_EQ(sha256_hex(""), kSha256OfNothing);
  EXPECT_EQ(sha256_hex("abc"), kSha256OfAbc);
  EXPECT_EQ(sha256_hex(std::string(1000000, '\0')), kSha256OfAMillionZeros);
  EXPECT_EQ(md5_hex(""), "d41d8cd98f00b204e9800998ecf8427e");
  EXPECT_EQ(md5_hex("abc"), "900150983cd24fb0d6963f7d28e17f72");
}

TEST(Sha256, OfPiecesIsThatOfTheWhole) {
  Sha256 sha256;
  sha256.update("a");
  sha256.update("");
  sha256.update("bc");
  EXPECT_EQ(sha256.hex(), kSha256OfAbc);
  EXPECT_EQ(Sha256().hex(), kSha256OfNothing);
}

TEST(Sha256OfFile, ReadsSmallEmptyAndLargeFiles) {
  const std::string million(1000000, '\0');
  for (const std::string_view content :
       {std::string_view(), std::string_view("abc"), std::string_view(million)}) {
    const TemporaryFile file(content);
    const auto digest = sha256_hex_of_file(file.path());
    ASSERT_TRUE(digest.has_value());
    EXPECT_EQ(*digest, sha256_hex(content));
  }
}

TEST(Sha256OfFile, NamesTheFileItCannotRead) {
  for (const std::string& path : {testing::TempDir(), testing::TempDir() + "no/such/file"}) {
    const auto digest = sha256_hex_of_file(path);
    ASSERT_TRUE(digest.has_error()) << path;
    EXPECT_NE(digest.error().message().find(path), std::string::npos) << digest.error().message();
  }
}

TEST(RandomHex, HasTheAskedLengthAndDiffers) {
  EXPECT_EQ(random_hex(0), "");
  std::set<std::string> seen;
  for (int round = 0; round < 100; ++round) {
    const std::string text = random_hex(32);
    EXPECT_EQ(text.size(), 64U);
    EXPECT_EQ(text.find_first_not_of("0123456789abcdef"), std::string::npos) << text;
    seen.insert(text);
  }
  EXPECT_EQ(seen.size(), 100U);
}

TEST(FastHash, IsFnv1aAndChains) {
  EXPECT_EQ(fast_hash(""), 0xcbf29ce484222325U);
  EXPECT_EQ(fast_hash("foobar"), 0x85944171f73967e8U);
  EXPECT_EQ(fast_hash("bar", fast_hash("foo")), fast_hash("foobar"));
  EXPECT_NE(fast_hash("\xFF"), fast_hash("\x7F"));
}

}  // namespace
}  // namespace tapedeck::base
