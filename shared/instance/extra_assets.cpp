#include "instance/extra_assets.hpp"

#include <algorithm>
#include <string_view>

#include <boost/url/parse.hpp>

#include "base/text.hpp"
#include "instance/paths.hpp"

namespace tapedeck::instance {
namespace {

namespace json = boost::json;

void require_address(std::string_view key, std::string_view url) {
  const auto parsed = boost::urls::parse_uri_reference({url.data(), url.size()});
  const bool is_web = parsed && (!parsed->has_scheme() || parsed->scheme() == "https" ||
                                 parsed->scheme() == "http");
  // The signs would end an entry of the policy, or mean more than one host.
  const bool is_host =
      is_web &&
      std::string_view(parsed->encoded_authority()).find_first_of(";,'*") == std::string_view::npos;
  if (!is_host || url.empty() || (parsed->has_scheme() && parsed->encoded_host().empty())) {
    throw config::ConfigError("\"" + std::string(key) + "\": '" + std::string(url) +
                              "' is no http(s) address and no path");
  }
}

/// "https://cdn.example:8443"; "cdn.example" of "//cdn.example/x.js"; "" of a path.
std::string origin_of(std::string_view url) {
  const auto parsed = boost::urls::parse_uri_reference({url.data(), url.size()});
  if (!parsed || !parsed->has_authority()) return {};
  std::string origin;
  if (parsed->has_scheme()) origin = base::to_lower(std::string(parsed->scheme())) + "://";
  origin += base::to_lower(std::string(parsed->encoded_host()));
  if (parsed->has_port() && !parsed->port().empty()) origin += ":" + std::string(parsed->port());
  return origin;
}

std::vector<LinkedAsset> read_list(const config::Configuration& configuration,
                                   std::string_view key) {
  std::vector<LinkedAsset> assets;
  std::vector<std::string> seen;
  const json::value* list = configuration.config.if_contains(key);
  if (list == nullptr || !list->is_array()) return assets;
  for (const json::value& item : list->get_array()) {
    const json::object* object = item.if_object();
    const json::value& url_value = object == nullptr ? item : object->at("url");
    const std::string url(url_value.get_string());
    require_address(key, url);
    if (std::ranges::find(seen, url) != seen.end()) continue;
    seen.push_back(url);
    LinkedAsset asset;
    const bool is_path = url.starts_with('/') && !url.starts_with("//");
    asset.url = is_path ? site_path(configuration.settings, url.substr(1)) : url;
    if (object != nullptr) {
      const json::value* sri = object->if_contains("sri");
      if (sri != nullptr && sri->is_string()) asset.integrity = sri->get_string();
      const json::value* module = object->if_contains("module");
      asset.module = module != nullptr && (*module == true || *module == 1);
    }
    assets.push_back(std::move(asset));
  }
  return assets;
}

/// " https://a https://b", each once.
std::string origins_of(const std::vector<LinkedAsset>& assets) {
  std::vector<std::string> origins;
  std::string text;
  for (const LinkedAsset& asset : assets) {
    std::string origin = origin_of(asset.url);
    if (origin.empty() || std::ranges::find(origins, origin) != origins.end()) continue;
    text += ' ' + origin;
    origins.push_back(std::move(origin));
  }
  return text;
}

}  // namespace

ExtraAssets read_extra_assets(const config::Configuration& configuration) {
  return {.css = read_list(configuration, "extra_css_urls"),
          .js = read_list(configuration, "extra_js_urls")};
}

std::string content_security_policy(const ExtraAssets& assets) {
  std::string policy = "default-src 'self'; ";
  if (const std::string origins = origins_of(assets.js); !origins.empty()) {
    policy += "script-src 'self'" + origins + "; ";
  }
  if (const std::string origins = origins_of(assets.css); !origins.empty()) {
    policy += "style-src 'self'" + origins + "; font-src 'self'" + origins + "; ";
  }
  return policy +
         "img-src 'self' data: https: http:; object-src 'none'; base-uri 'self'; "
         "form-action 'self'; frame-ancestors 'self'";
}

}  // namespace tapedeck::instance
