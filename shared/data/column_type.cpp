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

template <class Visit>
void for_each_configured(const boost::json::object* object, Visit visit) {
  const boost::json::value* configured =
      object == nullptr ? nullptr : object->if_contains("column_types");
  if (configured == nullptr || !configured->is_object()) return;
  for (const auto& member : configured->get_object()) visit(member.key(), member.value());
}

const sqlite::Column* find_column(const sqlite::Table& table, std::string_view name) {
  const auto found = std::ranges::find(table.columns, name, &sqlite::Column::name);
  return found == table.columns.end() ? nullptr : &*found;
}

bool holds_text(const sqlite::Column* column) {
  return column != nullptr && column->affinity == sqlite::Affinity::kText;
}

}  // namespace

std::string_view column_kind_name(ColumnKind kind) {
  return std::ranges::find(kNames, kind, &std::pair<ColumnKind, std::string_view>::first)->second;
}

std::vector<ColumnType> column_types(const sqlite::Table& table,
                                     const boost::json::object* object) {
  std::vector<ColumnType> types;
  for_each_configured(object, [&](std::string_view name, const boost::json::value& value) {
    auto type = read_type(name, value);
    if (type && holds_text(find_column(table, name))) types.push_back(*std::move(type));
  });
  std::ranges::sort(types, {}, &ColumnType::column);
  return types;
}

std::vector<ColumnTypeMisfit> column_type_misfits(const sqlite::Table& table,
                                                  const boost::json::object* object) {
  std::vector<ColumnTypeMisfit> misfits;
  for_each_configured(object, [&](std::string_view name, const boost::json::value& value) {
    const sqlite::Column* column = find_column(table, name);
    if (column == nullptr) {
      misfits.push_back({std::string(name), "there is no such column"});
    } else if (!read_type(name, value)) {
      misfits.push_back({std::string(name), "the type is not url, email, json or textarea"});
    } else if (!holds_text(column)) {
      misfits.push_back({std::string(name), "the type is for columns of texts"});
    }
  });
  return misfits;
}

const ColumnType* find_type(const std::vector<ColumnType>& types, std::string_view column) {
  const auto found = std::ranges::find(types, column, &ColumnType::column);
  return found == types.end() ? nullptr : &*found;
}

}  // namespace tapedeck::data
