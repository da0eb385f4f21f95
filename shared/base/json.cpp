#include "base/json.hpp"

#include <cmath>

#include "base/text.hpp"

namespace tapedeck::base {

void append_json(std::string& out, const boost::json::value& value) {
  if (const auto* object = value.if_object()) {
    out += '{';
    const char* separator = "";
    for (const auto& member : *object) {
      out += separator;
      out += boost::json::serialize(member.key());
      out += ':';
      append_json(out, member.value());
      separator = ",";
    }
    out += '}';
  } else if (const auto* list = value.if_array()) {
    out += '[';
    const char* separator = "";
    for (const boost::json::value& item : *list) {
      out += separator;
      append_json(out, item);
      separator = ",";
    }
    out += ']';
  } else if (value.is_double() && !std::isfinite(value.get_double())) {
    out += "null";
  } else if (value.is_double()) {
    append_double(out, value.get_double());
  } else {
    out += boost::json::serialize(value);
  }
}

std::string to_json(const boost::json::value& value) {
  std::string out;
  append_json(out, value);
  return out;
}

}  // namespace tapedeck::base
