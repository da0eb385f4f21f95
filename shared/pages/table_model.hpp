#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "data/table_page.hpp"
#include "data/table_plan.hpp"
#include "pages/call.hpp"
#include "pages/table_access.hpp"

/// From a planned request to what its page shows besides the rows.
namespace tapedeck::pages {

/// Everything of the model but `rows`.
[[nodiscard]] data::TablePage describe_table(const Call& call, const FoundTable& found,
                                             const data::TablePlan& plan,
                                             std::optional<std::int64_t> count);
/// Headings of a result; `sort_path` and `facet_path` only where the page can be sorted.
[[nodiscard]] std::vector<data::ColumnHeading> describe_columns(
    const Call& call, const FoundTable& found, const std::vector<data::ResultColumn>& columns);
/// The footer of a page of this database: its own metadata, else the database's, else the
/// instance's.
[[nodiscard]] data::PageMetadata footer_metadata(const Call& call, std::string_view database,
                                                 const data::PageMetadata& own);

}  // namespace tapedeck::pages
