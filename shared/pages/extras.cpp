#include "pages/extras.hpp"

#include <algorithm>
#include <array>

#include "base/escape.hpp"
#include "base/text.hpp"
#include "data/facet_request.hpp"
#include "http/request_error.hpp"
#include "pages/answer.hpp"
#include "pages/extra_values.hpp"

namespace tapedeck::pages {

namespace {

void append_extras(ExtraRun& run, std::string& out);

constexpr unsigned kT = static_cast<unsigned>(ExtraScope::kTable);
constexpr unsigned kR = static_cast<unsigned>(ExtraScope::kRow);
constexpr unsigned kQ = static_cast<unsigned>(ExtraScope::kQuery);

struct Extra {
  std::string_view name;
  /// Pages that have it: bits of ExtraScope.
  unsigned scopes;
  /// As `_extra=extras` tells it.
  std::string_view description;
  void (*append)(ExtraRun& run, std::string& out);
};

/// In the order of the list that `_extra=extras` gives.
constexpr auto kExtras = std::to_array<Extra>({
    {"count", kT,
     "How many rows fit the filters; null when counting took too long. Stops at 10,001.",
     append_count},
    {"count_truncated", kT,
     "Whether counting stopped at its limit, so that there may be more rows.",
     append_count_truncated},
    {"count_sql", kT, "The statement that counts the rows under these filters.", append_count_sql},
    {"facet_results", kT,
     "Values and counts of the facets by name, and the names of those that ran out of time.",
     append_facet_results},
    {"facets_timed_out", kT, "Names of the facets that took longer than their time limit.",
     append_facets_timed_out},
    {"suggested_facets", kT,
     "Columns that would make useful facets, each with the link that adds it.",
     append_suggested_facets},
    {"human_description_en", kT, "Filters and sort order in English words.",
     append_human_description},
    {"columns", kT | kR | kQ, "Names of the columns of the rows.", append_columns},
    {"all_columns", kT, "Names of all columns of the table, whatever _col and _nocol leave.",
     append_all_columns},
    {"primary_keys", kT | kR,
     "Names of the columns of the primary key; empty where none is declared.", append_primary_keys},
    {"column_details", kT | kR,
     "Declared type, affinity, NOT NULL, default and key position of each column.",
     append_column_details},
    {"display_columns", kT,
     "The columns of the page's table of rows, in the order in which it shows them.",
     append_display_columns},
    {"render_cell", kT | kR | kQ, "For each row, the HTML of the cells whose column has a type.",
     append_render_cell},
    {"debug", kT | kR | kQ,
     "What the address was taken apart into. For development; may change at any time.",
     append_debug},
    {"request", kT | kR | kQ, "Address, host and arguments of this request.", append_request},
    {"query", kT | kR | kQ, "The SQL behind the rows, and its parameters.", append_query},
    {"column_types", kT | kR, "Types that the configuration gives to columns, with their options.",
     append_column_types},
    {"set_column_type_ui", kT,
     "What a form for column types needs; null for those who may not set them.",
     append_set_column_type_ui},
    {"metadata", kT | kR | kQ, "Descriptions of the table, the database or the stored query.",
     append_metadata},
    {"extras", kT | kR | kQ,
     "This list: every extra of this page, with the link that adds it or takes it away.",
     append_extras},
    {"database", kT | kR | kQ, "The database's name.", append_database},
    {"table", kT | kR, "The name of the table or view.", append_table},
    {"database_color", kT | kR | kQ,
     "The colour by which pages mark the database, as six hexadecimal digits.",
     append_database_color},
    {"renderers", kT, "Paths of this page in other formats.", append_renderers},
    {"custom_table_templates", kT,
     "File names under which a template for the rows is looked for, best first.",
     append_custom_table_templates},
    {"sorted_facet_results", kT, "The facets as a list, in the order in which the page shows them.",
     append_sorted_facet_results},
    {"table_definition", kT, "The CREATE statements of the table and its indexes; null for a view.",
     append_table_definition},
    {"view_definition", kT, "The CREATE statement of the view; null for a table.",
     append_view_definition},
    {"is_view", kT, "Whether this is a view.", append_is_view},
    {"private", kT | kR | kQ, "Whether you can see this and visitors who are not signed in cannot.",
     append_private},
    {"expandable_columns", kT,
     "Foreign keys that _labels expands, each with the label column of its table.",
     append_expandable_columns},
    {"form_hidden_args", kT, "Arguments that the filter form carries along.",
     append_form_hidden_args},
    {"foreign_key_tables", kR,
     "Tables with rows that refer to this row, their number, and a link to them.",
     append_foreign_key_tables},
});
static_assert(kExtras.size() <= AskedExtras::kMost);

bool has_scope(const Extra& extra, ExtraScope scope) {
  return (extra.scopes & static_cast<unsigned>(scope)) != 0;
}

/// kExtras.size() for a name that is none.
constexpr std::size_t index_of(std::string_view name) {
  return static_cast<std::size_t>(std::ranges::find(kExtras, name, &Extra::name) - kExtras.begin());
}

/// Link to this page with the extra added, or without its own `_extra=NAME`.
std::string toggle_url(const Call& call, std::string_view name, bool is_selected) {
  http::QueryString query = call.request.query.without_blanks();
  if (is_selected) {
    query.remove("_extra", name);
  } else {
    query.add("_extra", std::string(name));
  }
  return absolute(call, own_path_with(call, query));
}

void append_extras(ExtraRun& run, std::string& out) {
  out += '[';
  for (std::size_t i = 0; i < kExtras.size(); ++i) {
    const Extra& extra = kExtras[i];
    if (!has_scope(extra, run.asked().scope())) continue;
    if (out.back() != '[') out += ',';
    const bool is_selected = run.asked().wants(i);
    out += R"({"name":)";
    base::append_json_string(out, extra.name);
    out += R"(,"description":)";
    base::append_json_string(out, extra.description);
    out += R"(,"toggle_url":)";
    base::append_json_string(out, toggle_url(run.call(), extra.name, is_selected));
    out += is_selected ? R"(,"selected":true})" : R"(,"selected":false})";
  }
  out += ']';
}

}  // namespace

AskedExtras::AskedExtras(const Call& call, ExtraScope scope) : scope_(scope) {
  std::vector<std::string> unknown;
  for (const std::string_view list : call.request.query.get_all("_extra")) {
    for (const std::string_view name : base::split(list, ',')) {
      if (name.empty()) continue;
      const std::size_t index = index_of(name);
      if (index < kExtras.size() && has_scope(kExtras[index], scope)) {
        wanted_.set(index);
      } else if (std::ranges::find(unknown, name) == unknown.end()) {
        unknown.emplace_back(name);
      }
    }
  }
  if (!unknown.empty()) {
    std::ranges::sort(unknown);
    throw http::RequestError(400, "Unknown _extra: " + base::join(unknown, ", "));
  }
  if (scope != ExtraScope::kTable) return;
  if (wants("count")) wanted_.set(index_of("count_truncated"));
  if (data::asks_for_facets(call.request.query)) wanted_.set(index_of("facet_results"));
}

bool AskedExtras::wants(std::string_view name) const {
  return any() && wanted_[index_of(name)];
}

void AskedExtras::forget(std::string_view name) {
  if (any()) wanted_.reset(index_of(name));
}

std::string extra_members(const AskedExtras& asked, const ExtraSource& source) {
  std::string out;
  if (!asked.any()) return out;
  ExtraRun run(asked, source);
  for (std::size_t i = 0; i < kExtras.size(); ++i) {
    if (!asked.wants(i)) continue;
    out += ",\"";
    out += kExtras[i].name;
    out += "\":";
    kExtras[i].append(run, out);
  }
  return out;
}

}  // namespace tapedeck::pages
