#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "data/next_token.hpp"

namespace {

namespace data_room = tapedeck::data;
namespace sqlite = tapedeck::sqlite;

sqlite::Value value_of(const data_room::TokenPart& part) {
  using Form = data_room::TokenPart::Form;
  if (part.form == Form::kNull || part.form == Form::kRow) return sqlite::Null{};
  if (part.form == Form::kBlob) return sqlite::Blob{part.bytes};
  return part.bytes;
}

std::vector<data_room::KeyValue> key_of(const data_room::NextToken& token) {
  std::vector<data_room::KeyValue> key;
  for (const auto& part : token.keys) key.push_back({value_of(part), sqlite::Affinity::kText});
  return key;
}

}  // namespace

/// Any text is some token, and what a token says comes back from the token made of it.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(data, data + size);
  for (const bool sorted : {false, true}) {
    const data_room::NextToken token = data_room::parse_next_token(text, sorted);
    if (token.keys.empty()) std::abort();
    const sqlite::Value sort_value =
        token.sort_value ? value_of(*token.sort_value) : sqlite::Value(sqlite::Null{});
    const std::vector<data_room::KeyValue> key = key_of(token);
    const std::string made =
        data_room::make_next_token(sorted ? &sort_value : nullptr, key, token.rowid);
    const data_room::NextToken again = data_room::parse_next_token(made, sorted);
    const std::vector<data_room::KeyValue> key_again = key_of(again);
    if (key_again.size() != key.size()) std::abort();
    for (std::size_t i = 0; i < key.size(); ++i) {
      if (key[i].value != key_again[i].value) std::abort();
    }
  }
  return 0;
}
