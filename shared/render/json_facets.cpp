#include "render/json_facets.hpp"

#include "base/escape.hpp"
#include "data/size_limit.hpp"
#include "http/url.hpp"
#include "render/json_rows.hpp"
#include "sqlite/value.hpp"

namespace tapedeck::render {

namespace {

void append_member(std::string& out, std::string_view name, std::string_view text) {
  if (out.back() != '{') out += ',';
  base::append_json_string(out, name);
  out += ':';
  base::append_json_string(out, text);
}

void append_value(std::string& out, const data::Facet& facet, const data::FacetValue& value,
                  const FacetedPage& page) {
  const sqlite::ValueView view = sqlite::view_of(value.value);
  out += R"({"value":)";
  append_json_value(out, view, /*keep_infinity=*/false);
  out += R"(,"label":)";
  append_json_value(out, value.label ? sqlite::view_of(*value.label) : view,
                    /*keep_infinity=*/false);
  out += R"(,"count":)" + std::to_string(value.count);
  append_member(out, "toggle_url", http::with_query(page.url, page.links.toggled(facet, value)));
  out += value.is_selected ? R"(,"selected":true})" : R"(,"selected":false})";
  data::require_within(out.size(), page.max_bytes);
}

void append_facet(std::string& out, const data::Facet& facet, const FacetedPage& page) {
  out += '{';
  append_member(out, "name", facet.column);
  append_member(out, "type", data::info_of(facet.kind).name);
  out += facet.is_hideable ? R"(,"hideable":true)" : R"(,"hideable":false)";
  append_member(out, "toggle_url", http::with_query(page.path, facet.without));
  out += R"(,"results":[)";
  for (const data::FacetValue& value : facet.values) {
    if (&value != &facet.values.front()) out += ',';
    append_value(out, facet, value, page);
  }
  out += facet.is_truncated ? R"(],"truncated":true})" : R"(],"truncated":false})";
}

}  // namespace

std::string facet_results_json(const data::FacetResults& results, const FacetedPage& page) {
  std::string out = R"({"results":{)";
  for (const data::Facet& facet : results.facets) {
    if (out.back() != '{') out += ',';
    base::append_json_string(out, facet.key);
    out += ':';
    append_facet(out, facet, page);
  }
  out += R"(},"timed_out":)" + timed_out_json(results) + "}";
  return out;
}

std::string sorted_facets_json(const data::FacetResults& results, const FacetedPage& page) {
  std::string out = "[";
  for (const data::Facet* facet : results.sorted()) {
    if (out.back() != '[') out += ',';
    append_facet(out, *facet, page);
  }
  return out + "]";
}

std::string timed_out_json(const data::FacetResults& results) {
  std::string out = "[";
  for (const std::string& name : results.timed_out) {
    if (out.back() != '[') out += ',';
    base::append_json_string(out, name);
  }
  return out + "]";
}

std::string suggested_facets_json(const data::FacetResults& results, const FacetedPage& page) {
  std::string out = "[";
  for (const data::FacetSuggestion& suggestion : results.suggestions) {
    if (out.back() != '[') out += ',';
    out += '{';
    append_member(out, "name", suggestion.column);
    if (suggestion.kind != data::FacetKind::kColumn) {
      append_member(out, "type", data::info_of(suggestion.kind).name);
    }
    append_member(out, "toggle_url", http::with_query(page.url, page.links.added(suggestion)));
    out += '}';
    data::require_within(out.size(), page.max_bytes);
  }
  return out + "]";
}

}  // namespace tapedeck::render
