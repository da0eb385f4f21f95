#include "data/params.hpp"

#include <string_view>
#include <unordered_map>

#include "http/request_error.hpp"

namespace tapedeck::data {

std::string NamedParams::add(sqlite::Value value) {
  const std::string name = "p" + std::to_string(numbered_++);
  pairs_.emplace_back(name, std::move(value));
  return ":" + name;
}

void NamedParams::set(std::string name, sqlite::Value value) {
  pairs_.emplace_back(std::move(name), std::move(value));
}

base::Result<void> NamedParams::bind_to(sqlite::Statement& statement) const {
  const int count = statement.parameter_count();
  if (count == 0) return {};
  // A list of an "in" filter can have tens of thousands of members.
  std::unordered_map<std::string_view, const sqlite::Value*> values;
  for (const auto& [name, value] : pairs_) values.try_emplace(name, &value);
  for (int index = 1; index <= count; ++index) {
    const std::string_view name = statement.parameter_name(index);
    const auto found = name.empty() ? values.end() : values.find(name.substr(1));
    if (found == values.end()) {
      return base::Error("You did not supply a value for binding parameter " +
                         (name.empty() ? "?" : std::string(name)) + ".");
    }
    statement.bind(index, *found->second);
  }
  return {};
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

void bind(const NamedParams& params, sqlite::Statement& statement) {
  const base::Result<void> bound = params.bind_to(statement);
  if (!bound) throw http::RequestError(400, bound.error().message());
}

}  // namespace tapedeck::data
