#include "http/etag.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace tapedeck::http {
namespace {

/// etagc of RFC 9110 section 8.8.3: visible bytes without the quote, and everything from 0x80 on.
bool may_stand_in_etag(char character) {
  const auto byte = static_cast<unsigned char>(character);
  return byte >= 0x21 && byte != '"' && byte != 0x7F;
}

}  // namespace

bool if_none_match(std::string_view field, std::string_view etag) {
  std::string_view rest = base::trim(field);
  if (rest == "*") return true;
  bool matches = false;
  while (!rest.empty()) {
    // A recipient has to take empty list members (RFC 9110 section 5.6.1.2).
    if (rest.front() == ',' || rest.front() == ' ' || rest.front() == '\t') {
      rest.remove_prefix(1);
      continue;
    }
    if (rest.starts_with("W/")) rest.remove_prefix(2);
    if (!rest.starts_with('"')) return false;
    const std::size_t end = rest.find('"', 1);
    if (end == std::string_view::npos) return false;
    const std::string_view tag = rest.substr(0, end + 1);
    if (!std::ranges::all_of(tag.substr(1, end - 1), may_stand_in_etag)) return false;
    matches = matches || tag == etag;
    rest = base::trim(rest.substr(end + 1));
    if (!rest.empty() && rest.front() != ',') return false;
  }
  return matches;
}

}  // namespace tapedeck::http
