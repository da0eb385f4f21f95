#pragma once

#include <span>
#include <string_view>

/// The pages of tools, as the menu of the header and the jump search offer them to those who may do
/// debug-menu; each page asks its own permission as well.
namespace tapedeck::pages {

struct ToolPage {
  std::string_view label;
  /// Below base_url.
  std::string_view path;
  std::string_view description;
};

[[nodiscard]] std::span<const ToolPage> tool_pages();

}  // namespace tapedeck::pages
