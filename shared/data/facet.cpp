#include "data/facet.hpp"

#include <algorithm>
#include <chrono>
#include <set>
#include <tuple>
#include <utility>

#include "base/text.hpp"
#include "data/size_limit.hpp"
#include "http/percent.hpp"
#include "sqlite/error.hpp"
#include "sqlite/time_limit.hpp"

namespace tapedeck::data {

namespace {

using sqlite::force_quote_identifier;
using std::chrono::milliseconds;
using Counts = instance::ResultCache::Counts;

/// The facets of a page may take as long as so many queries.
constexpr int kFacetsInQueries = 2;

/// Values and counts of one facet; `limit` is one more than the facet's size.
std::string facet_sql(const TablePlan& plan, FacetKind kind, const std::string& column, int limit) {
  const std::string quoted = force_quote_identifier(column);
  const std::string order = " order by count(*) desc, 1 limit " + std::to_string(limit);
  switch (kind) {
    case FacetKind::kColumn:
      return "select " + quoted + ", count(*)" + plan.from_where(quoted + " is not null") +
             " group by " + quoted + order;
    case FacetKind::kDate:
      return "select date(" + quoted + "), count(*)" +
             plan.from_where("date(" + quoted + ") is not null") + " group by 1" + order;
    case FacetKind::kArray:
      break;
  }
  // Each distinct value counts once per row; cells that hold no JSON, and nulls, do not count.
  return "select value, count(*) from (select distinct n, j.value as value from "
         "(select row_number() over () as n, " +
         quoted + " as c" + plan.from_where("json_valid(" + quoted + ")") +
         ") s join json_each(s.c) j) where value is not null group by value" + order;
}

/// What the facets of one page may take together.
struct FacetBudget {
  std::chrono::steady_clock::time_point deadline;
  SizeBudget values;
};

FacetBudget budget_of(const config::Settings& settings) {
  return {.deadline = std::chrono::steady_clock::now() +
                      kFacetsInQueries * milliseconds(settings.sql_time_limit_ms),
          .values = SizeBudget(max_answer_bytes(settings))};
}

/// The rows of `sql`, from the cache or run; nothing when the time limit ran out.
const Counts& counted(const FacetInput& input, const std::string& sql, const FacetBudget& budget) {
  std::string key = sql;
  input.plan.params.append_key(key);
  if (const Counts* known = input.database.results().counts(key)) return *known;
  std::optional<instance::ResultCache::Rows> rows;
  if (std::chrono::steady_clock::now() >= budget.deadline) {
    static const Counts not_run;
    return not_run;
  }
  try {
    rows.emplace();
    SizeBudget rest = budget.values;  // the caller spends what it keeps
    const sqlite::CachedStatement row = input.connection.prepare(sql);
    bind(input.plan.params, *row);
    while (row->step()) {
      rest.spend(row->view(0).bytes.size());
      rows->emplace_back(sqlite::to_value(row->view(0)), row->view(1).integer);
    }
  } catch (const sqlite::Interrupted&) {
    rows.reset();
  }
  return input.database.results().keep_counts(std::move(key), std::move(rows));
}

/// Key of the filter that a value of this facet sets.
std::string filter_key(const Facet& facet) {
  std::string key = facet.column;
  const std::string_view suffix = info_of(facet.kind).filter_suffix;
  key += suffix.empty() && key.starts_with('_') ? "__exact" : suffix;
  return key;
}

/// As its filter has it.
std::string filter_text(const sqlite::Value& value) {
  const sqlite::ValueView view = sqlite::view_of(value);
  return view.type == sqlite::ValueType::kBlob ? std::string(view.bytes) : sqlite::to_text(view);
}

/// Values by which the request filters for this facet.
std::set<std::string_view> selected_values(const FacetInput& input, const Facet& facet) {
  const auto values = input.query.get_all(filter_key(facet));
  return {values.begin(), values.end()};
}

FacetValue make_value(const FacetInput& input, const Facet& facet,
                      const std::set<std::string_view>& selected, const sqlite::Value& value,
                      std::int64_t count) {
  FacetValue result;
  const sqlite::ValueView view = sqlite::view_of(value);
  const std::string text = filter_text(value);
  result.value = facet.kind == FacetKind::kColumn ? value : sqlite::Value(text);
  result.count = count;
  result.is_selected = selected.contains(text);
  if (facet.kind != FacetKind::kColumn || input.labels == nullptr) return result;
  if (const sqlite::ForeignKey* foreign_key = input.table.reference_of(facet.column)) {
    result.label = input.labels->find(*foreign_key, view);
  }
  return result;
}

/// Where the configuration names this column, the last time if it does so twice.
std::optional<std::size_t> configured_place(const TableConfig& config, const std::string& column) {
  std::optional<std::size_t> place;
  for (std::size_t i = 0; i < config.facets.size(); ++i) {
    if (config.facets[i].column == column) place = i;
  }
  return place;
}

std::string unique_key(const FacetResults& results, const std::string& column) {
  std::string key = column;
  for (int number = 2;; ++number) {
    if (std::ranges::find(results.facets, key, &Facet::key) == results.facets.end()) return key;
    key = column + "_" + std::to_string(number);
  }
}

}  // namespace

std::vector<const Facet*> FacetResults::sorted() const {
  std::vector<const Facet*> order;
  for (const Facet& facet : facets) order.push_back(&facet);
  std::ranges::stable_sort(order, [](const Facet* a, const Facet* b) {
    if (a->configured_place.has_value() != b->configured_place.has_value()) {
      return a->configured_place.has_value();
    }
    if (a->configured_place) return *a->configured_place < *b->configured_place;
    return std::tuple(a->values.size(), a->column) > std::tuple(b->values.size(), b->column);
  });
  return order;
}

FacetLinks::FacetLinks(const http::QueryString& query) : start_(query.without_blanks()) {
  start_.remove("_next");
  encoded_ = start_.encoded();
}

std::string FacetLinks::toggled(const Facet& facet, const FacetValue& value) const {
  const std::string key = filter_key(facet);
  const std::string text = filter_text(value.value);
  if (!value.is_selected) return with(key, text);
  http::QueryString without = start_;
  without.remove(key, text);
  return without.encoded();
}

std::string FacetLinks::added(const FacetSuggestion& suggestion) const {
  return with(info_of(suggestion.kind).argument, facet_argument(suggestion.column));
}

std::string FacetLinks::with(std::string_view key, std::string_view value) const {
  std::string query = encoded_;
  if (!query.empty()) query += '&';
  http::append_form_encoded(query, key);
  query += '=';
  http::append_form_encoded(query, value);
  return query;
}

FacetResults run_facets(const FacetInput& input) {
  require_allowed_facets(input.query, input.settings);
  FacetResults results;
  const std::vector<WantedFacet> wanted = wanted_facets(input);
  if (!input.query.value("_nofacet").empty()) return results;
  const sqlite::TimeLimit limit(input.connection, milliseconds(input.settings.facet_time_limit_ms));
  const int size = facet_size(input);
  FacetBudget budget = budget_of(input.settings);
  for (const WantedFacet& asked : wanted) {
    const Counts& counts =
        counted(input, facet_sql(input.plan, asked.kind, asked.column, size + 1), budget);
    if (!counts.rows) {
      results.timed_out.push_back(asked.column);
      continue;
    }
    Facet facet;
    facet.column = asked.column;
    facet.key = unique_key(results, asked.column);
    facet.kind = asked.kind;
    facet.is_hideable = !asked.is_configured;
    facet.configured_place = configured_place(input.config, asked.column);
    facet.without = input.query.without_blanks();
    facet.without.remove(asked.argument, asked.value);
    facet.is_truncated = counts.rows->size() > static_cast<std::size_t>(size);
    const std::set<std::string_view> selected = selected_values(input, facet);
    for (const auto& [value, count] : *counts.rows) {
      if (facet.values.size() == static_cast<std::size_t>(size)) break;
      budget.values.spend(sqlite::view_of(value).bytes.size());
      facet.values.push_back(make_value(input, facet, selected, value, count));
    }
    results.facets.push_back(std::move(facet));
  }
  return results;
}

}  // namespace tapedeck::data
