#pragma once

#include <string>
#include <vector>

#include "instance/instance.hpp"
#include "render/html_page.hpp"

namespace tapedeck::render {

/// CREATE statements of one database or table.
struct SchemaBlock {
  /// "books" or "books.authors".
  std::string name;
  std::string schema;
};

/// `frame.title` as heading, then one block of SQL each.
[[nodiscard]] std::string schema_html(instance::Instance& instance, const PageFrame& frame,
                                      const std::vector<SchemaBlock>& blocks);

}  // namespace tapedeck::render
