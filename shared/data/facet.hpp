#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/settings.hpp"
#include "data/label_lookup.hpp"
#include "data/table_config.hpp"
#include "data/table_plan.hpp"
#include "http/query_string.hpp"
#include "instance/database.hpp"

/// Facets: the values of a column in the filtered rows with their counts.
/// Source: spec/facets-csv-query.md section 1.
namespace tapedeck::data {

enum class FacetKind { kColumn, kDate, kArray };
/// "column", "date", "array".
[[nodiscard]] std::string_view facet_kind_name(FacetKind kind);

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

struct FacetInput {
  instance::Database& database;
  sqlite::Connection& connection;
  const sqlite::Table& table;
  const TablePlan& plan;
  const TableConfig& config;
  const http::QueryString& query;
  const config::Settings& settings;
  /// May be null: no labels.
  LabelLookup* labels = nullptr;
};

/// How `_facet` and its kin name a column: as it is, or as JSON where it begins like JSON.
[[nodiscard]] std::string facet_argument(const std::string& column);
/// Whether the request asks for a facet itself.
[[nodiscard]] bool asks_for_facets(const http::QueryString& query);
/// Throws http::RequestError 400 when the request asks for facets and the settings allow none.
void require_allowed_facets(const http::QueryString& query, const config::Settings& settings);
/// Results of the configured and requested facets; kept for the database's generation, time-outs
/// for a minute. Throws http::RequestError 400 for an unknown column, or a facet that is not
/// allowed.
[[nodiscard]] FacetResults run_facets(const FacetInput& input);
/// Columns with a configured or requested facet of any kind, shown or not. Throws as run_facets().
[[nodiscard]] std::vector<std::string> faceted_columns(const FacetInput& input);
/// Adds suggestions to `results`, unless the settings or the request switch them off. `count` is
/// that of the page.
void suggest_facets(const FacetInput& input, std::optional<std::int64_t> count,
                    FacetResults& results);

}  // namespace tapedeck::data
