#include "data/schema_text.hpp"

#include "sqlite/connection.hpp"

namespace tapedeck::data {

std::string schema_text(instance::Database& database,
                        const std::function<bool(std::string_view table)>& may_view) {
  std::string text;
  const sqlite::CachedStatement rows = database.connection().prepare(
      "select tbl_name, sql from sqlite_master where sql is not null order by rowid");
  while (rows->step()) {
    if (!may_view(sqlite::to_text(rows->view(0)))) continue;
    if (!text.empty()) text += ";\n";
    sqlite::append_text(text, rows->view(1));
  }
  return text;
}

}  // namespace tapedeck::data
