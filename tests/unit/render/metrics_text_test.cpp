#include "render/metrics_text.hpp"

#include <gtest/gtest.h>

namespace tapedeck::render {
namespace {

TEST(MetricsText, WritesFamiliesAndSamples) {
  MetricsText text;
  text.family("a_total", "counter", "Of something.");
  text.sample({}, std::uint64_t{3});
  text.sample({{"x", "1"}, {"y", "z"}}, 0.5, "_sum");
  EXPECT_EQ(text.take(),
            "# HELP a_total Of something.\n# TYPE a_total counter\na_total 3\n"
            "a_total_sum{x=\"1\",y=\"z\"} 0.5\n");
}

TEST(MetricsText, NoLabelCanLeaveItsQuotes) {
  MetricsText text;
  text.family("a", "gauge", "b");
  text.sample({{"x", "q\"uo\\te\nline\xff"}}, std::uint64_t{1});
  EXPECT_EQ(text.take(),
            "# HELP a b\n# TYPE a gauge\na{x=\"q\\\"uo\\\\te\\nline\xef\xbf\xbd\"} 1\n");
}

}  // namespace
}  // namespace tapedeck::render
