#pragma once

#include <chrono>

#include "http/response.hpp"
#include "pages/call.hpp"
#include "sqlite/trace.hpp"

/// `_trace=1`: the answer tells which SQL made it. Only with the setting `trace_debug`, for
/// development: it shows SQL and parameters to everybody. Source: spec/table-json.md section 12.
namespace tapedeck::app {

[[nodiscard]] bool wants_trace(const pages::Call& call);

/// Adds the trace to a JSON object as "_trace", to a page as <pre> before </body>; CSV becomes such
/// a page. Other answers, streams, and bodies over 256 KiB stay as they are.
void add_trace(const pages::Call& call, const sqlite::Trace& trace,
               std::chrono::steady_clock::time_point start, http::Response& response);

}  // namespace tapedeck::app
