#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "base/utf8.hpp"
#include "http/query_string.hpp"

/// Any text is some query string, and encoding what was read gives the same pairs again.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using tapedeck::http::QueryString;
  const QueryString query(std::string(data, data + size));
  for (const auto& [key, value] : query.pairs()) {
    if (!tapedeck::base::is_valid_utf8(key + value)) std::abort();
  }
  if (QueryString(query.encoded()).pairs() != query.pairs()) std::abort();
  const QueryString without_blanks = query.without_blanks();
  for (const auto& [key, value] : without_blanks.pairs()) {
    if (value.empty()) std::abort();
  }
  if (query.empty()) return 0;
  const std::string key = query.pairs().front().first;
  QueryString changed = query;
  changed.set(key, "x");
  if (changed.get_all(key).size() != 1 || changed.value(key) != "x") std::abort();
  changed.remove(key);
  if (changed.has(key)) std::abort();
  return 0;
}
