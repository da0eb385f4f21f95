#include "data/schema_text.hpp"

#include "sqlite/connection.hpp"
#include "sqlite/sql_token.hpp"

namespace tapedeck::data {

namespace {

/// Whether a trigger does something with a table that may not be viewed.
bool names_closed_table(std::string_view trigger_sql, const sqlite::Catalogue& catalogue,
                        const std::function<bool(std::string_view table)>& may_view) {
  for (auto token = sqlite::next_token(trigger_sql, 0); token;
       token = sqlite::next_token(trigger_sql, token->end())) {
    if (token->kind == sqlite::SqlToken::Kind::kOther) continue;
    const sqlite::Table* table = catalogue.find_ignoring_case(token->name());
    if (table != nullptr && !may_view(table->name)) return true;
  }
  return false;
}

}  // namespace

std::string schema_text(instance::Database& database,
                        const std::function<bool(std::string_view table)>& may_view) {
  std::string text;
  const sqlite::CachedStatement rows = database.connection().prepare(
      "select tbl_name, sql, type = 'trigger' from sqlite_master where sql is not null "
      "order by rowid");
  while (rows->step()) {
    if (!may_view(sqlite::to_text(rows->view(0)))) continue;
    const bool is_trigger = rows->view(2).integer != 0;
    if (is_trigger && names_closed_table(rows->view(1).bytes, database.catalogue(), may_view)) {
      continue;
    }
    if (!text.empty()) text += ";\n";
    sqlite::append_text(text, rows->view(1));
  }
  return text;
}

}  // namespace tapedeck::data
