#pragma once

#include <string>

#include "data/query_page.hpp"
#include "instance/instance.hpp"
#include "render/html_page.hpp"
#include "render/row_writer.hpp"

namespace tapedeck::render {

/// SQL and its rows. Reads `page.rows` once, if there are any; what goes wrong while they are read
/// is thrown. `blob_url` gives the paths of BLOBs in them.
[[nodiscard]] std::string query_html(instance::Instance& instance, const PageFrame& frame,
                                     data::QueryPage& page, const BlobUrl& blob_url);

}  // namespace tapedeck::render
