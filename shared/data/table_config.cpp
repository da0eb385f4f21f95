#include "data/table_config.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace tapedeck::data {

namespace {

std::string text_at(const boost::json::object& object, std::string_view key) {
  const boost::json::value* value = object.if_contains(key);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : "";
}

/// `facets: ["genre", {"array": "tags"}, {"date": "created"}]`
std::vector<FacetSetting> facet_settings(const boost::json::object& object) {
  std::vector<FacetSetting> facets;
  const boost::json::value* list = object.if_contains("facets");
  if (list == nullptr || !list->is_array()) return facets;
  for (const boost::json::value& item : list->get_array()) {
    if (item.is_string()) facets.push_back({"column", std::string(item.get_string())});
    if (!item.is_object()) continue;
    for (const auto& member : item.get_object()) {
      if (member.value().is_string()) {
        facets.push_back({member.key(), std::string(member.value().get_string())});
      }
    }
  }
  return facets;
}

}  // namespace

TableConfig read_table_config(const boost::json::object* object) {
  TableConfig config;
  if (object == nullptr) return config;
  config.sort = text_at(*object, "sort");
  if (config.sort.empty()) {
    config.sort = text_at(*object, "sort_desc");
    config.sort_descending = !config.sort.empty();
  }
  if (const boost::json::value* size = object->if_contains("size")) {
    if (size->is_int64() && size->get_int64() >= 0) {
      config.size = static_cast<int>(std::min<std::int64_t>(size->get_int64(), 1'000'000'000));
    }
    config.size_is_max = size->is_string() && size->get_string() == "max";
  }
  const boost::json::value* sortable = object->if_contains("sortable_columns");
  if (sortable != nullptr && sortable->is_array()) {
    config.sortable_columns.emplace();
    for (const boost::json::value& column : sortable->get_array()) {
      if (column.is_string()) config.sortable_columns->emplace_back(column.get_string());
    }
  }
  const boost::json::value* hidden = object->if_contains("hidden");
  config.hidden = hidden != nullptr && hidden->is_bool() && hidden->get_bool();
  config.facets = facet_settings(*object);
  if (const boost::json::value* facet_size = object->if_contains("facet_size")) {
    config.facet_size_is_max = facet_size->is_string() && facet_size->get_string() == "max";
    if (facet_size->is_int64() && facet_size->get_int64() >= 0) {
      config.facet_size =
          static_cast<int>(std::min<std::int64_t>(facet_size->get_int64(), 1'000'000'000));
    }
  }
  config.label_column = text_at(*object, "label_column");
  config.fts_table = text_at(*object, "fts_table");
  config.fts_pk = text_at(*object, "fts_pk");
  config.raw_search = text_at(*object, "searchmode") == "raw";
  return config;
}

std::optional<std::string> label_column(const sqlite::Table& table, const TableConfig& config) {
  if (!config.label_column.empty()) return config.label_column;
  // Generated columns are none to the peer here.
  std::vector<const sqlite::Column*> columns;
  for (const sqlite::Column& column : table.columns) {
    if (column.hidden == 0) columns.push_back(&column);
  }
  std::vector<std::string> unique_text;
  for (const sqlite::Column* column : columns) {
    if (column->affinity == sqlite::Affinity::kText &&
        std::ranges::find(table.unique_columns, column->name) != table.unique_columns.end()) {
      unique_text.push_back(column->name);
    }
  }
  if (unique_text.size() == 1) return unique_text.front();
  for (const sqlite::Column* column : columns) {
    if (base::equals_ignoring_case(column->name, "name") ||
        base::equals_ignoring_case(column->name, "title")) {
      return column->name;
    }
  }
  if (columns.size() == 2) {
    const auto is_key = [](const sqlite::Column* column) {
      return column->name == "id" || column->name == "pk";
    };
    if (is_key(columns[0]) && is_key(columns[1])) return std::nullopt;
    if (is_key(columns[0])) return columns[1]->name;
    if (is_key(columns[1])) return columns[0]->name;
  }
  return std::nullopt;
}

}  // namespace tapedeck::data
