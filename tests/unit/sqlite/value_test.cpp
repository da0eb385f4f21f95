#include "sqlite/value.hpp"

#include <limits>

#include <gtest/gtest.h>

namespace tapedeck::sqlite {
namespace {

struct TextCase {
  Value value;
  std::string text;
};

TEST(Value, TextIsThatOfLinksAndTokens) {
  const TextCase cases[] = {
      {Null{}, ""},
      {std::int64_t{0}, "0"},
      {std::numeric_limits<std::int64_t>::min(), "-9223372036854775808"},
      {std::numeric_limits<std::int64_t>::max(), "9223372036854775807"},
      {1.0, "1.0"},
      {0.1, "0.1"},
      {1e15, "1000000000000000.0"},
      {-2.5e-10, "-2.5e-10"},
      {std::string(), ""},
      {std::string("é\0x", 4), std::string("é\0x", 4)},
      {std::string("a\xff"), "a\xef\xbf\xbd"},
      {Blob{"bytes"}, "bytes"},
      {Blob{"\xc3"}, "\xef\xbf\xbd"},
  };
  for (const auto& [value, text] : cases) {
    EXPECT_EQ(to_text(view_of(value)), text);
    std::string out = "before ";
    append_text(out, view_of(value));
    EXPECT_EQ(out, "before " + text);
  }
}

TEST(Value, ViewsAndValuesAgree) {
  const Value cases[] = {Null{},        std::int64_t{-7},    0.25,
                         std::string(), std::string("text"), Blob{std::string("\0\1", 2)},
                         Blob{}};
  for (const Value& value : cases) {
    EXPECT_EQ(to_value(view_of(value)), value) << value.index();
    EXPECT_EQ(view_of(value).is_null(), std::holds_alternative<Null>(value));
  }
}

TEST(Value, ABlobIsNotTheTextOfTheSameBytes) {
  EXPECT_NE(Value(Blob{"x"}), Value(std::string("x")));
  EXPECT_EQ(view_of(Blob{"x"}).type, ValueType::kBlob);
  EXPECT_EQ(view_of(std::string("x")).type, ValueType::kText);
}

}  // namespace
}  // namespace tapedeck::sqlite
