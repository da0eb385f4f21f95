#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "data/facet.hpp"

/// Facets as they stand in table JSON. Source: spec/facets-csv-query.md section 1.2.
namespace tapedeck::render {

/// The page whose facets they are.
struct FacetedPage {
  std::string path;
  /// The same as an absolute URL.
  std::string url;
  data::FacetLinks links;
  /// Where the JSON grows beyond so many bytes, http::RequestError 400 is thrown.
  std::size_t max_bytes = SIZE_MAX;
};

/// {"results": {NAME: {…}}, "timed_out": […]}
[[nodiscard]] std::string facet_results_json(const data::FacetResults& results,
                                             const FacetedPage& page);
/// The facets as a list in display order.
[[nodiscard]] std::string sorted_facets_json(const data::FacetResults& results,
                                             const FacetedPage& page);
/// ["genre"]
[[nodiscard]] std::string timed_out_json(const data::FacetResults& results);
/// [{"name", "type"?, "toggle_url"}]
[[nodiscard]] std::string suggested_facets_json(const data::FacetResults& results,
                                                const FacetedPage& page);

}  // namespace tapedeck::render
