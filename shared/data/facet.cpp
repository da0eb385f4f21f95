#include "data/facet.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <set>
#include <tuple>
#include <utility>

#include <boost/json.hpp>

#include "base/json.hpp"
#include "base/text.hpp"
#include "data/size_limit.hpp"
#include "http/percent.hpp"
#include "http/request_error.hpp"
#include "sqlite/error.hpp"
#include "sqlite/time_limit.hpp"

namespace tapedeck::data {

namespace {

using http::RequestError;
using sqlite::force_quote_identifier;
using std::chrono::milliseconds;

/// How each kind is asked for, and the operator that its values filter by.
struct Kind {
  FacetKind kind;
  std::string_view name;
  std::string_view argument;
  /// Key in the configuration's objects: {"array": "tags"}.
  std::string_view config_key;
  std::string_view filter_suffix;
};
constexpr auto kKinds = std::to_array<Kind>({
    {FacetKind::kColumn, "column", "_facet", "column", ""},
    {FacetKind::kDate, "date", "_facet_date", "date", "__date"},
    {FacetKind::kArray, "array", "_facet_array", "array", "__arraycontains"},
});

constexpr std::size_t kMostFacets = 50;
/// The facets of a page may take as long as so many queries, its suggestions as long as one.
constexpr int kFacetsInQueries = 2;
/// Rows looked at for suggestions.
constexpr int kSuggestionRows = 1000;
constexpr int kDateSuggestionRows = 100;
constexpr int kArraySuggestionRows = 100;

const Kind& kind_of(FacetKind kind) {
  return kKinds.at(static_cast<std::size_t>(kind));
}

// ---- what is asked for ----------------------------------------------------------------------

/// One facet to run.
struct Wanted {
  FacetKind kind;
  std::string column;
  bool is_configured = false;
  /// The argument and its value as they stand in the query string.
  std::string argument;
  std::string value;
};

/// `_facet_column` is another name of `_facet`; the links go by the first.
bool asks_for(const Kind& kind, std::string_view argument) {
  return argument == kind.argument ||
         (kind.kind == FacetKind::kColumn && argument == "_facet_column");
}

/// A facet's value in the query string: a column, or JSON {"column": "COL"}.
std::string requested_column(std::string_view value) {
  if (!value.starts_with('{')) return std::string(value);
  boost::system::error_code error;
  const boost::json::value document = boost::json::parse(value, error);
  const boost::json::object* object = error ? nullptr : document.if_object();
  for (const std::string_view key : {"column", "simple"}) {
    const boost::json::value* column = object == nullptr ? nullptr : object->if_contains(key);
    if (column != nullptr && column->is_string()) return std::string(column->get_string());
  }
  throw RequestError(400, "A facet must name a column: " + std::string(value));
}

std::vector<Wanted> wanted_facets(const FacetInput& input) {
  std::vector<Wanted> wanted;
  for (const Kind& kind : kKinds) {
    for (const FacetSetting& configured : input.config.facets) {
      if (configured.kind != kind.config_key) continue;
      wanted.push_back({kind.kind, configured.column, /*is_configured=*/true,
                        std::string(kind.argument), configured.column});
    }
    for (const auto& [argument, value] : input.query.pairs()) {
      if (!asks_for(kind, argument)) continue;
      wanted.push_back({kind.kind, requested_column(value), /*is_configured=*/false,
                        std::string(kind.argument), value});
    }
  }
  // Each value of each facet has a link that holds the whole query string.
  if (wanted.size() > kMostFacets) {
    throw RequestError(400, "No more than " + std::to_string(kMostFacets) + " facets at a time");
  }
  for (const Wanted& facet : wanted) {
    const bool is_rowid = input.table.uses_rowid && facet.column == "rowid";
    // To SQLite a blank name is an empty text: one value for all rows.
    if (!is_rowid && !facet.column.empty() && input.table.find_column(facet.column) == nullptr) {
      throw RequestError(400, "Cannot facet by " + facet.column + ": there is no such column");
    }
  }
  return wanted;
}

int facet_size(const FacetInput& input) {
  const int most = input.settings.max_returned_rows;
  int size = input.settings.default_facet_size;
  if (input.config.facet_size) size = *input.config.facet_size;
  if (input.config.facet_size_is_max) size = most;
  const std::string_view asked = input.query.value("_facet_size");
  if (asked == "max") size = most;
  if (base::is_all_digits(asked)) {
    size = static_cast<int>(std::min<std::int64_t>(base::parse_int64(asked).value_or(most), most));
  }
  return std::min(size, most);
}

// ---- running --------------------------------------------------------------------------------

/// " from T where … and CONDITION".
std::string filtered(const TablePlan& plan, const std::string& condition) {
  std::vector<std::string> conditions = plan.where;
  if (!condition.empty()) conditions.push_back(condition);
  std::string sql = " from " + plan.from;
  if (!conditions.empty()) sql += " where " + base::join(conditions, " and ");
  return sql;
}

/// Values and counts of one facet; `limit` is one more than the facet's size.
std::string facet_sql(const TablePlan& plan, FacetKind kind, const std::string& column, int limit) {
  const std::string quoted = force_quote_identifier(column);
  const std::string order = " order by count(*) desc, 1 limit " + std::to_string(limit);
  switch (kind) {
    case FacetKind::kColumn:
      return "select " + quoted + ", count(*)" + filtered(plan, quoted + " is not null") +
             " group by " + quoted + order;
    case FacetKind::kDate:
      return "select date(" + quoted + "), count(*)" +
             filtered(plan, "date(" + quoted + ") is not null") + " group by 1" + order;
    case FacetKind::kArray:
      break;
  }
  // Each distinct value counts once per row; cells that hold no JSON, and nulls, do not count.
  return "select value, count(*) from (select distinct n, j.value as value from "
         "(select row_number() over () as n, " +
         quoted + " as c" + filtered(plan, "json_valid(" + quoted + ")") +
         ") s join json_each(s.c) j) where value is not null group by value" + order;
}

using Counts = instance::ResultCache::Counts;

/// Runs `sql` with the plan's parameters and hands each row to `take`.
template <class Take>
void for_each_row(const FacetInput& input, const std::string& sql, const Take& take) {
  const sqlite::CachedStatement statement = input.connection.prepare(sql);
  bind(input.plan.params, *statement);
  while (statement->step()) take(*statement);
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
    for_each_row(input, sql, [&rows, &rest](const sqlite::Statement& row) {
      rest.spend(row.view(0).bytes.size());
      rows->emplace_back(sqlite::to_value(row.view(0)), row.view(1).integer);
    });
  } catch (const sqlite::Interrupted&) {
    rows.reset();
  }
  return input.database.results().keep_counts(std::move(key), std::move(rows));
}

/// Key of the filter that a value of this facet sets.
std::string filter_key(const Facet& facet) {
  std::string key = facet.column;
  const std::string_view suffix = kind_of(facet.kind).filter_suffix;
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

// ---- suggestions ----------------------------------------------------------------------------

/// "(select C as c from T where … limit N)": the first rows of the table. An index that covers the
/// column would give the first of its own order, which may hold one value only.
std::string first_rows(const FacetInput& input, const std::string& quoted, int limit,
                       const std::string& condition = {}) {
  std::string from_where = filtered(input.plan, condition);
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
    for_each_row(input, sql, [&rows](const sqlite::Statement& row) {
      sqlite::Params& values = rows.emplace_back();
      for (int i = 0; i < row.column_count(); ++i) values.push_back(sqlite::to_value(row.view(i)));
    });
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
  const std::string quoted = force_quote_identifier(column);
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
                    std::to_string(count.value_or(-1)) + filtered(input.plan, "");
  input.plan.params.append_key(key);
  if (const Counts* known = input.database.results().counts(key)) return *known;
  const sqlite::TimeLimit limit(input.connection,
                                milliseconds(input.settings.facet_suggest_time_limit_ms));
  FacetResults asked;
  const std::int64_t row_count = count ? *count : rows_within_suggestion(input, asked);
  instance::ResultCache::Rows fitting;
  const auto deadline =
      std::chrono::steady_clock::now() + milliseconds(input.settings.sql_time_limit_ms);
  for (const Kind& kind : kKinds) {
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

std::string_view facet_kind_name(FacetKind kind) {
  return kind_of(kind).name;
}

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
  return with(kind_of(suggestion.kind).argument, facet_argument(suggestion.column));
}

std::string FacetLinks::with(std::string_view key, std::string_view value) const {
  std::string query = encoded_;
  if (!query.empty()) query += '&';
  http::append_form_encoded(query, key);
  query += '=';
  http::append_form_encoded(query, value);
  return query;
}

std::string facet_argument(const std::string& column) {
  if (!column.starts_with('{')) return column;
  return base::to_json(boost::json::object{{"column", column}});
}

bool asks_for_facets(const http::QueryString& query) {
  return std::ranges::any_of(query.pairs(), [](const auto& pair) {
    return pair.first == "_facet" || pair.first.starts_with("_facet_");
  });
}

void require_allowed_facets(const http::QueryString& query, const config::Settings& settings) {
  if (settings.allow_facet) return;
  const bool asks = std::ranges::any_of(
      query.pairs(), [](const auto& pair) { return pair.first.starts_with("_facet"); });
  if (asks) throw RequestError(400, "_facet= is not allowed");
}

FacetResults run_facets(const FacetInput& input) {
  require_allowed_facets(input.query, input.settings);
  FacetResults results;
  const std::vector<Wanted> wanted = wanted_facets(input);
  if (!input.query.value("_nofacet").empty()) return results;
  const sqlite::TimeLimit limit(input.connection, milliseconds(input.settings.facet_time_limit_ms));
  const int size = facet_size(input);
  FacetBudget budget = budget_of(input.settings);
  for (const Wanted& asked : wanted) {
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

std::vector<std::string> faceted_columns(const FacetInput& input) {
  std::vector<std::string> columns;
  for (Wanted& facet : wanted_facets(input)) columns.push_back(std::move(facet.column));
  return columns;
}

void suggest_facets(const FacetInput& input, std::optional<std::int64_t> count,
                    FacetResults& results) {
  const config::Settings& settings = input.settings;
  const bool is_off = !input.query.value("_next").empty() ||
                      !input.query.value("_nofacet").empty() ||
                      !input.query.value("_nosuggest").empty();
  if (!settings.suggest_facets || !settings.allow_facet || is_off) return;
  const Counts& fitting = fitting_columns(input, count);
  results.is_incomplete = results.is_incomplete || !fitting.is_complete;
  const std::vector<Wanted> wanted = wanted_facets(input);
  for (const auto& [name, number] : *fitting.rows) {
    const std::string& column = std::get<std::string>(name);
    const Kind& kind = kKinds.at(static_cast<std::size_t>(number));
    const bool is_there = std::ranges::any_of(wanted, [&](const Wanted& facet) {
      return facet.kind == kind.kind && facet.column == column;
    });
    if (is_there) continue;
    results.suggestions.push_back({.column = column, .kind = kind.kind});
  }
}

}  // namespace tapedeck::data
