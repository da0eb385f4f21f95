#pragma once

#include <string>

#include "data/table_page.hpp"
#include "instance/instance.hpp"
#include "render/html_page.hpp"

namespace tapedeck::render {

/// One row, uncut, its key columns first and bold, and the links from other tables. Reads
/// `page.rows` once.
[[nodiscard]] std::string row_html(instance::Instance& instance, const PageFrame& frame,
                                   data::RowPage& page);

}  // namespace tapedeck::render
