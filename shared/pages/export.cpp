#include "pages/export.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <limits>
#include <stdexcept>
#include <string_view>
#include <utility>

#include "base/coarse_clock.hpp"
#include "base/text.hpp"
#include "data/size_limit.hpp"
#include "http/request_error.hpp"
#include "http/url.hpp"
#include "pages/answer.hpp"
#include "pages/table_access.hpp"
#include "render/delimited_rows.hpp"
#include "render/geojson_rows.hpp"
#include "render/json_rows.hpp"

namespace tapedeck::pages {

namespace {

using http::RequestError;
using Clock = std::chrono::steady_clock;
using Columns = std::vector<data::ResultColumn>;

/// A stream is cut into pieces of this size.
constexpr std::size_t kStreamPiece = std::size_t{64} * 1024;
constexpr std::size_t kBytesPerMb = std::size_t{1024} * 1024;
/// Rows that come slowly are not kept back until they fill a piece.
constexpr std::chrono::seconds kLongestWait{1};

// ---- formats --------------------------------------------------------------------------------

struct Format {
  std::string_view extension;
  /// As messages name it.
  std::string_view name;
  std::string_view content_type;
  /// With `_dl`.
  std::string_view download_type;
  std::unique_ptr<render::RowWriter> (*make_writer)(const Call& call, const Columns& columns,
                                                    const ExportRows& rows);
};

render::DelimitedOptions delimited_options(const Call& call, const ExportRows& rows) {
  return {.header = call.request.query.value("_header") != "off",
          .blob_url = rows.blob_url,
          .max_bytes = data::max_answer_bytes(call.settings())};
}

render::JsonRowOptions object_options(const Call& call) {
  render::JsonRowOptions options = json_arguments(call, render::JsonShape::kObjects);
  // Has to be JSON for every reader.
  options.keep_infinity = false;
  return options;
}

std::unique_ptr<render::RowWriter> make_csv(const Call& call, const Columns& columns,
                                            const ExportRows& rows) {
  return render::make_csv_writer(columns, delimited_options(call, rows));
}

std::unique_ptr<render::RowWriter> make_tsv(const Call& call, const Columns& columns,
                                            const ExportRows& rows) {
  return render::make_tsv_writer(columns, delimited_options(call, rows));
}

std::unique_ptr<render::RowWriter> make_ndjson(const Call& call, const Columns& columns,
                                               const ExportRows& /*rows*/) {
  return render::make_object_writer(columns, object_options(call), "\n");
}

std::unique_ptr<render::RowWriter> make_geojson(const Call& call, const Columns& columns,
                                                const ExportRows& rows) {
  return render::make_geojson_writer(columns, rows.places, object_options(call));
}

constexpr std::string_view kTsvType = "text/tab-separated-values; charset=utf-8";
constexpr std::string_view kNdjsonType = "application/x-ndjson; charset=utf-8";
constexpr std::string_view kGeojsonType = "application/geo+json";

constexpr auto kFormats = std::to_array<Format>({
    {"csv", "CSV", "text/plain; charset=utf-8", "text/csv; charset=utf-8", make_csv},
    {"tsv", "TSV", kTsvType, kTsvType, make_tsv},
    {"ndjson", "NDJSON", kNdjsonType, kNdjsonType, make_ndjson},
    {"geojson", "GeoJSON", kGeojsonType, kGeojsonType, make_geojson},
});

const Format* find_format(const Call& call) {
  const auto* const found = std::ranges::find(kFormats, call.format, &Format::extension);
  return found == kFormats.end() ? nullptr : found;
}

const Format& format_of(const Call& call) {
  const Format* format = find_format(call);
  if (format == nullptr) throw RequestError(404, "Invalid format: " + call.format);
  return *format;
}

void set_headers(const Call& call, const Format& format, std::string_view file_name,
                 http::Response& response) {
  const bool is_download = !call.request.query.value("_dl").empty();
  response.headers.set("Content-Type", is_download ? format.download_type : format.content_type);
  if (!is_download) return;
  response.headers.set("Content-Disposition", "attachment; filename=\"" +
                                                  base::replace_all(file_name, "\"", "%22") + "." +
                                                  std::string(format.extension) + "\"");
}

// ---- streams --------------------------------------------------------------------------------

/// What SQL of a stranger may cost in a stream. Without it a query that gives a row each second
/// would hold a worker for ever for a visitor who has to do nothing but wait.
///
/// A stream begins with request_time_limit_ms, and gets sql_time_limit_ms, up to that again, for
/// each piece of 64 kB that it puts out. Time in which the reader is waited for costs nothing.
class StreamBudget {
 public:
  StreamBudget(Clock::duration most, Clock::duration per_piece)
      : most_(most), per_piece_(per_piece), left_(most), last_(base::coarse_now()) {}

  /// Throws http::RequestError 400 when it is used up.
  void spend(Clock::time_point now) {
    left_ -= now - last_;
    last_ = now;
    if (left_ < Clock::duration::zero()) {
      throw RequestError(400,
                         "The query gives too little for its time (request_time_limit_ms, "
                         "sql_time_limit_ms)");
    }
  }
  void earn(std::size_t bytes, Clock::time_point now) {
    const auto pieces = static_cast<double>(bytes) / static_cast<double>(kStreamPiece);
    left_ += std::chrono::duration_cast<Clock::duration>(per_piece_ * pieces);
    left_ = std::min(left_, most_);
    last_ = now;
  }

