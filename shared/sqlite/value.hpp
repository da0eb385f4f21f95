#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace tapedeck::sqlite {

struct Null {
  friend bool operator==(Null, Null) = default;
};
/// Bytes, as opposed to text.
struct Blob {
  std::string bytes;
  friend bool operator==(const Blob&, const Blob&) = default;
};
/// A value that owns its text; the alternatives are SQLite's five storage classes.
using Value = std::variant<Null, std::int64_t, double, std::string, Blob>;

/// Values bound to ?1, ?2 … or, with names, to :name; see Statement::bind.
using Params = std::vector<Value>;

enum class ValueType { kInteger = 1, kFloat = 2, kText = 3, kBlob = 4, kNull = 5 };

/// A value inside SQLite's memory: lives until the next step() of its statement. Text is as stored,
/// so it may be no UTF-8.
struct ValueView {
  ValueType type = ValueType::kNull;
  std::int64_t integer = 0;
  double real = 0;
  std::string_view bytes;  ///< text or blob

  [[nodiscard]] bool is_null() const { return type == ValueType::kNull; }
};

[[nodiscard]] Value to_value(const ValueView& view);
[[nodiscard]] ValueView view_of(const Value& value);
/// The text of a value as it stands in links, tokens, CSV and HTML: integers exact, floats as in
/// base::format_double, text made valid UTF-8, "" for NULL. Blobs give their bytes as text.
void append_text(std::string& out, const ValueView& value);
[[nodiscard]] std::string to_text(const ValueView& value);

}  // namespace tapedeck::sqlite
