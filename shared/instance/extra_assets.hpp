#pragma once

#include <string>
#include <vector>

#include "config/configuration.hpp"

/// Style sheets and scripts that the configuration adds to every page, and the policy that lets
/// browsers load them.
namespace tapedeck::instance {

struct LinkedAsset {
  std::string url;
  /// Subresource integrity; "" without.
  std::string integrity;
  bool module = false;
};

struct ExtraAssets {
  std::vector<LinkedAsset> css;
  std::vector<LinkedAsset> js;
};

/// `extra_css_urls` and `extra_js_urls`: each a list of URLs or of {"url", "sri", "module"}. A URL
/// that starts with one "/" gets base_url in front; the second of two equal ones is dropped. Throws
/// config::ConfigError for a URL that is neither http(s) nor a path.
[[nodiscard]] ExtraAssets read_extra_assets(const config::Configuration& configuration);

/// The Content-Security-Policy of HTML answers: nothing inline, nothing from elsewhere but pictures
/// (a publisher's own description may show some) and what `assets` name: scripts from the origins
/// of its scripts, style sheets and fonts from those of its style sheets.
[[nodiscard]] std::string content_security_policy(const ExtraAssets& assets);

}  // namespace tapedeck::instance
