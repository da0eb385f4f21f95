#include "data/params.hpp"

#include <gtest/gtest.h>

#include "http/request_error.hpp"
#include "sqlite/connection.hpp"

namespace tapedeck::data {
namespace {

TEST(NamedParams, KeysAreEqualForEqualParametersOnly) {
  const auto key = [](std::initializer_list<sqlite::Value> values) {
    NamedParams params;
    for (const sqlite::Value& value : values) params.add(value);
    std::string text;
    params.append_key(text);
    return text;
  };
  const std::string one("1");
  EXPECT_EQ(key({one}), key({one}));
  EXPECT_NE(key({one}), key({std::int64_t{1}}));
  EXPECT_NE(key({one}), key({sqlite::Blob{one}}));
  EXPECT_NE(key({std::string("a"), std::string("b")}), key({std::string("a\0003:b", 5)}));
  EXPECT_NE(key({std::string("ab"), std::string()}), key({std::string("a"), std::string("b")}));
  EXPECT_NE(key({std::string()}), key({}));
}

TEST(NamedParams, BindsByNameInAnyOrder) {
  sqlite::Connection connection({.path = {}, .mode = sqlite::OpenMode::kMemory});
  NamedParams params;
  EXPECT_EQ(params.add(std::string("a")), ":p0");
  EXPECT_EQ(params.add(std::int64_t{2}), ":p1");
  params.set("search", std::string("s"));
  const auto statement = connection.prepare("select :search || :p1 || :p0 || :p1");
  bind(params, *statement);
  ASSERT_TRUE(statement->step());
  EXPECT_EQ(statement->view(0).bytes, "s2a2");
}

TEST(NamedParams, AParameterWithoutValueIs400) {
  sqlite::Connection connection({.path = {}, .mode = sqlite::OpenMode::kMemory});
  for (const char* sql : {"select :x", "select ?", "select ?5", "select @x", "select $x::y"}) {
    const auto statement = connection.prepare(sql);
    try {
      bind({}, *statement);
      ADD_FAILURE() << sql;
    } catch (const http::RequestError& error) {
      EXPECT_EQ(error.status, 400) << sql;
      EXPECT_TRUE(error.message.starts_with("You did not supply a value for binding parameter "))
          << error.message;
    }
  }
}

}  // namespace
}  // namespace tapedeck::data
