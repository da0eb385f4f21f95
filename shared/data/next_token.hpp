#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sqlite/catalogue.hpp"
#include "sqlite/value.hpp"

namespace tapedeck::data {

/// One value of a token.
struct TokenPart {
  enum class Form {
    kPlain,  ///< the value's text: what it was before, the column must tell
    kNull,   ///< "$null"
    kText,   ///< "$t" and hexadecimal digits: text, whatever it looks like
    kBlob,   ///< "$x" and hexadecimal digits
    kRow,    ///< "$row": the value that the row named by the key has
  };
  Form form = Form::kPlain;
  /// Text or bytes; "" for the forms without.
  std::string bytes;
  friend bool operator==(const TokenPart&, const TokenPart&) = default;
};

/// Keyset pagination: a `_next` token names the last row of the page before.
///
/// Shape:   [sort value,] then one value per primary-key column (or the rowid); comma-joined,
///          tilde-encoded. "4~2E2,17" is rating 4.2, id 17. A null is written "$null". What text
///          cannot bring back says its type (see TokenPart), and behind a key that does not tell
///          rows apart (it holds NULL, or a column calls itself rowid) stands "$r" and the rowid.
///          Plain text has no bare "$". On views the token is a number of rows to skip.
/// Errors:  none; a token that does not fit its table is judged by the plan.
/// Source:  spec/table-json.md section 7.
struct NextToken {
  /// Nothing for tokens without one.
  std::optional<TokenPart> sort_value;
  std::vector<TokenPart> keys;
  std::optional<std::int64_t> rowid;
};

/// `sorted` tells whether the first of several components is a sort value.
[[nodiscard]] NextToken parse_next_token(std::string_view text, bool sorted);

/// A key value of a row, and the affinity by which its column will take the text.
struct KeyValue {
  sqlite::Value value;
  sqlite::Affinity affinity = sqlite::Affinity::kText;
};
/// The token after a row, never empty: `sort_value` is null when the page has no sort; `rowid` is
/// given where the key does not tell rows apart.
[[nodiscard]] std::string make_next_token(const sqlite::Value* sort_value,
                                          const std::vector<KeyValue>& keys,
                                          std::optional<std::int64_t> rowid);

/// The number that plain text stands for where a column takes numbers; infinities count.
[[nodiscard]] std::optional<sqlite::Value> plain_number(const std::string& text);

/// Tilde-encoded text of a key value as it stands in row paths; NULL is "None", as with the peer.
void append_key_text(std::string& out, const sqlite::ValueView& value);

}  // namespace tapedeck::data
