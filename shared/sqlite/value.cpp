#include "sqlite/value.hpp"

#include <charconv>

#include "base/text.hpp"
#include "base/utf8.hpp"

namespace tapedeck::sqlite {

Value to_value(const ValueView& view) {
  switch (view.type) {
    case ValueType::kInteger:
      return view.integer;
    case ValueType::kFloat:
      return view.real;
    case ValueType::kText:
      return std::string(view.bytes);
    case ValueType::kBlob:
      return Blob{std::string(view.bytes)};
    case ValueType::kNull:
      break;
  }
  return Null{};
}

ValueView view_of(const Value& value) {
  ValueView view;
  if (const auto* integer = std::get_if<std::int64_t>(&value)) {
    view.type = ValueType::kInteger;
    view.integer = *integer;
  } else if (const auto* real = std::get_if<double>(&value)) {
    view.type = ValueType::kFloat;
    view.real = *real;
  } else if (const auto* text = std::get_if<std::string>(&value)) {
    view.type = ValueType::kText;
    view.bytes = *text;
  } else if (const auto* blob = std::get_if<Blob>(&value)) {
    view.type = ValueType::kBlob;
    view.bytes = blob->bytes;
  }
  return view;
}

void append_text(std::string& out, const ValueView& value) {
  switch (value.type) {
    case ValueType::kInteger: {
      char digits[24];
      const auto end = std::to_chars(digits, digits + sizeof digits, value.integer).ptr;
      out.append(digits, end);
      break;
    }
    case ValueType::kFloat:
      base::append_double(out, value.real);
      break;
    case ValueType::kText:
    case ValueType::kBlob:
      base::append_valid_utf8(out, value.bytes);
      break;
    case ValueType::kNull:
      break;
  }
}

std::string to_text(const ValueView& value) {
  std::string out;
  append_text(out, value);
  return out;
}

}  // namespace tapedeck::sqlite
