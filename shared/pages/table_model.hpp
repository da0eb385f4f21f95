#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "data/table_page.hpp"
#include "data/table_plan.hpp"
#include "pages/call.hpp"
#include "pages/table_access.hpp"

/// From a planned request to what its page shows besides the rows.
namespace tapedeck::pages {

/// Everything of the model but `rows` and what is known only behind them: count, facets, next page.
[[nodiscard]] data::TablePage describe_table(const Call& call, const FoundTable& found,
                                             const data::TablePlan& plan);
/// Headings of a result; `sort_path` and `facet_path` only where the page can be sorted.
[[nodiscard]] std::vector<data::ColumnHeading> describe_columns(
    const Call& call, const FoundTable& found, const std::vector<data::ResultColumn>& columns);
/// CREATE statements of the table and its indexes, or of the view; "" without.
[[nodiscard]] std::string definition_of(const sqlite::Table& table);
/// Arguments that the filter form carries along: those with "_" in front that it does not set.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> hidden_args(
    const http::QueryString& query);
/// Rows under the filters of `plan`; nothing with `_nocount`, or when counting took too long (the
/// answer is not repeatable then).
[[nodiscard]] std::optional<std::int64_t> count_if_wanted(Call& call, const FoundTable& found,
                                                          const data::TablePlan& plan,
                                                          sqlite::Connection& connection);
/// What facets of the page are made of; refers to the arguments. `labels` may be null.
[[nodiscard]] data::FacetInput facet_input(const Call& call, const FoundTable& found,
                                           const data::TablePlan& plan,
                                           sqlite::Connection& connection,
                                           data::LabelLookup* labels);
/// The footer of a page of this database: its own metadata, else the database's, else the
/// instance's.
[[nodiscard]] data::PageMetadata footer_metadata(const Call& call, std::string_view database,
                                                 const data::PageMetadata& own);

}  // namespace tapedeck::pages
