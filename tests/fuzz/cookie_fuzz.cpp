#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "http/cookie.hpp"

/// No Cookie header breaks the parser or keeps what follows it from being found; what it finds is
/// inside of one piece. The first bytes are the name.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace http = tapedeck::http;
  const std::string header(data, data + size);
  const std::string name = header.substr(0, header.find_first_of("=; \t\r\n\v\f"));
  if (http::cookie_value(header, name).find(';') != std::string::npos) std::abort();
  const std::string last = header + "; " + name + "=\"last one\"";
  if (http::cookie_value(last, name) != "last one") std::abort();
  return 0;
}
