#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "data/facet_request.hpp"
#include "http/query_string.hpp"
#include "sqlite/value.hpp"

/// Facets: the values of a column in the filtered rows with their counts.
/// Source: spec/facets-csv-query.md section 1.
namespace tapedeck::data {

struct FacetValue {
  sqlite::Value value;
  /// Label of the referred row for foreign keys; may be NULL.
  std::optional<sqlite::Value> label;
  std::int64_t count = 0;
  /// The filter is in the query string already.
  bool is_selected = false;
};

struct Facet {
  /// Unique among the results: the column, or "column_2" for a second facet on it.
  std::string key;
  std::string column;
  FacetKind kind = FacetKind::kColumn;
  /// From the request, not from the configuration.
  bool is_hideable = true;
  /// Place of its column among the configured ones; nothing for other columns. A facet of the
  /// request on a configured column stands beside that.
  std::optional<std::size_t> configured_place;
  /// The request's arguments without this facet.
  http::QueryString without;
  std::vector<FacetValue> values;
  /// More values exist.
  bool is_truncated = false;
};

struct FacetSuggestion {
  std::string column;
  FacetKind kind = FacetKind::kColumn;
};

/// Where the links of facets lead, as query strings. They are made when they are written, since
/// each holds the whole query string of the request.
class FacetLinks {
 public:
  FacetLinks() = default;
  explicit FacetLinks(const http::QueryString& query);

  /// With the filter of this value added, or removed when it is selected.
  [[nodiscard]] std::string toggled(const Facet& facet, const FacetValue& value) const;
  /// With this facet.
  [[nodiscard]] std::string added(const FacetSuggestion& suggestion) const;

 private:
  [[nodiscard]] std::string with(std::string_view key, std::string_view value) const;

  /// The request's arguments but for the page.
  http::QueryString start_;
  std::string encoded_;
};

struct FacetResults {
  /// Column facets, then dates, then arrays; configured ones first in each.
  std::vector<Facet> facets;
  std::vector<std::string> timed_out;
  std::vector<FacetSuggestion> suggestions;
  /// A suggestion was left out because looking for it took too long.
  bool is_incomplete = false;

  /// In display order: configured ones first as configured, the rest by their number of values and
  /// name, descending.
  [[nodiscard]] std::vector<const Facet*> sorted() const;
};

/// Results of the configured and requested facets; kept for the database's generation, time-outs
/// for a minute. Throws http::RequestError 400 for an unknown column, or a facet that is not
/// allowed.
[[nodiscard]] FacetResults run_facets(const FacetInput& input);

}  // namespace tapedeck::data
