#pragma once

#include <string>

#include "data/query_page.hpp"
#include "instance/instance.hpp"
#include "render/html_page.hpp"

namespace tapedeck::render {

/// SQL and its rows. Reads `page.rows` once, if there are any; what goes wrong while they are read
/// is thrown.
[[nodiscard]] std::string query_html(instance::Instance& instance, const PageFrame& frame,
                                     data::QueryPage& page);

}  // namespace tapedeck::render
