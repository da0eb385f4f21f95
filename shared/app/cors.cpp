#include "app/cors.hpp"

#include <string>
#include <string_view>

#include "base/text.hpp"

namespace tapedeck::app {

namespace {

bool is_listed(std::string_view origins, std::string_view origin) {
  const std::string commas = base::replace_all(origins, " ", ",");
  for (const std::string_view listed : base::split(commas, ',')) {
    if (!listed.empty() && base::equals_ignoring_case(listed, origin)) return true;
  }
  return false;
}

}  // namespace

void add_cors_headers(const config::Settings& settings, const http::Request& request,
                      http::Headers& headers) {
  std::string allowed = "*";
  if (!settings.cors_origins.empty()) {
    headers.add("Vary", "Origin");
    const std::string_view origin = request.headers.value("origin");
    if (origin.empty() || !is_listed(settings.cors_origins, origin)) return;
    allowed = origin;
  }
  headers.set("Access-Control-Allow-Origin", allowed);
  headers.set("Access-Control-Allow-Headers", "Authorization, Content-Type");
  headers.set("Access-Control-Expose-Headers", "Link");
  headers.set("Access-Control-Allow-Methods", "GET, POST, HEAD, OPTIONS");
  headers.set("Access-Control-Max-Age", "3600");
}

}  // namespace tapedeck::app
