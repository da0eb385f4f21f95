#pragma once

#include <string>

#include <boost/json.hpp>

namespace tapedeck::data {

/// The descriptions that stand on a page of the instance, a database or a table; "" where none.
struct PageMetadata {
  std::string title;
  std::string description;
  /// Wins over `description`. The one value of a configuration that reaches a page unescaped: it is
  /// the publisher's own.
  std::string description_html;
  std::string license;
  std::string license_url;
  std::string source;
  std::string source_url;
  std::string about;
  std::string about_url;

  /// Whether the block under the heading shows license and source.
  [[nodiscard]] bool has_source_block() const {
    return !license.empty() || !license_url.empty() || !source.empty() || !source_url.empty();
  }
};

/// Reads the known keys; `object` may be null. Values that are no strings come as JSON text.
[[nodiscard]] PageMetadata read_page_metadata(const boost::json::object* object);
/// `first` with its empty license, source and about pairs taken from `second` (footers fall back
/// from table to database to instance).
[[nodiscard]] PageMetadata with_fallback(PageMetadata first, const PageMetadata& second);

}  // namespace tapedeck::data
