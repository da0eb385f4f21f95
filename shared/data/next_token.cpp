#include "data/next_token.hpp"

#include "base/text.hpp"
#include "http/tilde.hpp"

namespace tapedeck::data {

namespace {

constexpr std::string_view kNull = "$null";

}  // namespace

NextToken parse_next_token(std::string_view text, bool sorted) {
  NextToken token;
  const std::vector<std::string_view> pieces = base::split(text, ',');
  std::size_t first_key = 0;
  if (sorted && pieces.size() > 1) {
    if (pieces[0] != kNull) token.sort_value = http::tilde_decode(pieces[0]);
    first_key = 1;
  }
  for (std::size_t i = first_key; i < pieces.size(); ++i) {
    token.keys.push_back(http::tilde_decode(pieces[i]));
  }
  return token;
}

std::string make_next_token(const sqlite::Value* sort_value, std::string_view row_path) {
  std::string token;
  if (sort_value != nullptr) {
    const sqlite::ValueView view = sqlite::view_of(*sort_value);
    if (view.is_null()) {
      token = kNull;
    } else {
      append_key_text(token, view);
    }
    token += ',';
  }
  token += row_path;
  return token;
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
