#pragma once

#include <initializer_list>
#include <string_view>
#include <vector>

#include <boost/json.hpp>

#include "sqlite/catalogue.hpp"

/// Arguments of the query string as OpenAPI describes them.
namespace tapedeck::render::openapi {

[[nodiscard]] boost::json::array strings(std::initializer_list<std::string_view> texts);
[[nodiscard]] boost::json::object text_schema();
[[nodiscard]] boost::json::object query_parameter(std::string_view name,
                                                  std::string_view description,
                                                  boost::json::object schema);

/// What pages have in common, by the name that they refer to it with; `max_size` is the largest
/// `_size`.
[[nodiscard]] boost::json::object shared_parameters(int max_size);
/// Filters of a table, by name; names that the arguments of the page have themselves are written
/// with their operator.
[[nodiscard]] std::vector<boost::json::object> filter_parameters(const sqlite::Table& table);
/// `_sort` or `_sort_desc`.
[[nodiscard]] boost::json::object sort_parameter(const sqlite::Table& table, std::string_view name,
                                                 std::string_view description);

}  // namespace tapedeck::render::openapi
