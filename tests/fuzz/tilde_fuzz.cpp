#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "base/utf8.hpp"
#include "http/tilde.hpp"

/// Every name comes back from its encoding; every text decodes to valid UTF-8.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace base = tapedeck::base;
  namespace http = tapedeck::http;
  const std::string text(data, data + size);
  if (!base::is_valid_utf8(http::tilde_decode(text))) std::abort();
  const std::string encoded = http::tilde_encode(text);
  const auto may_stand = [](char byte) {
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
           (byte >= '0' && byte <= '9') || byte == '_' || byte == '-' || byte == '+' || byte == '~';
  };
  if (!std::ranges::all_of(encoded, may_stand)) std::abort();
  if (http::tilde_decode(encoded) != base::to_valid_utf8(text)) std::abort();
  return 0;
}
