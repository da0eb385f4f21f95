#pragma once

#include "data/stored_query.hpp"
#include "pages/call.hpp"

namespace tapedeck::pages {

/// GET /{database}/-/query[.json|.blob|.FORMAT]     action: execute-sql
///   sql=SQL               one read-only statement; HTML without it shows the editor
///   NAME=V                value of the parameter :NAME; "" when absent
///   _timelimit=MS         lowers sql_time_limit_ms
///   _shape, _nl, _json=C, _json_infinity      JSON only
///   _stream=1, _header=off, _dl=1, …          formats of pages/export.hpp only
///   _blob_column=C, _blob_hash=SHA256         blob only
///   _hide_sql=1, _show_sql=1                  HTML only
[[nodiscard]] http::Response query_page(Call& call);

/// GET /{database}/-/query/parameters?sql=SQL    action: execute-sql
[[nodiscard]] http::Response query_parameters_page(Call& call);

/// The stored query that /{database}/{table} leads to: a table of that name goes before it, for
/// those who may see it. Reads no database where no query has that name. Throws
/// http::RequestError 503.
[[nodiscard]] std::optional<data::StoredQuery> stored_query_of_path(const Call& call);
/// GET /{database}/{query}[.json|.blob|.FORMAT]     action: view-query
/// Arguments as above but sql; parameters may have configured defaults, and `:_header_…`,
/// `:_cookie_…`, `:_now_…` and `:_random_chars_N` are filled in.
[[nodiscard]] http::Response stored_query_page(Call& call, const data::StoredQuery& query);

}  // namespace tapedeck::pages