 private:
  Clock::duration most_;
  Clock::duration per_piece_;
  Clock::duration left_;
  Clock::time_point last_;
};

/// Everything that a stream needs after its request has been answered to.
class Stream {
 public:
  /// Takes the first row, so that what is wrong with the SQL is an answer 400.
  Stream(const Call& call, const Format& format, ExportRows rows)
      : labels_(std::move(rows.labels)),
        cursor_(std::move(rows.statement), std::move(rows.options)),
        writer_(format.make_writer(call, cursor_.columns(), rows)),
        format_name_(format.name),
        limit_(static_cast<std::size_t>(call.settings().max_csv_mb) * kBytesPerMb),
        row_limit_(data::max_answer_bytes(call.settings())) {
    const config::Settings& settings = call.settings();
    if (rows.is_visitor_sql && settings.request_time_limit_ms > 0) {
      budget_.emplace(std::chrono::milliseconds(settings.request_time_limit_ms),
                      std::chrono::milliseconds(settings.sql_time_limit_ms));
    }
    writer_->begin(piece_);
    take_row();
  }

  void write(http::BodySink& sink) {
    while (has_row_) {
      // The first row goes out at once, so that the client sees that there is an answer.
      if (piece_.size() >= kStreamPiece || taken_at_ - sent_at_ >= kLongestWait) send(sink);
      take_row();
    }
    writer_->end(piece_);
    send(sink);
  }

 private:
  void take_row() {
    has_row_ = cursor_.next();
    if (!has_row_) return;
    writer_->append_row(piece_, cursor_);
    data::require_within(piece_.size(), row_limit_);
    taken_at_ = base::coarse_now();
    if (budget_) budget_->spend(taken_at_);
  }

  void send(http::BodySink& sink) {
    written_ += piece_.size();
    if (limit_ > 0 && written_ > limit_) {
      throw std::runtime_error(std::string(format_name_) + " contains more than " +
                               std::to_string(limit_) + " bytes");
    }
    sink.write(piece_);
    sent_at_ = base::coarse_now();
    if (budget_) budget_->earn(piece_.size(), sent_at_);
    piece_.clear();
  }

  std::unique_ptr<data::LabelLookup> labels_;
  data::RowCursor cursor_;
  std::unique_ptr<render::RowWriter> writer_;
  std::string_view format_name_;
  /// 0 = none.
  std::size_t limit_;
  std::size_t row_limit_;
  std::optional<StreamBudget> budget_;
  bool has_row_ = false;
  std::string piece_;
  std::size_t written_ = 0;
  Clock::time_point taken_at_;
  Clock::time_point sent_at_;
};

http::Response stream_rows(const Call& call, const Format& format, ExportRows rows) {
  http::Response response;
  set_headers(call, format, rows.file_name, response);
  if (call.request.method == "HEAD") {
    response.stream = [](http::BodySink& /*sink*/) {};
    return response;
  }
  rows.statement->set_pace(sqlite::Pace::kStream);
  rows.options.page_size = std::numeric_limits<std::int64_t>::max();
  const auto stream = std::make_shared<Stream>(call, format, std::move(rows));
  response.stream = [stream](http::BodySink& sink) { stream->write(sink); };
  return response;
}

}  // namespace

bool is_export(const Call& call) {
  return find_format(call) != nullptr;
}

bool wants_stream(const Call& call) {
  if (call.request.query.value("_stream").empty()) return false;
  if (!call.settings().allow_csv_stream) {
    throw RequestError(400, std::string(format_of(call).name) + " streaming is disabled");
  }
  return true;
}

void refuse_next_in_stream(const Call& call) {
  if (call.request.query.value("_next").empty()) return;
  throw RequestError(400,
                     "_next not allowed for " + std::string(format_of(call).name) + " streaming");
}

std::vector<data::StreamLink> stream_links(const Call& call,
                                           const std::vector<data::ResultColumn>& columns) {
  std::vector<data::StreamLink> links;
  if (!call.settings().allow_csv_stream || call.path.find('.') != std::string::npos) return links;
  http::QueryString query = call.request.query.without_blanks();
  query.remove("_next");
  query.remove("_size");
  query.add("_stream", "on");
  for (const Format& format : kFormats) {
    if (format.make_writer == make_geojson && !data::has_geo_columns(query, columns)) continue;
    links.push_back(
        {std::string(format.name),
         http::with_query(own_path(call) + "." + std::string(format.extension), query)});
  }
  return links;
}

data::GeoColumns plan_places(const Call& call, data::RowCursor::Options& options,
                             data::TablePlan* plan) {
  if (format_of(call).make_writer != make_geojson) return {};
  const http::QueryString& query = call.request.query;
  const data::GeoColumns places = data::find_geo_columns(query, options.columns);
  const std::string_view text = query.value("_bbox");
  if (text.empty()) return places;
  const auto box = data::parse_bounding_box(text);
  if (!box) throw RequestError(400, box.error().message());
  if (plan != nullptr && data::add_box_conditions(places, *box, *plan)) return places;
  options.keeps = [places, box = *box](const data::RowCursor& row) {
    return data::is_within(places, box, row);
  };
  if (plan != nullptr) plan->is_filtered_while_reading = true;
  return places;
}

http::Response export_rows(
    Call& call, ExportRows rows,
    const std::function<void(const data::RowCursor&, http::Response&)>& after_page) {
  const Format& format = format_of(call);
  if (!rows.statement->is_deterministic()) call.is_repeatable = false;
  rows.options.labels = rows.labels.get();
  if (rows.is_stream) return stream_rows(call, format, std::move(rows));
  http::Response response;
  set_headers(call, format, rows.file_name, response);
  data::RowCursor cursor(std::move(rows.statement), std::move(rows.options));
  const auto writer = format.make_writer(call, cursor.columns(), rows);
  render::append_rows(response.body, cursor, *writer, data::max_answer_bytes(call.settings()));
  if (rows.labels && !rows.labels->is_deterministic()) call.is_repeatable = false;
  if (after_page) after_page(cursor, response);
  return response;
}

}  // namespace tapedeck::pages
