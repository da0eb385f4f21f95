#pragma once

#include "pages/call.hpp"

namespace tapedeck::pages {

/// GET /{database}/{table}[.json|.blob|.FORMAT]     action: view-table (views likewise)
///   column__op=V      keep matching rows; operators in docs/api.md
///   _sort=C | _sort_desc=C    at most one; with _sort_by_desc a redirect to _sort_desc
///   _size=N|max       0..max_returned_rows; default_page_size when absent
///   _next=TOKEN       continue after a data::NextToken
///   _col=C, _nocol=C  choose columns
///   _shape, _nl, _json=C, _json_infinity      JSON only, see render/json_rows.hpp
///   _where=SQL        a condition; action execute-sql
///   _search, _search_C, _searchmode, _fts_table, _fts_pk      full-text search
///   _ttl=N            Cache-Control: max-age
///   _stream=1, _header=off, _dl=1, …          formats of pages/export.hpp only
///   _blob_column=C, _blob_hash=SHA256         blob only
///   _filter_column, _filter_op, _filter_value (and numbered)  the filter form: a redirect
[[nodiscard]] http::Response table_page(Call& call);

/// GET /{database}/{table}/-/fragment     action: view-table. The rows block of the page's HTML
/// alone.
///   _row=ROWPATH   that row, whatever the other arguments say; 400 for views
/// Other arguments as above.
[[nodiscard]] http::Response table_fragment_page(Call& call);

}  // namespace tapedeck::pages
