#pragma once

#include <functional>
#include <string>

#include "data/table_page.hpp"
#include "instance/instance.hpp"
#include "render/html_page.hpp"

namespace tapedeck::render {

/// Rows of a table or view with search, filters, sorting and exports. Reads `page.rows` once, then
/// calls `complete`, which fills in what is known or worth asking only then: the path of the next
/// page, count and facets.
[[nodiscard]] std::string table_html(instance::Instance& instance, const PageFrame& frame,
                                     data::TablePage& page, const std::function<void()>& complete);

/// The rows block of the same page alone. Reads `page.rows` once.
[[nodiscard]] std::string table_rows_html(instance::Instance& instance, data::TablePage& page);

}  // namespace tapedeck::render
