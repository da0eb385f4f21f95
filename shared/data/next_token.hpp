#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sqlite/value.hpp"

namespace tapedeck::data {

/// Keyset pagination: a `_next` token names the last row of the page before.
///
/// Shape:   [sort value,] then one value per primary-key column (or the rowid); comma-joined,
///          tilde-encoded. "4~2E2,17" is rating 4.2, id 17. A null sort value is written "$null".
///          On views the token is a number of rows to skip.
/// Errors:  none; a token that does not fit its table is judged by the plan.
/// Source:  spec/table-json.md section 7.
struct NextToken {
  /// Text of the sort value; nothing for "$null" and for tokens without one.
  std::optional<std::string> sort_value;
  std::vector<std::string> keys;
};

/// `sorted` tells whether the first of several components is a sort value.
[[nodiscard]] NextToken parse_next_token(std::string_view text, bool sorted);
/// The token after a row: `sort_value` is null when the page has no sort.
[[nodiscard]] std::string make_next_token(const sqlite::Value* sort_value,
                                          std::string_view row_path);

/// Tilde-encoded text of a key value as it stands in row paths; NULL is "None", as with the peer.
void append_key_text(std::string& out, const sqlite::ValueView& value);

}  // namespace tapedeck::data
