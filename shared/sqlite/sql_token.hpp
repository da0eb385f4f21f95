#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

/// The tokens of SQL text as SQLite reads them (sqlite.org/lang.html, tokenize.c), as far as names
/// and keywords go: what is no name here is none for SQLite either.
namespace tapedeck::sqlite {

struct SqlToken {
  enum class Kind {
    kWord,    ///< a keyword, a plain name, a number
    kQuoted,  ///< a string or a name in any of SQLite's four quotes
    kOther,   ///< one character
  };
  Kind kind = Kind::kOther;
  /// As it is written, quotes included; points into the SQL.
  std::string_view text;
  /// Where it begins in the SQL.
  std::size_t at = 0;

  [[nodiscard]] std::size_t end() const { return at + text.size(); }
  /// Whether it is the keyword `lower`, in either case.
  [[nodiscard]] bool is_word(std::string_view lower) const;
  [[nodiscard]] bool is(char c) const { return kind == Kind::kOther && text[0] == c; }
  /// The name or string that it stands for, without quotes.
  [[nodiscard]] std::string name() const;
};

/// The first token at `at` or behind it, white space and comments passed over; nothing at the end.
[[nodiscard]] std::optional<SqlToken> next_token(std::string_view sql, std::size_t at);

/// Past the comment that begins at `at`; `at` itself where none does.
[[nodiscard]] std::size_t end_of_comment(std::string_view sql, std::size_t at);
/// Past the closing quote of what begins at `at` (the end of the text without one); `at` itself
/// where no quote stands.
[[nodiscard]] std::size_t end_of_quoted(std::string_view sql, std::size_t at);

}  // namespace tapedeck::sqlite
