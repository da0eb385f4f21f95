#pragma once

#include "pages/call.hpp"

namespace tapedeck::pages {

/// GET /-/jump[.json]?q=WORDS: databases, tables, views and stored queries whose names hold the
/// words in their order, at most 100, the best first; always JSON. Names only what the visitor may
/// see, hidden tables included. With the action debug-menu also the pages of tools, as "debug …".
[[nodiscard]] http::Response jump_page(Call& call);

}  // namespace tapedeck::pages
