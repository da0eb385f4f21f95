#include "instance/generation.hpp"

#include <functional>
#include <set>

#include <gtest/gtest.h>

namespace tapedeck::instance {
namespace {

std::string text_of(const Generation& generation) {
  std::string out;
  generation.append_to(out);
  return out;
}

TEST(Generation, EveryPartCountsInComparisonAndText) {
  const std::function<void(Generation&)> changes[] = {
      [](Generation& g) { g.device = 1; },    [](Generation& g) { g.inode = 1; },
      [](Generation& g) { g.size = 1; },      [](Generation& g) { g.mtime_ns = 1; },
      [](Generation& g) { g.format[1] = 2; }, [](Generation& g) { g.change_counter[3] = 1; },
      [](Generation& g) { g.wal[0] = 1; },    [](Generation& g) { g.wal[25] = 1; },
  };
  const Generation zero;
  std::set<std::string> texts{text_of(zero)};
  for (const auto& change : changes) {
    Generation changed;
    change(changed);
    EXPECT_NE(changed, zero);
    EXPECT_TRUE(texts.insert(text_of(changed)).second) << "a text of its own";
    Generation again;
    change(again);
    EXPECT_EQ(again, changed);
    EXPECT_EQ(text_of(again), text_of(changed));
  }
}

TEST(Generation, EitherFormatByteMeansWal) {
  Generation generation;
  generation.format = {1, 1};
  EXPECT_FALSE(generation.is_wal());
  generation.format = {2, 2};
  EXPECT_TRUE(generation.is_wal());
  generation.format = {1, 2};
  EXPECT_TRUE(generation.is_wal());
}

}  // namespace
}  // namespace tapedeck::instance
