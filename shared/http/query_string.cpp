#include "http/query_string.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "http/percent.hpp"

namespace tapedeck::http {

QueryString::QueryString(std::string_view raw) {
  for (const std::string_view piece : base::split(raw, '&')) {
    if (piece.empty()) continue;
    const std::size_t equals = piece.find('=');
    const bool has_value = equals != std::string_view::npos;
    pairs_.emplace_back(form_decode(piece.substr(0, equals)),
                        has_value ? form_decode(piece.substr(equals + 1)) : std::string());
  }
}

std::optional<std::string_view> QueryString::get(std::string_view key) const {
  const auto found = std::ranges::find(pairs_, key, &Pair::first);
  if (found == pairs_.end()) return std::nullopt;
  return found->second;
}

std::string_view QueryString::value(std::string_view key) const {
  return get(key).value_or(std::string_view());
}

std::vector<std::string_view> QueryString::get_all(std::string_view key) const {
  std::vector<std::string_view> values;
  for (const auto& [name, value] : pairs_) {
    if (name == key) values.emplace_back(value);
  }
  return values;
}

void QueryString::add(std::string key, std::string value) {
  pairs_.emplace_back(std::move(key), std::move(value));
}

// The removers compare with copies: a caller's view may point into the pairs being moved.

void QueryString::remove(std::string_view key) {
  std::erase_if(pairs_,
                [wanted = std::string(key)](const Pair& pair) { return pair.first == wanted; });
}

void QueryString::remove(std::string_view key, std::string_view value) {
  std::erase_if(pairs_, [wanted = Pair(key, value)](const Pair& pair) { return pair == wanted; });
}

void QueryString::set(std::string_view key, std::string value) {
  const auto first = std::ranges::find(pairs_, key, &Pair::first);
  if (first == pairs_.end()) {
    pairs_.emplace_back(key, std::move(value));
    return;
  }
  const std::string wanted(key);
  first->second = std::move(value);
  pairs_.erase(std::remove_if(first + 1, pairs_.end(),
                              [&](const Pair& pair) { return pair.first == wanted; }),
               pairs_.end());
}

QueryString QueryString::without_blanks() const {
  QueryString result;
  for (const Pair& pair : pairs_) {
    if (!pair.second.empty()) result.pairs_.push_back(pair);
  }
  return result;
}

std::string QueryString::encoded() const {
  std::string result;
  for (const auto& [key, value] : pairs_) {
    if (!result.empty()) result += '&';
    append_form_encoded(result, key);
    result += '=';
    append_form_encoded(result, value);
  }
  return result;
}

}  // namespace tapedeck::http
