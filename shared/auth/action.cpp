#include "auth/action.hpp"

#include <algorithm>
#include <array>

namespace tapedeck::auth {

namespace {

using enum Level;

constexpr auto kActions = std::to_array<Action>({
    {"alter-table", "at", "Alter tables", kTable},
    {"create-table", "ct", "Create tables", kDatabase},
    {"create-view", "cv", "Create views", kDatabase},
    {"debug-menu", "dm", "View debug menu items", kInstance},
    {"delete-query", "dq", "Delete stored queries", kQuery},
    {"delete-row", "dr", "Delete rows", kTable},
    {"drop-table", "dt", "Drop tables", kTable},
    {"drop-view", "dv", "Drop views", kTable},
    {"execute-sql", "es", "Execute read-only SQL queries", kDatabase, "view-database", true},
    {"execute-write-sql", "ews", "Execute writable SQL queries", kDatabase, "view-database"},
    {"insert-row", "ir", "Insert rows", kTable},
    {"permissions-debug", "pd", "Access permission debug tool", kInstance},
    {"set-column-type", "sct", "Set column type", kTable},
    {"store-query", "sq", "Create stored queries", kDatabase, "execute-sql"},
    {"update-query", "uq", "Update stored queries", kQuery},
    {"update-row", "ur", "Update rows", kTable},
    {"view-database", "vd", "View database", kDatabase, {}, true},
    {"view-database-download", "vdd", "Download database file", kDatabase, "view-database", true},
    {"view-instance", "vi", "View Datasette instance", kInstance, {}, true},
    {"view-query", "vq", "View named query results", kQuery, {}, true},
    {"view-table", "vt", "View table", kTable, {}, true},
});
static_assert(std::ranges::is_sorted(kActions, {}, &Action::name));

}  // namespace

std::span<const Action> actions() {
  return kActions;
}

const Action* find_action(std::string_view name) {
  const auto* found = std::ranges::lower_bound(kActions, name, {}, &Action::name);
  return found != kActions.end() && found->name == name ? found : nullptr;
}

}  // namespace tapedeck::auth
