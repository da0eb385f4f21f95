#include "data/next_token.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "base/hex.hpp"
#include "base/text.hpp"
#include "base/utf8.hpp"
#include "http/tilde.hpp"

namespace tapedeck::data {

namespace {

using Form = TokenPart::Form;

constexpr std::string_view kNull = "$null";
constexpr std::string_view kRow = "$row";
constexpr std::string_view kText = "$t";
constexpr std::string_view kBlob = "$x";
constexpr std::string_view kRowid = "$r";

/// Longer sort values stay out of the token: addresses have limits, and the row is there to ask.
constexpr std::size_t kLongestSortValue = 1024;

TokenPart parse_part(std::string_view piece) {
  if (piece == kNull) return {Form::kNull, ""};
  if (piece == kRow) return {Form::kRow, ""};
  for (const auto& [prefix, form] :
       {std::pair(kText, Form::kText), std::pair(kBlob, Form::kBlob)}) {
    if (!piece.starts_with(prefix)) continue;
    if (auto bytes = base::from_hex(piece.substr(prefix.size()))) return {form, *std::move(bytes)};
  }
  return {Form::kPlain, http::tilde_decode(piece)};
}

void append_typed(std::string& out, std::string_view prefix, std::string_view bytes) {
  out += prefix;
  out += base::to_hex(bytes);
}

/// A key value, so that `affinity` and the text bring back the value itself.
void append_key(std::string& out, const KeyValue& key) {
  const sqlite::ValueView view = sqlite::view_of(key.value);
  if (view.is_null()) {
    out += kNull;
  } else if (view.type == sqlite::ValueType::kBlob) {
    append_typed(out, kBlob, view.bytes);
  } else if (view.type == sqlite::ValueType::kText &&
             (!base::is_valid_utf8(view.bytes) ||
              (key.affinity != sqlite::Affinity::kText &&
               plain_number(std::string(view.bytes)).has_value()))) {
    append_typed(out, kText, view.bytes);
  } else {
    append_key_text(out, view);
  }
}

/// A sort value: its type is that of the row, which the key names.
void append_sort_value(std::string& out, const sqlite::Value& value) {
  const sqlite::ValueView view = sqlite::view_of(value);
  if (view.is_null()) {
    out += kNull;
  } else if (view.bytes.size() > kLongestSortValue) {
    out += kRow;
  } else if (view.type == sqlite::ValueType::kBlob) {
    append_typed(out, kBlob, view.bytes);
  } else if (view.type == sqlite::ValueType::kText && !base::is_valid_utf8(view.bytes)) {
    append_typed(out, kText, view.bytes);
  } else {
    append_key_text(out, view);
  }
}

}  // namespace

NextToken parse_next_token(std::string_view text, bool sorted) {
  NextToken token;
  std::vector<std::string_view> pieces = base::split(text, ',');
  if (pieces.size() > 1 && pieces.back().starts_with(kRowid)) {
    token.rowid = base::parse_int64(pieces.back().substr(kRowid.size()));
    if (token.rowid) pieces.pop_back();
  }
  std::size_t first_key = 0;
  if (sorted && pieces.size() > 1) {
    token.sort_value = parse_part(pieces[0]);
    first_key = 1;
  }
  for (std::size_t i = first_key; i < pieces.size(); ++i) {
    token.keys.push_back(parse_part(pieces[i]));
  }
  return token;
}

std::string make_next_token(const sqlite::Value* sort_value, const std::vector<KeyValue>& keys,
                            std::optional<std::int64_t> rowid) {
  std::string token;
  if (sort_value != nullptr) append_sort_value(token, *sort_value);
  for (const KeyValue& key : keys) {
    if (!token.empty() || sort_value != nullptr || &key != &keys.front()) token += ',';
    append_key(token, key);
  }
  // An argument without a value would count as absent: the first page again, for ever.
  if (token.empty()) append_typed(token, kText, "");
  if (rowid) {
    token += ',';
    token += kRowid;
    token += std::to_string(*rowid);
  }
  return token;
}

std::optional<sqlite::Value> plain_number(const std::string& text) {
  if (const auto integer = base::parse_int64(text)) return *integer;
  if (const auto number = base::parse_double(text)) return *number;
  if (text == "inf") return std::numeric_limits<double>::infinity();
  if (text == "-inf") return -std::numeric_limits<double>::infinity();
  return std::nullopt;
}

void append_key_text(std::string& out, const sqlite::ValueView& value) {
  if (value.is_null()) {
    out += "None";
    return;
  }
  if (value.type == sqlite::ValueType::kInteger && value.integer >= 0) {
    out += std::to_string(value.integer);  // digits need no encoding
    return;
  }
  http::append_tilde(out, sqlite::to_text(value));
}

}  // namespace tapedeck::data
