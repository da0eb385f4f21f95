#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tapedeck::http {

/// Header fields of a message in the order of adding; names compare without case.
/// Injection-proof by construction: a value is stored with CR, LF, NUL and other control characters
/// (but TAB) replaced by a space, a name that is no token (RFC 9110 section 5.6.2) is refused with
/// std::invalid_argument (names come from our own code only).
class Headers {
 public:
  using Field = std::pair<std::string, std::string>;

  [[nodiscard]] std::optional<std::string_view> get(std::string_view name) const;
  /// The value, or "" when the field is absent.
  [[nodiscard]] std::string_view value(std::string_view name) const;
  [[nodiscard]] bool has(std::string_view name) const { return get(name).has_value(); }
  /// Replaces every field of that name; the new one is the last.
  void set(std::string_view name, std::string_view value);
  /// Adds another field, also when one of that name exists (Set-Cookie, Link).
  void add(std::string_view name, std::string_view value);
  void remove(std::string_view name);
  [[nodiscard]] const std::vector<Field>& fields() const { return fields_; }

 private:
  std::vector<Field> fields_;
};

}  // namespace tapedeck::http
