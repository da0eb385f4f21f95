#include "data/geo.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>

#include <boost/json.hpp>

#include "base/text.hpp"
#include "http/request_error.hpp"

namespace tapedeck::data {

namespace {

using http::RequestError;

constexpr double kMostLatitude = 90;
constexpr double kMostLongitude = 180;
/// A collection inside a collection inside … : more than this is no geometry.
constexpr std::size_t kMaxDepth = 64;
/// Taken apart, a text needs up to eight times its size.
constexpr std::size_t kLargestGeometry = std::size_t{8} * 1024 * 1024;

constexpr auto kLatitudeNames = std::to_array<std::string_view>({"latitude", "lat"});
constexpr auto kLongitudeNames =
    std::to_array<std::string_view>({"longitude", "lon", "lng", "long"});
constexpr auto kGeometryNames = std::to_array<std::string_view>({"geometry", "geojson", "geom"});

bool is_latitude(double degrees) {
  return std::abs(degrees) <= kMostLatitude;
}
bool is_longitude(double degrees) {
  return std::abs(degrees) <= kMostLongitude;
}

// ---- columns --------------------------------------------------------------------------------

std::optional<int> find_column(const std::vector<ResultColumn>& columns, std::string_view name) {
  const auto found = std::ranges::find(columns, name, &ResultColumn::name);
  if (found == columns.end()) return std::nullopt;
  return static_cast<int>(found - columns.begin());
}

/// The first of `names` that a column has, in any case.
template <std::size_t Size>
std::optional<int> find_named(const std::vector<ResultColumn>& columns,
                              const std::array<std::string_view, Size>& names) {
  for (const std::string_view name : names) {
    const auto found = std::ranges::find_if(columns, [name](const ResultColumn& column) {
      return base::equals_ignoring_case(column.name, name);
    });
    if (found != columns.end()) return static_cast<int>(found - columns.begin());
  }
  return std::nullopt;
}

/// The column that an argument names; nothing without the argument.
std::optional<int> asked_column(const http::QueryString& query, std::string_view argument,
                                const std::vector<ResultColumn>& columns) {
  const std::string_view name = query.value(argument);
  if (name.empty()) return std::nullopt;
  const auto column = find_column(columns, name);
  if (!column) {
    throw RequestError(400, std::string(argument) + "=" + std::string(name) +
                                " - there is no such column in the result");
  }
  return column;
}

std::optional<double> number_of(const sqlite::ValueView& value) {
  switch (value.type) {
    case sqlite::ValueType::kInteger:
      return static_cast<double>(value.integer);
    case sqlite::ValueType::kFloat:
      return value.real;
    case sqlite::ValueType::kText:
      return base::parse_double(base::trim(value.bytes));
    default:
      return std::nullopt;
  }
}

// ---- geometries -----------------------------------------------------------------------------

using boost::json::array;
using boost::json::object;
using boost::json::value;

/// Walks a geometry and widens the box by each of its positions.
class BoundsReader {
 public:
  bool read_geometry(const value& geometry, std::size_t depth = 0) {
    const object* const members = geometry.if_object();
    if (members == nullptr || depth > kMaxDepth) return false;
    const value* const type = members->if_contains("type");
    if (type == nullptr || !type->is_string()) return false;
    const std::string_view name = type->get_string();
    if (name == "GeometryCollection") {
      const array* const parts = list_in(*members, "geometries");
      return parts != nullptr && std::ranges::all_of(*parts, [&](const value& part) {
               return read_geometry(part, depth + 1);
             });
    }
    const auto* const kind = std::ranges::find(kKinds, name, &Kind::type);
    const array* const coordinates = list_in(*members, "coordinates");
    return kind != kKinds.end() && coordinates != nullptr && read_nested(*coordinates, kind->depth);
  }

  [[nodiscard]] const std::optional<BoundingBox>& box() const { return box_; }

 private:
  /// How many lists lie around a position.
  struct Kind {
    std::string_view type;
    int depth;
  };
  static constexpr auto kKinds = std::to_array<Kind>({{"Point", 0},
                                                      {"MultiPoint", 1},
                                                      {"LineString", 1},
                                                      {"MultiLineString", 2},
                                                      {"Polygon", 2},
                                                      {"MultiPolygon", 3}});

  static const array* list_in(const object& members, std::string_view key) {
    const value* const member = members.if_contains(key);
    return member == nullptr ? nullptr : member->if_array();
  }

  bool read_nested(const array& list, int depth) {
    if (depth == 0) return read_position(list);
    return std::ranges::all_of(list, [&](const value& inner) {
      return inner.is_array() && read_nested(inner.get_array(), depth - 1);
    });
  }

  bool read_position(const array& position) {
    if (position.empty()) return true;  // RFC 7946 section 3.1: a geometry without coordinates
    if (position.size() < 2 ||
        !std::ranges::all_of(position, [](const value& number) { return number.is_number(); })) {
      return false;
    }
    const auto longitude = position[0].to_number<double>();
    const auto latitude = position[1].to_number<double>();
    if (!box_) {
      box_ = {longitude, latitude, longitude, latitude};
      return true;
    }
    box_->west = std::min(box_->west, longitude);
    box_->east = std::max(box_->east, longitude);
    box_->south = std::min(box_->south, latitude);
    box_->north = std::max(box_->north, latitude);
    return true;
  }

