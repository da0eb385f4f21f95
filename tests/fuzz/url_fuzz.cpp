#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/utf8.hpp"
#include "http/url.hpp"

/// Any bytes as request target, Host and redirect target.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace base = tapedeck::base;
  namespace http = tapedeck::http;
  const std::string text(data, data + size);
  http::Request request;
  request.set_target(text);
  if (!request.raw_path.starts_with('/')) std::abort();
  if (request.raw_path.find('?') != std::string::npos) std::abort();
  for (const auto& [key, value] : request.query.pairs()) {
    if (!base::is_valid_utf8(key) || !base::is_valid_utf8(value)) std::abort();
  }

  request.headers.set("Host", text);
  if (http::is_plausible_host(text) && text.find_first_of("/\\@?#<>\" \r\n") != std::string::npos) {
    std::abort();
  }
  if (!http::absolute_url(request, "/x", true).starts_with("https://")) std::abort();

  const std::string local = http::local_redirect_target(text);
  if (!local.starts_with('/')) std::abort();
  if (local.size() > 1 && std::string_view("/\\\t\r\n ").find(local[1]) != std::string::npos) {
    std::abort();
  }
  if (http::local_redirect_target(local) != local) std::abort();
  return 0;
}
