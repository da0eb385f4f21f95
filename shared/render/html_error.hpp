#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "instance/instance.hpp"
#include "render/html_page.hpp"

namespace tapedeck::render {

/// An error page. `title` is the heading, "Error 404" when empty; `sql` the statement that failed.
[[nodiscard]] std::string error_html(instance::Instance& instance, const PageFrame& frame,
                                     int status, std::string_view title, std::string_view message,
                                     const std::optional<std::string>& sql = std::nullopt);

}  // namespace tapedeck::render
