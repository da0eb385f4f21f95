#include "data/query_text.hpp"

#include <algorithm>
#include <array>
#include <set>

#include "base/text.hpp"
#include "sqlite/sql_token.hpp"
#include "sqlite/visitor_pragmas.hpp"

namespace tapedeck::data {

namespace {

constexpr auto kStarts = std::to_array<std::string_view>({
    "select",
    "with",
    "explain select",
    "explain with",
    "explain query plan select",
    "explain query plan with",
});

bool is_space(char c) {
  return c == ' ' || (c >= '\t' && c <= '\r');
}

/// Letters, digits, "_" and every byte of other scripts.
bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}

std::string_view without_leading_comments(std::string_view sql) {
  for (;;) {
    sql = base::trim(sql);
    const std::size_t end = sqlite::end_of_comment(sql, 0);
    if (end == 0) return sql;
    sql.remove_prefix(end);
  }
}

/// `sql` without the lines that are a comment from their beginning on.
std::string without_comment_lines(std::string_view sql) {
  std::string kept;
  for (const std::string_view line : base::split(sql, '\n')) {
    if (base::trim(line).starts_with("--")) continue;
    if (!kept.empty()) kept += '\n';
    kept += line;
  }
  return kept;
}

/// Words of `start` with any white space between them, and a word's end after the last.
bool starts_with_words(std::string_view sql, std::string_view start) {
  for (const std::string_view word : base::split(start, ' ')) {
    while (!sql.empty() && is_space(sql[0])) sql.remove_prefix(1);
    if (!sql.starts_with(word)) return false;
    sql.remove_prefix(word.size());
    if (!sql.empty() && is_word(sql[0])) return false;
  }
  return true;
}

bool names_allowed_pragma(std::string_view after_pragma) {
  return after_pragma.starts_with('_') &&
         std::ranges::any_of(sqlite::kVisitorPragmas, [&](const sqlite::VisitorPragma& pragma) {
           return after_pragma.substr(1).starts_with(pragma.name);
         });
}

std::string pragma_message() {
  std::string names;
  for (const sqlite::VisitorPragma& pragma : sqlite::kVisitorPragmas) {
    names += names.empty() ? "pragma_" : ", pragma_";
    names += pragma.name;
    names += "()";
  }
  return "Statement contained a disallowed PRAGMA. Allowed pragma functions are " + names;
}

}  // namespace

std::optional<std::string> refuse_statement(std::string_view sql) {
  const std::string lower = base::to_lower(without_comment_lines(sql));
  const std::string_view statement = without_leading_comments(lower);
  const bool is_select = std::ranges::any_of(
      kStarts, [statement](std::string_view start) { return starts_with_words(statement, start); });
  if (!is_select) return "Statement must be a SELECT";
  constexpr std::string_view kPragma = "pragma";
  for (std::size_t at = lower.find(kPragma); at != std::string::npos;
       at = lower.find(kPragma, at + 1)) {
    if (!names_allowed_pragma(std::string_view(lower).substr(at + kPragma.size()))) {
      return pragma_message();
    }
  }
  return std::nullopt;
}

std::vector<std::string> named_parameters(std::string_view sql) {
  std::vector<std::string> names;
  std::set<std::string_view> known;
  std::size_t at = 0;
  while (at < sql.size()) {
    const std::size_t past =
        std::max(sqlite::end_of_comment(sql, at), sqlite::end_of_quoted(sql, at));
    if (past != at) {
      at = past;
      continue;
    }
    if (sql[at++] != ':') continue;
    const std::size_t start = at;
    while (at < sql.size() && is_word(sql[at])) ++at;
    const std::string_view name = sql.substr(start, at - start);
    if (!name.empty() && known.insert(name).second) names.emplace_back(name);
  }
  return names;
}

}  // namespace tapedeck::data
