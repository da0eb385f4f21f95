#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json.hpp>

#include "sqlite/catalogue.hpp"

/// What the texts of a column are, by the key `column_types` of a table's configuration.
/// Source: spec/config-cli.md section 1.3.
namespace tapedeck::data {

enum class ColumnKind { kUrl, kEmail, kJson, kTextarea };
/// "url", "email", "json", "textarea".
[[nodiscard]] std::string_view column_kind_name(ColumnKind kind);

struct ColumnType {
  std::string column;
  ColumnKind kind = ColumnKind::kTextarea;
  /// The value of "config"; null without.
  boost::json::value config;
};

/// The types that apply, by column name; `object` is the table's configuration and may be null.
/// Unknown types, and columns that do not exist or hold no text, are left out.
[[nodiscard]] std::vector<ColumnType> column_types(const sqlite::Table& table,
                                                   const boost::json::object* object);

/// A type that column_types() leaves out, and why.
struct ColumnTypeMisfit {
  std::string column;
  std::string reason;
};
[[nodiscard]] std::vector<ColumnTypeMisfit> column_type_misfits(const sqlite::Table& table,
                                                                const boost::json::object* object);

/// The type of one column; null without.
[[nodiscard]] const ColumnType* find_type(const std::vector<ColumnType>& types,
                                          std::string_view column);

}  // namespace tapedeck::data
