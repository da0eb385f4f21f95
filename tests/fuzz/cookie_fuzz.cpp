#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "http/cookie.hpp"

/// No Cookie header breaks the parser, and both ways to read one agree.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace http = tapedeck::http;
  const std::string header(data, data + size);
  const auto cookies = http::parse_cookies(header);
  for (const auto& [name, value] : cookies) {
    if ((name + value).find(';') != std::string::npos) std::abort();
    if (name.find('=') != std::string::npos) std::abort();
    std::string first;
    for (auto cookie = cookies.rbegin(); cookie != cookies.rend(); ++cookie) {
      if (cookie->first == name) first = cookie->second;
    }
    if (http::cookie_value(header, name) != first) std::abort();
  }
  return 0;
}
