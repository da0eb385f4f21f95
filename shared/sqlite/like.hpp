#pragma once

#include <string>

namespace tapedeck::sqlite {

/// SQL's `text LIKE pattern`, without a database: "%" is anything, "_" one character, ASCII letters
/// match in either case.
[[nodiscard]] bool is_like(const std::string& text, const std::string& pattern);

}  // namespace tapedeck::sqlite
