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

/// `frame.title` as heading, then one block of SQL each; `markdown_path` leads to the same as text.
[[nodiscard]] std::string schema_html(instance::Instance& instance, const PageFrame& frame,
                                      const std::vector<SchemaBlock>& blocks,
                                      const std::string& markdown_path);

}  // namespace tapedeck::render
