#include "sqlite/virtual_table.hpp"

#include "base/text.hpp"
#include "sqlite/sql_token.hpp"

namespace tapedeck::sqlite {

namespace {

/// Cuts `sql` at its commas outside of brackets, from behind the opening bracket before `at` to the
/// closing one.
std::vector<std::string_view> split_arguments(std::string_view sql, std::size_t at) {
  std::vector<std::string_view> arguments;
  std::size_t start = at;
  int depth = 0;
  const auto cut = [&](std::size_t end) {
    arguments.push_back(base::trim(sql.substr(start, end - start)));
    start = end + 1;
  };
  for (auto token = next_token(sql, at); token; token = next_token(sql, token->end())) {
    if (token->is('(')) {
      ++depth;
    } else if (token->is(')')) {
      if (depth-- > 0) continue;
      cut(token->at);
      return arguments;
    } else if (token->is(',') && depth == 0) {
      cut(token->at);
    }
  }
  cut(sql.size());
  return arguments;
}

/// FTS5 takes any beginning of an option's name.
bool names_content(std::string_view key) {
  return !key.empty() && std::string_view("content").starts_with(base::to_lower(key));
}

}  // namespace

std::optional<std::string_view> VirtualTable::content() const {
  std::optional<std::string_view> found;
  if (!is_fts()) return found;
  for (const std::string_view argument : arguments) {
    const auto key = next_token(argument, 0);
    if (!key || !names_content(key->text)) continue;
    const auto sign = next_token(argument, key->end());
    if (!sign || !sign->is('=')) continue;
    const auto value = next_token(argument, sign->end());
    found = value ? value->text : std::string_view{};
  }
  return found;
}

std::optional<VirtualTable> parse_virtual_table(std::string_view sql) {
  auto token = next_token(sql, 0);
  const auto take = [&] {
    const auto taken = token;
    if (token) token = next_token(sql, token->end());
    return taken;
  };
  const auto take_word = [&](std::string_view word) {
    const bool is_there = token && token->is_word(word);
    if (is_there) take();
    return is_there;
  };
  if (!take_word("create") || !take_word("virtual") || !take_word("table")) return std::nullopt;
  if (take_word("if") && (!take_word("not") || !take_word("exists"))) return std::nullopt;
  take();  // the name, or its schema
  if (token && token->is('.')) {
    take();
    take();
  }
  if (!take_word("using")) return std::nullopt;
  const auto module = take();
  if (!module) return std::nullopt;
  VirtualTable table{.module = base::to_lower(module->name()), .arguments = {}};
  if (token && token->is('(')) table.arguments = split_arguments(sql, token->end());
  return table;
}

bool is_fts_for(std::string_view fts_sql, std::string_view table) {
  const auto index = parse_virtual_table(fts_sql);
  if (!index) return false;
  const auto content = index->content();
  if (!content) return false;
  const auto name = next_token(*content, 0);
  return name && base::equals_ignoring_case(name->name(), table);
}

bool is_searched_by(std::string_view fts_sql, std::string_view table) {
  const auto index = parse_virtual_table(fts_sql);
  if (!index) return false;
  const auto content = index->content();
  return content && !content->starts_with('\'') && is_fts_for(fts_sql, table);
}

}  // namespace tapedeck::sqlite
