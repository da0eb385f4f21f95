#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "config/settings.hpp"
#include "data/label_lookup.hpp"
#include "data/table_config.hpp"
#include "data/table_plan.hpp"
#include "http/query_string.hpp"
#include "instance/database.hpp"

/// Which facets a request and the configuration ask for.
/// Source: spec/facets-csv-query.md section 1.
namespace tapedeck::data {

enum class FacetKind { kColumn, kDate, kArray };

/// How each kind is asked for, and the operator that its values filter by.
struct FacetKindInfo {
  FacetKind kind;
  std::string_view name;
  std::string_view argument;
  /// Key in the configuration's objects: {"array": "tags"}.
  std::string_view config_key;
  std::string_view filter_suffix;
};
inline constexpr auto kFacetKinds = std::to_array<FacetKindInfo>({
    {FacetKind::kColumn, "column", "_facet", "column", ""},
    {FacetKind::kDate, "date", "_facet_date", "date", "__date"},
    {FacetKind::kArray, "array", "_facet_array", "array", "__arraycontains"},
});
[[nodiscard]] const FacetKindInfo& info_of(FacetKind kind);

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

struct WantedFacet {
  FacetKind kind;
  std::string column;
  bool is_configured = false;
  /// The argument and its value as they stand in the query string.
  std::string argument;
  std::string value;
};
/// By kind, configured ones first in each. Throws http::RequestError 400 for an unknown column and
/// for too many.
[[nodiscard]] std::vector<WantedFacet> wanted_facets(const FacetInput& input);
/// Their columns, shown or not. Throws as wanted_facets().
[[nodiscard]] std::vector<std::string> faceted_columns(const FacetInput& input);
/// Values of one facet.
[[nodiscard]] int facet_size(const FacetInput& input);

/// How `_facet` and its kin name a column: as it is, or as JSON where it begins like JSON.
[[nodiscard]] std::string facet_argument(const std::string& column);
/// Whether the request asks for a facet itself.
[[nodiscard]] bool asks_for_facets(const http::QueryString& query);
/// Throws http::RequestError 400 when the request asks for facets and the settings allow none.
void require_allowed_facets(const http::QueryString& query, const config::Settings& settings);

}  // namespace tapedeck::data
