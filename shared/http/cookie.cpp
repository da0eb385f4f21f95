#include "http/cookie.hpp"

#include "base/text.hpp"

namespace tapedeck::http {

std::string cookie_value(std::string_view header, std::string_view name) {
  std::string_view found;
  for (const std::string_view piece : base::split(header, ';')) {
    const std::size_t equals = piece.find('=');
    if (equals == std::string_view::npos) continue;
    if (base::trim(piece.substr(0, equals)) == name) found = base::trim(piece.substr(equals + 1));
  }
  if (found.size() >= 2 && found.front() == '"' && found.back() == '"') {
    found = found.substr(1, found.size() - 2);
  }
  return std::string(found);
}

}  // namespace tapedeck::http
