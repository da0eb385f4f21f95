#pragma once

#include <optional>
#include <string_view>

#include <boost/json.hpp>

namespace tapedeck::auth {

/// The JSON text of a cookie, a token or an argument; nothing when it is none or nests too deep.
[[nodiscard]] inline std::optional<boost::json::value> parse_json(std::string_view text) {
  boost::system::error_code error;
  boost::json::parse_options options;
  options.max_depth = 32;
  boost::json::value value = boost::json::parse({text.data(), text.size()}, error, {}, options);
  if (error) return std::nullopt;
  return value;
}

/// The same when it is an object.
[[nodiscard]] inline std::optional<boost::json::object> parse_object(std::string_view text) {
  auto value = parse_json(text);
  if (!value || !value->is_object()) return std::nullopt;
  return std::move(value->get_object());
}

}  // namespace tapedeck::auth
