#pragma once

#include <string>

#include "data/summaries.hpp"
#include "instance/instance.hpp"
#include "render/html_page.hpp"

namespace tapedeck::render {

/// One database: its tables and views, a form for SQL, the download.
[[nodiscard]] std::string database_html(instance::Instance& instance, const PageFrame& frame,
                                        const data::DatabasePage& page);

}  // namespace tapedeck::render
