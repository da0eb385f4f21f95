#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "base/escape.hpp"
#include "base/utf8.hpp"

/// Whatever the bytes, nothing that could end a string, a script or an attribute comes out.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace base = tapedeck::base;
  const std::string text(data, data + size);
  const std::string valid = base::to_valid_utf8(text);
  if (!base::is_valid_utf8(valid)) std::abort();

  const std::string html = base::escape_html(text);
  if (html.find_first_of("<>\"'") != std::string::npos) std::abort();
  if (html != base::escape_html(valid)) std::abort();

  std::string json;
  base::append_json_string(json, text);
  if (!base::is_valid_utf8(json) || json.size() < 2) std::abort();
  for (std::size_t index = 1; index + 1 < json.size(); ++index) {
    const auto byte = static_cast<unsigned char>(json[index]);
    if (byte == '"' || byte < 0x20 || byte == 0x7F || byte == '<') std::abort();
    if (byte == '\\') ++index;
  }
  std::string json_of_valid;
  base::append_json_string(json_of_valid, valid);
  if (json != json_of_valid) std::abort();
  return 0;
}
