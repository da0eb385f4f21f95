#pragma once

#include "pages/call.hpp"

namespace tapedeck::pages {

/// Whether the visitor may see how the program works inside (action permissions-debug): SQL in
/// hand, numbers of the processes.
[[nodiscard]] bool may_debug(const Call& call);

}  // namespace tapedeck::pages
