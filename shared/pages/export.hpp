#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "data/geo.hpp"
#include "data/label_lookup.hpp"
#include "data/row_cursor.hpp"
#include "data/table_page.hpp"
#include "data/table_plan.hpp"
#include "pages/call.hpp"
#include "render/row_writer.hpp"
#include "sqlite/statement.hpp"

/// Results in the formats that are written row by row: .csv, .tsv, .ndjson, .geojson. Tables, rows,
/// custom and stored queries all come through here.
///
///   _stream=1     every row, as a stream of any length in constant memory
///   _dl=1         a download with a file name
///   _header=off   without the line of column names (.csv, .tsv)
///   _json=C       embeds the JSON text of a column (.ndjson, .geojson)
///   _lat=C, _lon=C | _geometry=C          where the place stands (.geojson), see data/geo.hpp
///   _bbox=WEST,SOUTH,EAST,NORTH           rows inside the box alone (.geojson)
///
/// A stream may last as long as its reader reads, up to max_csv_mb. The time to its first row, and
/// to each next one, is bounded by sql_time_limit_ms; SQL of a stranger has a budget besides
/// (StreamBudget). What goes wrong after the first row breaks the stream off, so that it cannot
/// pass for a complete file.
namespace tapedeck::pages {

/// A result on its way out. Nothing in it may refer to the Call: a stream is read when the page has
/// returned.
struct ExportRows {
  /// Bound, not yet stepped.
  sqlite::CachedStatement statement;
  /// Columns with a foreign key are expanded. `page_size` counts for pages only; `labels` is set
  /// from below.
  data::RowCursor::Options options;
  /// Null when nothing is expanded.
  std::unique_ptr<data::LabelLookup> labels;
  render::BlobUrl blob_url;
  data::GeoColumns places;
  /// Names a download: the URL's own segment, still tilde-encoded, without extension.
  std::string file_name;
  bool is_stream = false;
  /// The SQL, or part of it, is a stranger's.
  bool is_visitor_sql = false;
};

/// Whether the format of the call is one of these.
[[nodiscard]] bool is_export(const Call& call);
/// Whether all rows are wanted as a stream. Throws http::RequestError 400 where streams are not
/// allowed.
[[nodiscard]] bool wants_stream(const Call& call);
/// Throws http::RequestError 400 for a stream that should begin at `_next`.
void refuse_next_in_stream(const Call& call);

/// Links to every row of this page as a stream, in the formats that its columns
/// allow; none where streams are not allowed.
[[nodiscard]] std::vector<data::StreamLink> stream_links(
    const Call& call, const std::vector<data::ResultColumn>& columns);

/// Finds the columns of the place when the format is GeoJSON, and has the cursor pass over what
/// lies outside `_bbox`, unless SQL can do so: then `plan`, which may be null, gets the conditions.
/// Throws http::RequestError 400.
[[nodiscard]] data::GeoColumns plan_places(const Call& call, data::RowCursor::Options& options,
                                           data::TablePlan* plan);

/// The answer. Runs the statement to its end, or to its first row when it is a stream; not at all
/// for the HEAD of a stream. `after_page` gets the cursor of a page that has been read.
[[nodiscard]] http::Response export_rows(
    Call& call, ExportRows rows,
    const std::function<void(const data::RowCursor&, http::Response&)>& after_page = {});

}  // namespace tapedeck::pages
