#include <utility>

#include "data/count.hpp"
#include "data/facet.hpp"
#include "data/facet_suggestions.hpp"
#include "data/size_limit.hpp"
#include "pages/answer.hpp"
#include "pages/extra_values.hpp"
#include "pages/table_model.hpp"
#include "render/json_facets.hpp"

namespace tapedeck::pages {

namespace {

render::FacetedPage page_of(const Call& call) {
  const std::string path = own_path(call);
  return {.path = path,
          .url = absolute(call, path),
          .links = data::FacetLinks(call.request.query),
          .max_bytes = data::max_answer_bytes(call.settings())};
}

}  // namespace

std::optional<std::int64_t> ExtraRun::count() {
  if (!count_) {
    count_ = count_if_wanted(call(), found(), plan(), *source_.connection);
  }
  return *count_;
}

const data::FacetResults& ExtraRun::facets() {
  if (facets_) return *facets_;
  const auto labels = make_label_lookup(call(), *source_.found);
  const data::FacetInput input =
      facet_input(call(), found(), plan(), *source_.connection, labels.get());
  data::FacetResults results = data::run_facets(input);
  if (asked_.wants("suggested_facets")) data::suggest_facets(input, count(), results);
  const bool is_whole = results.timed_out.empty() && !results.is_incomplete;
  if (!is_whole || !labels->is_deterministic()) call().is_repeatable = false;
  facets_ = std::move(results);
  return *facets_;
}

void append_count(ExtraRun& run, std::string& out) {
  const auto count = run.count();
  out += count ? std::to_string(*count) : "null";
}

void append_count_truncated(ExtraRun& run, std::string& out) {
  out += run.count() == data::kCountLimit ? "true" : "false";
}

void append_facet_results(ExtraRun& run, std::string& out) {
  const std::string text = render::facet_results_json(run.facets(), page_of(run.call()));
  out += text;
  // The name under which clients of older versions look for it.
  if (run.call().settings().facets_alias) out += R"(,"facets":)" + text;
}

void append_facets_timed_out(ExtraRun& run, std::string& out) {
  out += render::timed_out_json(run.facets());
}

void append_suggested_facets(ExtraRun& run, std::string& out) {
  out += render::suggested_facets_json(run.facets(), page_of(run.call()));
}

void append_sorted_facet_results(ExtraRun& run, std::string& out) {
  out += render::sorted_facets_json(run.facets(), page_of(run.call()));
}

}  // namespace tapedeck::pages
