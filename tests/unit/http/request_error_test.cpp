#include "http/request_error.hpp"

#include <exception>

#include <gtest/gtest.h>

namespace tapedeck::http {
namespace {

TEST(RequestError, CarriesStatusMessageAndForm) {
  const RequestError by_path(400, "Cannot sort table by x");
  EXPECT_EQ(by_path.status, 400);
  EXPECT_EQ(by_path.message, "Cannot sort table by x");
  EXPECT_EQ(by_path.form, ErrorForm::kByPath);
  EXPECT_TRUE(by_path.headers.fields().empty());
  EXPECT_FALSE(by_path.sql.has_value());
  EXPECT_EQ(RequestError(405, "no", ErrorForm::kPlainText).form, ErrorForm::kPlainText);
}

TEST(RequestError, IsAnExceptionWithItsMessage) {
  const RequestError error(404, "Table not found");
  const std::exception& base = error;
  EXPECT_STREQ(base.what(), "Table not found");
}

}  // namespace
}  // namespace tapedeck::http
