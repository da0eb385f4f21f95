#include "render/geojson_rows.hpp"

#include <utility>

#include "base/text.hpp"
#include "data/size_limit.hpp"
#include "render/json_text.hpp"

namespace tapedeck::render {

namespace {

class GeojsonWriter final : public RowWriter {
 public:
  GeojsonWriter(const std::vector<data::ResultColumn>& columns, const data::GeoColumns& places,
                JsonRowOptions options)
      : places_(places),
        max_bytes_(options.max_bytes),
        properties_(make_object_writer(columns, std::move(options), "}")) {}

  void begin(std::string& out) override { out += R"({"type":"FeatureCollection","features":[)"; }

  void append_row(std::string& out, data::RowCursor& rows) override {
    out += is_first_ ? "\n" : ",\n";
    is_first_ = false;
    out += R"({"type":"Feature","geometry":)";
    append_geometry(out, rows);
    out += R"(,"properties":)";
    properties_->append_row(out, rows);
  }

  void end(std::string& out) override { out += "\n]}\n"; }

 private:
  void append_geometry(std::string& out, const data::RowCursor& row) const {
    if (places_.geometry) {
      const sqlite::ValueView value = row.value(*places_.geometry);
      if (value.type == sqlite::ValueType::kText &&
          data::bounds_of_geometry(value.bytes).is_geometry) {
        data::require_within(out.size() + value.bytes.size(), max_bytes_);
        append_compact_json(out, value.bytes);
        return;
      }
    } else if (const auto point = data::point_of(places_, row)) {
      out += R"({"type":"Point","coordinates":[)";
      base::append_double(out, point->longitude);
      out += ',';
      base::append_double(out, point->latitude);
      out += "]}";
      return;
    }
    out += "null";
  }

  data::GeoColumns places_;
  std::size_t max_bytes_;
  std::unique_ptr<RowWriter> properties_;
  bool is_first_ = true;
};

/// The columns that say the place, which are no properties.
std::vector<int> indexes_of(const data::GeoColumns& places) {
  std::vector<int> indexes;
  for (const auto& index : {places.latitude, places.longitude, places.geometry}) {
    if (index) indexes.push_back(*index);
  }
  return indexes;
}

}  // namespace

std::unique_ptr<RowWriter> make_geojson_writer(const std::vector<data::ResultColumn>& columns,
                                               const data::GeoColumns& places,
                                               JsonRowOptions options) {
  options.left_out = indexes_of(places);
  return std::make_unique<GeojsonWriter>(columns, places, std::move(options));
}

}  // namespace tapedeck::render
