#include "sqlite/sql_token.hpp"

#include "base/text.hpp"

namespace tapedeck::sqlite {

namespace {

bool is_space(char c) {
  return c == ' ' || (c >= '\t' && c <= '\r');
}

bool is_name_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '$' || static_cast<unsigned char>(c) >= 0x80;
}

}  // namespace

bool SqlToken::is_word(std::string_view lower) const {
  return kind == Kind::kWord && base::equals_ignoring_case(text, lower);
}

std::string SqlToken::name() const {
  if (kind != Kind::kQuoted || text.size() < 2) return std::string(text);
  const std::string_view inside = text.substr(1, text.size() - 2);
  const std::string quote(1, text[0]);
  return quote == "[" ? std::string(inside) : base::replace_all(inside, quote + quote, quote);
}

std::optional<SqlToken> next_token(std::string_view sql, std::size_t at) {
  for (;;) {
    while (at < sql.size() && is_space(sql[at])) ++at;
    if (at >= sql.size()) return std::nullopt;
    const std::size_t past = end_of_comment(sql, at);
    if (past == at) break;
    at = past;
  }
  if (const std::size_t end = end_of_quoted(sql, at); end != at) {
    return SqlToken{.kind = SqlToken::Kind::kQuoted, .text = sql.substr(at, end - at), .at = at};
  }
  std::size_t end = at;
  while (end < sql.size() && is_name_character(sql[end])) ++end;
  if (end != at) {
    return SqlToken{.kind = SqlToken::Kind::kWord, .text = sql.substr(at, end - at), .at = at};
  }
  return SqlToken{.kind = SqlToken::Kind::kOther, .text = sql.substr(at, 1), .at = at};
}

std::size_t end_of_comment(std::string_view sql, std::size_t at) {
  const std::string_view rest = sql.substr(at);
  if (rest.starts_with("--")) {
    const std::size_t end = rest.find('\n');
    return end == std::string_view::npos ? sql.size() : at + end + 1;
  }
  if (rest.starts_with("/*")) {
    const std::size_t end = rest.find("*/", 2);
    return end == std::string_view::npos ? sql.size() : at + end + 2;
  }
  return at;
}

std::size_t end_of_quoted(std::string_view sql, std::size_t at) {
  if (at >= sql.size() || std::string_view("\"'`[").find(sql[at]) == std::string_view::npos) {
    return at;
  }
  const char close = sql[at] == '[' ? ']' : sql[at];
  for (std::size_t end = at + 1; end < sql.size(); ++end) {
    if (sql[end] != close) continue;
    const bool is_doubled = close != ']' && end + 1 < sql.size() && sql[end + 1] == close;
    if (!is_doubled) return end + 1;
    ++end;
  }
  return sql.size();
}

}  // namespace tapedeck::sqlite
