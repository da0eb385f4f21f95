#pragma once

#include <memory>
#include <vector>

#include "data/geo.hpp"
#include "render/json_rows.hpp"
#include "render/row_writer.hpp"

/// Rows as a GeoJSON FeatureCollection (RFC 7946), one Feature in a line. The place is the
/// geometry, null for rows without one; all columns but those of the place are properties, as in
/// JSON.
namespace tapedeck::render {

/// `columns` must outlive the writer.
[[nodiscard]] std::unique_ptr<RowWriter> make_geojson_writer(
    const std::vector<data::ResultColumn>& columns, const data::GeoColumns& places,
    JsonRowOptions options);

}  // namespace tapedeck::render
