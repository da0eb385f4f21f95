#pragma once

#include <string>

#include "data/summaries.hpp"
#include "instance/instance.hpp"
#include "render/html_page.hpp"

namespace tapedeck::render {

/// The home page: what the site is, and its databases.
[[nodiscard]] std::string index_html(instance::Instance& instance, const PageFrame& frame,
                                     const data::IndexPage& page);

}  // namespace tapedeck::render
