#pragma once

#include <cstdint>
#include <optional>

#include "data/table_plan.hpp"
#include "instance/database.hpp"

namespace tapedeck::data {

/// Rows of a plan's filters, at most kCountLimit; nothing when counting ran into the time limit.
/// Kept for the database's generation. Exact, whatever its size, for an immutable file that was
/// inspected.
[[nodiscard]] std::optional<std::int64_t> count_rows(instance::Database& database,
                                                     sqlite::Connection& connection,
                                                     const TablePlan& plan);

/// Rows of a whole table, at most kCountLimit, within `limit`; kept likewise.
[[nodiscard]] std::optional<std::int64_t> count_table(instance::Database& database,
                                                      std::string_view table,
                                                      std::chrono::milliseconds limit);

}  // namespace tapedeck::data
