#include "sqlite/like.hpp"

#include <sqlite3.h>

namespace tapedeck::sqlite {

bool is_like(const std::string& text, const std::string& pattern) {
  return sqlite3_strlike(pattern.c_str(), text.c_str(), /*cEsc=*/0) == 0;
}

}  // namespace tapedeck::sqlite
