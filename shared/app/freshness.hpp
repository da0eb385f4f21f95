#pragma once

#include <optional>
#include <string>

#include "app/routes.hpp"
#include "pages/call.hpp"

namespace tapedeck::app {

/// The strong ETag that the answer to this call has if it is one at all: made from the generations
/// of what it may read, the configuration, the templates, this program and the URL. Runs no SQL for
/// databases that are open. Nothing for routes without freshness, and while a database is in
/// trouble.
[[nodiscard]] std::optional<std::string> etag_of(const Route& route, const pages::Call& call);

}  // namespace tapedeck::app
