#pragma once

#include <optional>
#include <string>

#include "pages/call.hpp"

namespace tapedeck::pages {

/// Where a submitted filter form leads: `_filter_column=C&_filter_op=OP&_filter_value=V` becomes
/// `C__OP=V`, its numbered rows likewise, and `_sort=C&_sort_by_desc=on` becomes `_sort_desc=C`.
/// Nothing for requests that carry none of these. Source: spec/table-json.md sections 6 and 8.
[[nodiscard]] std::optional<std::string> filter_redirect(const Call& call);

}  // namespace tapedeck::pages
