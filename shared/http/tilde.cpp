#include "http/tilde.hpp"

#include "http/byte_escape.hpp"

namespace tapedeck::http {
namespace {

constexpr ByteEscape kTilde = {'~', PlusSign::kIsSpace, letters_digits_and("_-")};

}  // namespace

std::string tilde_encode(std::string_view name) {
  std::string result;
  append_tilde(result, name);
  return result;
}

void append_tilde(std::string& out, std::string_view name) {
  append_escaped(out, name, kTilde);
}

std::string tilde_decode(std::string_view text) {
  return decode_escaped(text, '~', PlusSign::kIsSpace, '%');
}

}  // namespace tapedeck::http
