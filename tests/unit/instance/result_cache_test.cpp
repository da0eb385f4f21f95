#include "instance/result_cache.hpp"

#include <gtest/gtest.h>

namespace tapedeck::instance {
namespace {

constexpr std::size_t kMegabyte = std::size_t{1} << 20;

ResultCache::Rows rows(std::size_t bytes) {
  return {{std::string(bytes, 'x'), 1}};
}

TEST(ResultCache, FacetsAreBoundInBytes) {
  ResultCache cache;
  cache.keep_counts("small", rows(10));
  EXPECT_EQ(cache.keep_counts("large", rows(5 * kMegabyte)).rows->size(), 1U);
  EXPECT_EQ(cache.counts("large"), nullptr) << "too large to be kept";
  EXPECT_NE(cache.counts("small"), nullptr);
  for (int i = 0; i < 3; ++i) cache.keep_counts("m" + std::to_string(i), rows(kMegabyte));
  EXPECT_NE(cache.counts("m0"), nullptr);
  cache.keep_counts("m3", rows(kMegabyte));
  EXPECT_EQ(cache.counts("m0"), nullptr) << "all of them make room";
  EXPECT_NE(cache.counts("m3"), nullptr);
}

TEST(ResultCache, CountsAreBoundInNumberAndInBytesOfTheirKeys) {
  ResultCache cache;
  const auto key = [](char digit) { return std::string(kMegabyte, digit); };
  for (const char digit : {'0', '1', '2', '3'}) cache.keep_count(key(digit), 1);
  EXPECT_NE(cache.count(key('0')), nullptr);
  cache.keep_count(key('4'), 1);
  EXPECT_EQ(cache.count(key('0')), nullptr);
  EXPECT_NE(cache.count(key('4')), nullptr);
  for (int i = 0; i < 5000; ++i) cache.keep_count(std::to_string(i), i);
  EXPECT_EQ(cache.count("0"), nullptr);
  EXPECT_NE(cache.count("4999"), nullptr);
}

TEST(ResultCache, ForgetsAllOfIt) {
  ResultCache cache;
  cache.keep_count("a", 1);
  cache.keep_counts("b", std::nullopt);
  EXPECT_NE(cache.count("a"), nullptr);
  ASSERT_NE(cache.counts("b"), nullptr) << "a time-out is a result too";
  EXPECT_FALSE(cache.counts("b")->rows.has_value());
  cache.clear();
  EXPECT_EQ(cache.count("a"), nullptr);
  EXPECT_EQ(cache.counts("b"), nullptr);
}

}  // namespace
}  // namespace tapedeck::instance
