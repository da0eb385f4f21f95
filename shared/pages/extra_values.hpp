#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "pages/extras.hpp"

/// The values of the extras. Each function appends one JSON value; what it may read is said by the
/// scopes in which the table of extras.cpp lists it.
namespace tapedeck::pages {

/// One document's extras in the making: what several of them need is worked out once.
class ExtraRun {
 public:
  ExtraRun(const AskedExtras& asked, const ExtraSource& source) : asked_(asked), source_(source) {}

  [[nodiscard]] const AskedExtras& asked() const { return asked_; }
  [[nodiscard]] const ExtraSource& source() const { return source_; }
  [[nodiscard]] Call& call() const { return source_.call; }
  [[nodiscard]] const FoundTable& found() const { return *source_.found; }
  [[nodiscard]] const data::TablePlan& plan() const { return *source_.plan; }

  /// Rows under the filters; nothing when it took too long or is not wanted.
  [[nodiscard]] std::optional<std::int64_t> count();
  /// With suggestions if these are wanted.
  [[nodiscard]] const data::FacetResults& facets();

 private:
  const AskedExtras& asked_;
  const ExtraSource& source_;
  std::optional<std::optional<std::int64_t>> count_;
  std::optional<data::FacetResults> facets_;
};

// Counts and facets.
void append_count(ExtraRun& run, std::string& out);
void append_count_truncated(ExtraRun& run, std::string& out);
void append_facet_results(ExtraRun& run, std::string& out);
void append_facets_timed_out(ExtraRun& run, std::string& out);
void append_suggested_facets(ExtraRun& run, std::string& out);
void append_sorted_facet_results(ExtraRun& run, std::string& out);

// The statement behind the page.
void append_count_sql(ExtraRun& run, std::string& out);
void append_human_description(ExtraRun& run, std::string& out);
void append_query(ExtraRun& run, std::string& out);
void append_render_cell(ExtraRun& run, std::string& out);

// Columns and keys.
void append_columns(ExtraRun& run, std::string& out);
void append_all_columns(ExtraRun& run, std::string& out);
void append_primary_keys(ExtraRun& run, std::string& out);
void append_column_details(ExtraRun& run, std::string& out);
void append_display_columns(ExtraRun& run, std::string& out);
void append_column_types(ExtraRun& run, std::string& out);
void append_set_column_type_ui(ExtraRun& run, std::string& out);
void append_expandable_columns(ExtraRun& run, std::string& out);
void append_foreign_key_tables(ExtraRun& run, std::string& out);

// Table, database and configuration.
void append_database(ExtraRun& run, std::string& out);
void append_table(ExtraRun& run, std::string& out);
void append_database_color(ExtraRun& run, std::string& out);
void append_metadata(ExtraRun& run, std::string& out);
void append_table_definition(ExtraRun& run, std::string& out);
void append_view_definition(ExtraRun& run, std::string& out);
void append_is_view(ExtraRun& run, std::string& out);
void append_private(ExtraRun& run, std::string& out);

// The request and the page.
void append_debug(ExtraRun& run, std::string& out);
void append_request(ExtraRun& run, std::string& out);
void append_renderers(ExtraRun& run, std::string& out);
void append_custom_table_templates(ExtraRun& run, std::string& out);
void append_form_hidden_args(ExtraRun& run, std::string& out);

}  // namespace tapedeck::pages
