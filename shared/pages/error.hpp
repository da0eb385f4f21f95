#pragma once

#include "http/request_error.hpp"
#include "http/response.hpp"
#include "pages/call.hpp"
#include "sqlite/error.hpp"

namespace tapedeck::pages {

/// The one table that turns an error into an answer: JSON, HTML, plain text or the document of a
/// failed query, by the error's form, the path and (for 403) what the client accepts.
/// Source: spec/urls.md section 10.
[[nodiscard]] http::Response error_page(Call& call, const http::RequestError& error);
/// Tells the log what SQLite refused or cut short, where the answer tells the visitor.
void log_sql_error(const Call& call, const sqlite::Error& error);

}  // namespace tapedeck::pages
