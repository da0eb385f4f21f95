#pragma once

#include <string>
#include <string_view>

#include "instance/instance.hpp"
#include "render/html_page.hpp"

namespace tapedeck::render {

/// An introspection page: `frame.title` as heading and `pretty_json`, indented by the caller, in a
/// <pre>.
[[nodiscard]] std::string json_html(instance::Instance& instance, const PageFrame& frame,
                                    std::string_view pretty_json);

}  // namespace tapedeck::render
