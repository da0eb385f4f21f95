#include "auth/allow_block.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <span>

namespace tapedeck::auth {

namespace {

namespace json = boost::json;

/// true and false count as 1 and 0.
std::optional<std::int64_t> integer_of(const json::value& value) {
  if (value.is_bool()) return value.get_bool() ? 1 : 0;
  if (value.is_int64()) return value.get_int64();
  return std::nullopt;
}

bool equals_number(std::int64_t integer, const json::value& other) {
  if (const auto number = integer_of(other)) return *number == integer;
  // Beyond 2^53 not every integer is a double, and then they are not equal in Python either.
  constexpr std::int64_t kExact = std::int64_t{1} << 53U;
  return other.is_double() && integer >= -kExact && integer <= kExact &&
         static_cast<double>(integer) == other.get_double();
}

bool is_equal(const json::value& one, const json::value& other) {
  if (const auto number = integer_of(one)) return equals_number(*number, other);
  if (const auto number = integer_of(other)) return equals_number(*number, one);
  // Objects and lists inside of lists stand for nothing.
  if (one.is_structured() || other.is_structured()) return false;
  return one == other;
}

std::span<const json::value> items_of(const json::value& value) {
  if (const auto* list = value.if_array()) return {list->data(), list->size()};
  return {&value, 1};
}

bool shares_value(const json::value& allowed, const json::value& actual) {
  return std::ranges::any_of(items_of(allowed), [&](const json::value& one) {
    return std::ranges::any_of(items_of(actual),
                               [&](const json::value& other) { return is_equal(one, other); });
  });
}

bool is_unauthenticated(const json::object& block) {
  const json::value* value = block.if_contains("unauthenticated");
  return value != nullptr && value->is_bool() && value->get_bool();
}

}  // namespace

bool matches(const json::value& block, const Actor* actor) {
  if (!block.is_object()) return integer_of(block) == 1;
  const json::object& keys = block.get_object();
  if (actor == nullptr) return is_unauthenticated(keys);
  return std::ranges::any_of(keys, [actor](const auto& key) {
    const json::value* actual = actor->if_contains(key.key());
    if (actual == nullptr) return false;
    if (key.value() == "*") return true;
    return !actual->is_null() && shares_value(key.value(), *actual);
  });
}

}  // namespace tapedeck::auth
