#pragma once

#include <functional>
#include <string>

#include "data/facet.hpp"

/// Facets as they stand in table JSON. Source: spec/facets-csv-query.md section 1.2.
namespace tapedeck::render {

/// Where links lead: a path with arguments, and the same as an absolute URL.
struct FacetLinks {
  std::function<std::string(const http::QueryString&)> path;
  std::function<std::string(const http::QueryString&)> url;
};

/// {"results": {NAME: {…}}, "timed_out": […]}
[[nodiscard]] std::string facet_results_json(const data::FacetResults& results,
                                             const FacetLinks& links);
/// The facets as a list in display order.
[[nodiscard]] std::string sorted_facets_json(const data::FacetResults& results,
                                             const FacetLinks& links);
/// ["genre"]
[[nodiscard]] std::string timed_out_json(const data::FacetResults& results);
/// [{"name", "type"?, "toggle_url"}]
[[nodiscard]] std::string suggested_facets_json(const data::FacetResults& results,
                                                const FacetLinks& links);

}  // namespace tapedeck::render
