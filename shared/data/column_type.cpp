#include "data/column_type.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace tapedeck::data {

namespace {

constexpr auto kNames = std::to_array<std::pair<ColumnKind, std::string_view>>({
    {ColumnKind::kUrl, "url"},
    {ColumnKind::kEmail, "email"},
    {ColumnKind::kJson, "json"},
    {ColumnKind::kTextarea, "textarea"},
});

/// `"json"` or `{"type": "textarea", "config": {"rows": 3}}`.
std::optional<ColumnType> read_type(std::string_view column, const boost::json::value& value) {
  const boost::json::value* name = &value;
  ColumnType type;
  type.column = column;
  if (const auto* object = value.if_object()) {
    name = object->if_contains("type");
    if (const auto* config = object->if_contains("config")) type.config = *config;
  }
  if (name == nullptr || !name->is_string()) return std::nullopt;
  const auto* known = std::ranges::find(kNames, std::string_view(name->get_string()),
                                        &std::pair<ColumnKind, std::string_view>::second);
  if (known == kNames.end()) return std::nullopt;
  type.kind = known->first;
  return type;
}

}  // namespace

std::string_view column_kind_name(ColumnKind kind) {
  return std::ranges::find(kNames, kind, &std::pair<ColumnKind, std::string_view>::first)->second;
}

std::vector<ColumnType> column_types(const sqlite::Table& table,
                                     const boost::json::object* object) {
  std::vector<ColumnType> types;
  const boost::json::value* configured =
      object == nullptr ? nullptr : object->if_contains("column_types");
  if (configured == nullptr || !configured->is_object()) return types;
  for (const auto& member : configured->get_object()) {
    const std::string_view name = member.key();
    const auto column = std::ranges::find(table.columns, name, &sqlite::Column::name);
    const bool holds_text =
        column != table.columns.end() && column->affinity == sqlite::Affinity::kText;
    if (!holds_text) continue;
    if (auto type = read_type(name, member.value())) types.push_back(*std::move(type));
  }
  std::ranges::sort(types, {}, &ColumnType::column);
  return types;
}

const ColumnType* find_type(const std::vector<ColumnType>& types, std::string_view column) {
  const auto found = std::ranges::find(types, column, &ColumnType::column);
  return found == types.end() ? nullptr : &*found;
}

}  // namespace tapedeck::data
