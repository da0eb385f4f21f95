#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "data/row_cursor.hpp"
#include "data/table_plan.hpp"
#include "http/query_string.hpp"

/// Places of rows: columns with latitude and longitude, or with GeoJSON geometries, and the box
/// that
/// `_bbox` asks for. Source: RFC 7946 sections 3.1 (geometries), 4 (WGS 84, longitude first)
/// and 5.2 (boxes across the antimeridian).
namespace tapedeck::data {

/// Degrees. A box with west > east lies across the antimeridian.
struct BoundingBox {
  double west = 0;
  double south = 0;
  double east = 0;
  double north = 0;

  /// Whether the two have a point in common; `other` is a geometry's own box, with west <= east.
  [[nodiscard]] bool touches(const BoundingBox& other) const;
};

/// `_bbox`: "west,south,east,north". The error names what is wrong.
[[nodiscard]] base::Result<BoundingBox> parse_bounding_box(std::string_view text);

/// Where the columns of a result say that a row is.
struct GeoColumns {
  /// Indexes into the result. Either the first two are set, or the last.
  std::optional<int> latitude;
  std::optional<int> longitude;
  std::optional<int> geometry;
};

/// From `_lat` and `_lon`, from `_geometry`, or by the columns' names: latitude or lat with
/// longitude, lon, lng or long; geometry, geojson or geom; in any case. Throws http::RequestError
/// 400 when there are none.
[[nodiscard]] GeoColumns find_geo_columns(const http::QueryString& query,
                                          const std::vector<ResultColumn>& columns);

/// Whether there are such columns.
[[nodiscard]] bool has_geo_columns(const http::QueryString& query,
                                   const std::vector<ResultColumn>& columns);

struct Point {
  double longitude = 0;
  double latitude = 0;
};
/// Where the row at hand is; nothing unless both columns hold numbers (or text that is one) within
/// ±90 and ±180 degrees.
[[nodiscard]] std::optional<Point> point_of(const GeoColumns& columns, const RowCursor& row);

/// The box around a GeoJSON geometry; nothing when `text` is none, and a geometry without any
/// position has none either.
struct GeometryBounds {
  bool is_geometry = false;
  std::optional<BoundingBox> box;
};
/// Texts of more than 8 MB are no geometries.
[[nodiscard]] GeometryBounds bounds_of_geometry(std::string_view text);

/// Whether the row at hand lies in `box`, as far as its own box can tell.
[[nodiscard]] bool is_within(const GeoColumns& columns, const BoundingBox& box,
                             const RowCursor& row);

/// Adds the box to a table's conditions, where SQL can look at the columns as point_of() does:
/// numbers in columns of numeric affinity. False when rows have to be looked at while reading.
[[nodiscard]] bool add_box_conditions(const GeoColumns& columns, const BoundingBox& box,
                                      TablePlan& plan);

}  // namespace tapedeck::data
