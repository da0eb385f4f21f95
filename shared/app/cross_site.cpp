#include "app/cross_site.hpp"

#include <string>
#include <string_view>
#include <utility>

#include "base/text.hpp"
#include "http/request_error.hpp"

namespace tapedeck::app {

namespace {

/// A browser leaves the scheme's own port out of Origin and of Host, other programs may not.
std::string without_default_port(std::string_view origin) {
  std::string text = base::to_lower(origin);
  for (const auto& [scheme, port] :
       {std::pair<std::string_view, std::string_view>{"http://", ":80"}, {"https://", ":443"}}) {
    if (text.starts_with(scheme) && text.ends_with(port)) text.resize(text.size() - port.size());
  }
  return text;
}

}  // namespace

void require_same_origin(const http::Request& request) {
  const http::Headers& headers = request.headers;
  const bool has_token = headers.value("authorization").starts_with("Bearer ");
  if (has_token && !headers.has("cookie")) return;
  bool is_same = true;
  if (const auto site = headers.get("sec-fetch-site")) {
    is_same = *site == "same-origin" || *site == "none";
  } else if (const auto origin = headers.get("origin")) {
    is_same = without_default_port(*origin) ==
              without_default_port(request.scheme + "://" + std::string(request.host()));
  }
  if (!is_same) {
    throw http::RequestError(403, "Cross-origin request refused", http::ErrorForm::kHtml);
  }
}

}  // namespace tapedeck::app
