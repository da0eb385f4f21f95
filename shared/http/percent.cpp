#include "http/percent.hpp"

#include "http/byte_escape.hpp"

namespace tapedeck::http {
namespace {

constexpr ByteEscape kForm = {'%', PlusSign::kIsSpace, letters_digits_and("_.-~")};
constexpr ByteEscape kPercent = {'%', PlusSign::kIsItself, letters_digits_and("_.-~")};

}  // namespace

std::string percent_decode(std::string_view text) {
  return decode_escaped(text, '%', PlusSign::kIsItself, '%');
}

std::string form_decode(std::string_view text) {
  return decode_escaped(text, '%', PlusSign::kIsSpace, '%');
}

void append_form_encoded(std::string& out, std::string_view text) {
  append_escaped(out, text, kForm);
}

std::string form_encode(std::string_view text) {
  std::string result;
  append_form_encoded(result, text);
  return result;
}

std::string percent_encode(std::string_view text) {
  std::string result;
  append_escaped(result, text, kPercent);
  return result;
}

}  // namespace tapedeck::http
