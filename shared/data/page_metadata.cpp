#include "data/page_metadata.hpp"

#include <string_view>

#include "config/configuration.hpp"

namespace tapedeck::data {

PageMetadata read_page_metadata(const boost::json::object* object) {
  PageMetadata metadata;
  if (object == nullptr) return metadata;
  const auto read = [object](std::string_view key) {
    const boost::json::value* value = object->if_contains(key);
    return value == nullptr || value->is_null() ? std::string() : config::text_of(*value);
  };
  metadata.title = read("title");
  metadata.description = read("description");
  metadata.description_html = read("description_html");
  metadata.license = read("license");
  metadata.license_url = read("license_url");
  metadata.source = read("source");
  metadata.source_url = read("source_url");
  metadata.about = read("about");
  metadata.about_url = read("about_url");
  return metadata;
}

PageMetadata with_fallback(PageMetadata first, const PageMetadata& second) {
  if (first.license.empty() && first.license_url.empty()) {
    first.license = second.license;
    first.license_url = second.license_url;
  }
  if (first.source.empty() && first.source_url.empty()) {
    first.source = second.source;
    first.source_url = second.source_url;
  }
  if (first.about.empty() && first.about_url.empty()) {
    first.about = second.about;
    first.about_url = second.about_url;
  }
  return first;
}

}  // namespace tapedeck::data
