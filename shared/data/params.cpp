#include "data/params.hpp"

namespace tapedeck::data {

std::string NamedParams::add(sqlite::Value value) {
  const std::string name = "p" + std::to_string(numbered_++);
  pairs_.emplace_back(name, std::move(value));
  return ":" + name;
}

void NamedParams::set(std::string name, sqlite::Value value) {
  pairs_.emplace_back(std::move(name), std::move(value));
}

void NamedParams::bind_to(sqlite::Statement& statement) const {
  std::string name;
  for (const auto& [key, value] : pairs_) {
    name = ":";
    name += key;
    const int index = statement.parameter_index(name.c_str());
    if (index > 0) statement.bind(index, value);
  }
}

void NamedParams::append_key(std::string& key) const {
  for (const auto& [name, value] : pairs_) {
    key += '\0';
    key += static_cast<char>('0' + value.index());
    const std::string text = sqlite::to_text(sqlite::view_of(value));
    key += std::to_string(text.size());
    key += ':';
    key += text;
  }
}

}  // namespace tapedeck::data
