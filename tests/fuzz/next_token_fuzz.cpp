#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "data/next_token.hpp"

/// Any text is some token, and what a token says comes back from the token made of it.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace data_room = tapedeck::data;
  namespace sqlite = tapedeck::sqlite;
  const std::string text(data, data + size);
  for (const bool sorted : {false, true}) {
    const data_room::NextToken token = data_room::parse_next_token(text, sorted);
    if (token.keys.empty()) std::abort();
    std::string row_path;
    for (const std::string& key : token.keys) {
      if (&key != &token.keys.front()) row_path += ',';
      data_room::append_key_text(row_path, sqlite::view_of(sqlite::Value(key)));
    }
    const sqlite::Value sort_value =
        token.sort_value ? sqlite::Value(*token.sort_value) : sqlite::Value(sqlite::Null{});
    const std::string made = data_room::make_next_token(sorted ? &sort_value : nullptr, row_path);
    const data_room::NextToken again = data_room::parse_next_token(made, sorted);
    if (again.keys != token.keys || again.sort_value != token.sort_value) std::abort();
  }
  return 0;
}
