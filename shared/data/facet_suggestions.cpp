#include "data/facet_suggestions.hpp"

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "sqlite/error.hpp"
#include "sqlite/time_limit.hpp"

namespace tapedeck::data {

namespace {

using std::chrono::milliseconds;
using Counts = instance::ResultCache::Counts;

/// Rows looked at.
constexpr int kSuggestionRows = 1000;
constexpr int kDateSuggestionRows = 100;
constexpr int kArraySuggestionRows = 100;

/// "(select C as c from T where … limit N)": the first rows of the table. An index that covers the
/// column would give the first of its own order, which may hold one value only.
std::string first_rows(const FacetInput& input, const std::string& quoted, int limit,
                       const std::string& condition = {}) {
  std::string from_where = input.plan.from_where(condition);
  const bool is_ordinary = input.table.kind == sqlite::TableKind::kTable;
  if (is_ordinary && input.plan.where.empty()) {
    from_where.insert(std::string(" from ").size() + input.plan.from.size(), " not indexed");
  }
  return "(select " + quoted + " as c" + from_where + " limit " + std::to_string(limit) + ")";
}

/// Rows of a suggestion's question; nothing when it took too long or SQLite refused it.
std::optional<std::vector<sqlite::Params>> ask(const FacetInput& input, const std::string& sql,
                                               FacetResults& results) {
  try {
    std::vector<sqlite::Params> rows;
    const sqlite::CachedStatement row = input.connection.prepare(sql);
    bind(input.plan.params, *row);
    while (row->step()) {
      sqlite::Params& values = rows.emplace_back();
      for (int i = 0; i < row->column_count(); ++i) {
        values.push_back(sqlite::to_value(row->view(i)));
      }
    }
    return rows;
  } catch (const sqlite::Interrupted&) {
    results.is_incomplete = true;
  } catch (const sqlite::Error&) {
    return std::nullopt;  // text that is no JSON, say
  }
  return std::nullopt;
}

bool suggests_column(const FacetInput& input, const std::string& quoted, std::int64_t row_count,
                     FacetResults& results) {
  const int size = facet_size(input);
  const auto rows = ask(input,
                        "select c, count(*) from " + first_rows(input, quoted, kSuggestionRows) +
                            " where c is not null group by c limit " + std::to_string(size + 1),
                        results);
  if (!rows) return false;
  const auto distinct = static_cast<std::int64_t>(rows->size());
  const bool repeats = std::ranges::any_of(
      *rows, [](const sqlite::Params& row) { return std::get<std::int64_t>(row[1]) > 1; });
  return distinct > 1 && distinct < row_count && distinct <= size && repeats;
}

bool suggests_date(const FacetInput& input, const std::string& quoted, FacetResults& results) {
  const auto rows =
      ask(input,
          "select 1 from " + first_rows(input, quoted, kDateSuggestionRows) +
              " where c glob '[0-9][0-9][0-9][0-9]-[0-9][0-9]-*' and date(c) is not null limit 1",
          results);
  return rows && !rows->empty();
}

bool suggests_array(const FacetInput& input, const std::string& quoted, FacetResults& results) {
  const auto types =
      ask(input,
          "select distinct json_type(c) from " + first_rows(input, quoted, kSuggestionRows) +
              " where c is not null and c != ''",
          results);
  const auto is_array = [](const sqlite::Params& row) {
    return row[0] == sqlite::Value(std::string("array"));
  };
  if (!types || types->empty() || !std::ranges::all_of(*types, is_array)) return false;
  // Arrays of other things than text make poor facets.
  const std::string filled = quoted + " is not null and " + quoted + " != '' and json_valid(" +
                             quoted + ") and json_array_length(" + quoted + ") > 0";
  const auto others = ask(input,
                          "select count(*), coalesce(sum(exists (select 1 from json_each(s.c) j "
                          "where j.type != 'text')), 0) from " +
                              first_rows(input, quoted, kArraySuggestionRows, filled) + " s",
                          results);
  return others && (*others)[0][0] != sqlite::Value(std::int64_t{0}) &&
         (*others)[0][1] == sqlite::Value(std::int64_t{0});
}

std::int64_t rows_within_suggestion(const FacetInput& input, FacetResults& results) {
  const auto rows =
      ask(input, "select count(*) from " + first_rows(input, "1", kSuggestionRows), results);
  return rows ? std::get<std::int64_t>((*rows)[0][0]) : 0;
}

bool fits(const FacetInput& input, FacetKind kind, const std::string& column,
          std::int64_t row_count, FacetResults& results) {
  const std::string quoted = sqlite::force_quote_identifier(column);
  switch (kind) {
    case FacetKind::kColumn:
      return suggests_column(input, quoted, row_count, results);
    case FacetKind::kDate:
      return suggests_date(input, quoted, results);
    case FacetKind::kArray:
      break;
  }
  return suggests_array(input, quoted, results);
}

/// Column and kind of everything worth a facet in the filtered rows. Asked once per generation: it
/// takes three statements per column.
const Counts& fitting_columns(const FacetInput& input, std::optional<std::int64_t> count) {
  std::string key = "suggest " + std::to_string(facet_size(input)) + " " +
                    std::to_string(count.value_or(-1)) + input.plan.from_where();
  input.plan.params.append_key(key);
  if (const Counts* known = input.database.results().counts(key)) return *known;
  const sqlite::TimeLimit limit(input.connection,
                                milliseconds(input.settings.facet_suggest_time_limit_ms));
  FacetResults asked;
  const std::int64_t row_count = count ? *count : rows_within_suggestion(input, asked);
  instance::ResultCache::Rows fitting;
  const auto deadline =
      std::chrono::steady_clock::now() + milliseconds(input.settings.sql_time_limit_ms);
  for (const FacetKindInfo& kind : kFacetKinds) {
    for (const sqlite::Column& column : input.table.columns) {
      if (std::chrono::steady_clock::now() >= deadline) {
        asked.is_incomplete = true;
        break;
      }
      if (fits(input, kind.kind, column.name, row_count, asked)) {
        fitting.emplace_back(column.name, static_cast<std::int64_t>(kind.kind));
      }
    }
  }
  return input.database.results().keep_counts(std::move(key), std::move(fitting),
                                              !asked.is_incomplete);
}

}  // namespace

void suggest_facets(const FacetInput& input, std::optional<std::int64_t> count,
                    FacetResults& results) {
  const config::Settings& settings = input.settings;
  const bool is_off = !input.query.value("_next").empty() ||
                      !input.query.value("_nofacet").empty() ||
                      !input.query.value("_nosuggest").empty();
  if (!settings.suggest_facets || !settings.allow_facet || is_off) return;
  const Counts& fitting = fitting_columns(input, count);
  results.is_incomplete = results.is_incomplete || !fitting.is_complete;
  const std::vector<WantedFacet> wanted = wanted_facets(input);
  for (const auto& [name, number] : *fitting.rows) {
    const std::string& column = std::get<std::string>(name);
    const FacetKindInfo& kind = kFacetKinds.at(static_cast<std::size_t>(number));
    const bool is_there = std::ranges::any_of(wanted, [&](const WantedFacet& facet) {
      return facet.kind == kind.kind && facet.column == column;
    });
    if (is_there) continue;
    results.suggestions.push_back({.column = column, .kind = kind.kind});
  }
}

}  // namespace tapedeck::data
