#pragma once

#include <functional>
#include <string>

#include "data/table_page.hpp"
#include "instance/instance.hpp"
#include "render/html_page.hpp"

namespace tapedeck::render {

/// Rows of a table or view with search, filters, sorting and exports. Reads `page.rows` once, then
/// asks `next_path` for the link to the next page ("" when there is none).
[[nodiscard]] std::string table_html(instance::Instance& instance, const PageFrame& frame,
                                     data::TablePage& page,
                                     const std::function<std::string()>& next_path);

/// The rows block of the same page alone. Reads `page.rows` once.
[[nodiscard]] std::string table_rows_html(instance::Instance& instance, data::TablePage& page);

}  // namespace tapedeck::render
