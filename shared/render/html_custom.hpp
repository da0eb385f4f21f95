#pragma once

#include <string>

#include "instance/custom_page.hpp"
#include "instance/instance.hpp"
#include "render/html_page.hpp"

namespace tapedeck::render {

/// A page of the publisher's own, inside the frame unless it wants none. The values of its path are
/// set under their own names.
[[nodiscard]] std::string custom_html(instance::Instance& instance, const PageFrame& frame,
                                      const instance::CustomPage& page,
                                      const instance::PathValues& values);

}  // namespace tapedeck::render
