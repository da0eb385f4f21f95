#include "http/headers.hpp"

#include <algorithm>
#include <stdexcept>

#include "base/text.hpp"
#include "http/byte_escape.hpp"

namespace tapedeck::http {
namespace {

constexpr PlainBytes kTokenBytes = letters_digits_and("!#$%&'*+-.^_`|~");

std::string checked_name(std::string_view name) {
  const auto is_token_byte = [](char byte) {
    return kTokenBytes[static_cast<unsigned char>(byte)];
  };
  if (name.empty() || !std::ranges::all_of(name, is_token_byte)) {
    throw std::invalid_argument("header name is not a token: " + std::string(name));
  }
  return std::string(name);
}

std::string safe_value(std::string_view value) {
  std::string result(value);
  for (char& character : result) {
    const auto byte = static_cast<unsigned char>(character);
    if ((byte < 0x20 && byte != '\t') || byte == 0x7F) character = ' ';
  }
  return result;
}

}  // namespace

std::optional<std::string_view> Headers::get(std::string_view name) const {
  for (const Field& field : fields_) {
    if (base::equals_ignoring_case(field.first, name)) return field.second;
  }
  return std::nullopt;
}

std::string_view Headers::value(std::string_view name) const {
  return get(name).value_or(std::string_view());
}

void Headers::set(std::string_view name, std::string_view value) {
  Field field(checked_name(name), safe_value(value));
  remove(field.first);
  fields_.push_back(std::move(field));
}

void Headers::add(std::string_view name, std::string_view value) {
  fields_.emplace_back(checked_name(name), safe_value(value));
}

void Headers::remove(std::string_view name) {
  std::erase_if(fields_, [wanted = std::string(name)](const Field& field) {
    return base::equals_ignoring_case(field.first, wanted);
  });
}

}  // namespace tapedeck::http
