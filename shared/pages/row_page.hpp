#pragma once

#include "pages/call.hpp"

namespace tapedeck::pages {

/// GET /{database}/{table}/{row}[.json|.blob|.FORMAT]    action: view-table
///   _shape, _json=C, _json_infinity       JSON only
///   _header=off, _dl=1                    CSV only
///   _blob_column=C, _blob_hash=SHA256     blob only
///   _ttl=N                                Cache-Control: max-age
/// `row` is the key values in key order, tilde-encoded and joined by commas; the rowid for tables
/// without a key. 400 when their number is not the key's, 404 when there is no such row.
[[nodiscard]] http::Response row_page(Call& call);

}  // namespace tapedeck::pages
