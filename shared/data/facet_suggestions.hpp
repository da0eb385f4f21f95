#pragma once

#include <cstdint>
#include <optional>

#include "data/facet.hpp"
#include "data/facet_request.hpp"

/// Facets that nobody has asked for and that may be worth it, judged by the first rows.
/// Source: spec/facets-csv-query.md section 1.
namespace tapedeck::data {

/// Adds suggestions to `results`, unless the settings or the request switch them off. `count` is
/// that of the page. Kept for the database's generation. Throws as wanted_facets().
void suggest_facets(const FacetInput& input, std::optional<std::int64_t> count,
                    FacetResults& results);

}  // namespace tapedeck::data
