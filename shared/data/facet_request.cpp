#include "data/facet_request.hpp"

#include <algorithm>
#include <cstdint>
#include <utility>

#include <boost/json.hpp>

#include "base/json.hpp"
#include "base/text.hpp"
#include "http/request_error.hpp"

namespace tapedeck::data {

namespace {

using http::RequestError;

constexpr std::size_t kMostFacets = 50;

/// `_facet_column` is another name of `_facet`; the links go by the first.
bool asks_for(const FacetKindInfo& kind, std::string_view argument) {
  return argument == kind.argument ||
         (kind.kind == FacetKind::kColumn && argument == "_facet_column");
}

/// A facet's value in the query string: a column, or JSON {"column": "COL"}.
std::string requested_column(std::string_view value) {
  if (!value.starts_with('{')) return std::string(value);
  boost::system::error_code error;
  const boost::json::value document = boost::json::parse(value, error);
  const boost::json::object* object = error ? nullptr : document.if_object();
  for (const std::string_view key : {"column", "simple"}) {
    const boost::json::value* column = object == nullptr ? nullptr : object->if_contains(key);
    if (column != nullptr && column->is_string()) return std::string(column->get_string());
  }
  throw RequestError(400, "A facet must name a column: " + std::string(value));
}

}  // namespace

const FacetKindInfo& info_of(FacetKind kind) {
  return kFacetKinds.at(static_cast<std::size_t>(kind));
}

std::vector<WantedFacet> wanted_facets(const FacetInput& input) {
  std::vector<WantedFacet> wanted;
  for (const FacetKindInfo& kind : kFacetKinds) {
    for (const FacetSetting& configured : input.config.facets) {
      if (configured.kind != kind.config_key) continue;
      wanted.push_back({kind.kind, configured.column, /*is_configured=*/true,
                        std::string(kind.argument), configured.column});
    }
    for (const auto& [argument, value] : input.query.pairs()) {
      if (!asks_for(kind, argument)) continue;
      wanted.push_back({kind.kind, requested_column(value), /*is_configured=*/false,
                        std::string(kind.argument), value});
    }
  }
  // Each value of each facet has a link that holds the whole query string.
  if (wanted.size() > kMostFacets) {
    throw RequestError(400, "No more than " + std::to_string(kMostFacets) + " facets at a time");
  }
  for (const WantedFacet& facet : wanted) {
    const bool is_rowid = input.table.uses_rowid && facet.column == "rowid";
    // To SQLite a blank name is an empty text: one value for all rows.
    if (!is_rowid && !facet.column.empty() && input.table.find_column(facet.column) == nullptr) {
      throw RequestError(400, "Cannot facet by " + facet.column + ": there is no such column");
    }
  }
  return wanted;
}

std::vector<std::string> faceted_columns(const FacetInput& input) {
  std::vector<std::string> columns;
  for (WantedFacet& facet : wanted_facets(input)) columns.push_back(std::move(facet.column));
  return columns;
}

int facet_size(const FacetInput& input) {
  const int most = input.settings.max_returned_rows;
  int size = input.settings.default_facet_size;
  if (input.config.facet_size) size = *input.config.facet_size;
  if (input.config.facet_size_is_max) size = most;
  const std::string_view asked = input.query.value("_facet_size");
  if (asked == "max") size = most;
  if (base::is_all_digits(asked)) {
    size = static_cast<int>(std::min<std::int64_t>(base::parse_int64(asked).value_or(most), most));
  }
  return std::min(size, most);
}

std::string facet_argument(const std::string& column) {
  if (!column.starts_with('{')) return column;
  return base::to_json(boost::json::object{{"column", column}});
}

bool asks_for_facets(const http::QueryString& query) {
  return std::ranges::any_of(query.pairs(), [](const auto& pair) {
    return pair.first == "_facet" || pair.first.starts_with("_facet_");
  });
}

void require_allowed_facets(const http::QueryString& query, const config::Settings& settings) {
  if (settings.allow_facet) return;
  const bool asks = std::ranges::any_of(
      query.pairs(), [](const auto& pair) { return pair.first.starts_with("_facet"); });
  if (asks) throw RequestError(400, "_facet= is not allowed");
}

}  // namespace tapedeck::data