  std::optional<BoundingBox> box_;
};

}  // namespace

bool BoundingBox::touches(const BoundingBox& other) const {
  if (other.north < south || other.south > north) return false;
  if (west <= east) return other.east >= west && other.west <= east;
  return other.east >= west || other.west <= east;
}

base::Result<BoundingBox> parse_bounding_box(std::string_view text) {
  const auto parts = base::split(text, ',');
  std::array<double, 4> numbers{};
  bool is_good = parts.size() == numbers.size();
  for (std::size_t i = 0; is_good && i < parts.size(); ++i) {
    const auto number = base::parse_double(base::trim(parts[i]));
    is_good = number.has_value() && std::isfinite(*number);
    if (is_good) numbers.at(i) = *number;
  }
  if (!is_good) {
    return base::Error("_bbox must be four numbers, west,south,east,north: " + std::string(text));
  }
  const auto& [west, south, east, north] = numbers;
  if (!is_longitude(west) || !is_longitude(east) || !is_latitude(south) || !is_latitude(north)) {
    return base::Error("_bbox must lie within -180,-90,180,90: " + std::string(text));
  }
  if (south > north) {
    return base::Error("_bbox is west,south,east,north, and south is above north: " +
                       std::string(text));
  }
  return BoundingBox{west, south, east, north};
}

GeoColumns find_geo_columns(const http::QueryString& query,
                            const std::vector<ResultColumn>& columns) {
  GeoColumns found;
  found.geometry = asked_column(query, "_geometry", columns);
  if (found.geometry) return found;
  const auto latitude = asked_column(query, "_lat", columns);
  const auto longitude = asked_column(query, "_lon", columns);
  found.latitude = latitude ? latitude : find_named(columns, kLatitudeNames);
  found.longitude = longitude ? longitude : find_named(columns, kLongitudeNames);
  if (found.latitude && found.longitude) return found;
  found.latitude.reset();
  found.longitude.reset();
  if (!latitude && !longitude) found.geometry = find_named(columns, kGeometryNames);
  if (found.geometry) return found;
  throw RequestError(400,
                     "GeoJSON needs columns latitude and longitude (or lat with lon, lng or long), "
                     "or a column geometry, geojson or geom with GeoJSON geometries. Name others "
                     "with _lat= and _lon=, or _geometry=.");
}

bool has_geo_columns(const http::QueryString& query, const std::vector<ResultColumn>& columns) {
  try {
    static_cast<void>(find_geo_columns(query, columns));
    return true;
  } catch (const RequestError&) {
    return false;
  }
}

std::optional<Point> point_of(const GeoColumns& columns, const RowCursor& row) {
  if (!columns.latitude || !columns.longitude) return std::nullopt;
  const auto latitude = number_of(row.value(*columns.latitude));
  const auto longitude = number_of(row.value(*columns.longitude));
  if (!latitude || !longitude || !is_latitude(*latitude) || !is_longitude(*longitude)) {
    return std::nullopt;
  }
  return Point{*longitude, *latitude};
}

GeometryBounds bounds_of_geometry(std::string_view text) {
  if (text.size() > kLargestGeometry) return {};
  boost::json::parse_options options;
  options.max_depth = kMaxDepth;
  boost::system::error_code error;
  const value geometry = boost::json::parse(text, error, {}, options);
  if (error) return {};
  BoundsReader reader;
  if (!reader.read_geometry(geometry)) return {};
  return {true, reader.box()};
}

bool is_within(const GeoColumns& columns, const BoundingBox& box, const RowCursor& row) {
  if (columns.geometry) {
    const sqlite::ValueView value = row.value(*columns.geometry);
    if (value.type != sqlite::ValueType::kText) return false;
    const GeometryBounds bounds = bounds_of_geometry(value.bytes);
    return bounds.box && box.touches(*bounds.box);
  }
  const auto point = point_of(columns, row);
  return point &&
         box.touches({point->longitude, point->latitude, point->longitude, point->latitude});
}

bool add_box_conditions(const GeoColumns& columns, const BoundingBox& box, TablePlan& plan) {
  if (columns.geometry) return false;
  const auto is_numeric = [&plan](std::optional<int> index) {
    const sqlite::Column* column = plan.columns[static_cast<std::size_t>(*index)].column;
    return column != nullptr && (column->affinity == sqlite::Affinity::kInteger ||
                                 column->affinity == sqlite::Affinity::kReal ||
                                 column->affinity == sqlite::Affinity::kNumeric);
  };
  if (!is_numeric(columns.latitude) || !is_numeric(columns.longitude)) return false;
  const auto name_of = [&plan](std::optional<int> index) {
    return sqlite::quote_identifier(plan.columns[static_cast<std::size_t>(*index)].name);
  };
  const std::string latitude = name_of(columns.latitude);
  const std::string longitude = name_of(columns.longitude);
  plan.where.push_back(latitude + " between " + plan.params.add(box.south) + " and " +
                       plan.params.add(box.north));
  const std::string west = plan.params.add(box.west);
  const std::string east = plan.params.add(box.east);
  // Text and blobs are greater than every number, so the second bound must shut them out too.
  plan.where.push_back(box.west <= box.east
                           ? longitude + " between " + west + " and " + east
                           : "(" + longitude + " between " + west + " and 180.0 or " + longitude +
                                 " between -180.0 and " + east + ")");
  return true;
}

}  // namespace tapedeck::data
