#pragma once

#include <string>

#include <boost/json.hpp>

namespace tapedeck::base {

/// Compact JSON as boost::json::serialize() writes it, but numbers in the forms that all answers
/// have: 2.5 and 1e+100, where Boost.JSON writes 2.5E0 and 1E100. What is no number in JSON
/// (infinity) is null.
[[nodiscard]] std::string to_json(const boost::json::value& value);
void append_json(std::string& out, const boost::json::value& value);

}  // namespace tapedeck::base
