#include "sqlite/catalogue.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "base/text.hpp"
#include "sqlite/connection.hpp"
#include "sqlite/error.hpp"
#include "sqlite/virtual_table.hpp"

namespace tapedeck::sqlite {

namespace {

/// Words that cannot stand as identifiers unquoted. Source: the peer's list, which is SQLite's
/// keywords.html of 2016; newer keywords (window functions …) are all allowed as identifiers.
constexpr auto kReservedWords = std::to_array<std::string_view>({
    "abort",      "action",    "add",        "after",        "all",          "alter",
    "analyze",    "and",       "as",         "asc",          "attach",       "autoincrement",
    "before",     "begin",     "between",    "by",           "cascade",      "case",
    "cast",       "check",     "collate",    "column",       "commit",       "conflict",
    "constraint", "create",    "cross",      "current_date", "current_time", "current_timestamp",
    "database",   "default",   "deferrable", "deferred",     "delete",       "desc",
    "detach",     "distinct",  "drop",       "each",         "else",         "end",
    "escape",     "except",    "exclusive",  "exists",       "explain",      "fail",
    "for",        "foreign",   "from",       "full",         "glob",         "group",
    "having",     "if",        "ignore",     "immediate",    "in",           "index",
    "indexed",    "initially", "inner",      "insert",       "instead",      "intersect",
    "into",       "is",        "isnull",     "join",         "key",          "left",
    "like",       "limit",     "match",      "natural",      "no",           "not",
    "nothing",    "notnull",   "null",       "of",           "offset",       "on",
    "or",         "order",     "outer",      "plan",         "pragma",       "primary",
    "query",      "raise",     "recursive",  "references",   "regexp",       "reindex",
    "release",    "rename",    "replace",    "restrict",     "returning",    "right",
    "rollback",   "row",       "savepoint",  "select",       "set",          "table",
    "temp",       "temporary", "then",       "to",           "transaction",  "trigger",
    "union",      "unique",    "update",     "using",        "vacuum",       "values",
    "view",       "virtual",   "when",       "where",        "with",         "without",
});

/// Tables that SpatiaLite makes for itself; hidden when the database is one of its.
constexpr auto kSpatialiteTables = std::to_array<std::string_view>({
    "ElementaryGeometries",
    "KNN",
    "KNN2",
    "SpatialIndex",
    "data_licenses",
    "geometry_columns",
    "spatial_ref_sys",
    "spatialite_history",
    "sql_statements_log",
    "sqlite_sequence",
    "views_geometry_columns",
    "virts_geometry_columns",
});

bool is_plain_identifier(std::string_view name) {
  if (name.empty() || (name[0] >= '0' && name[0] <= '9')) return false;
  return std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  });
}

/// Type words of `pragma table_list`.
TableKind kind_of(std::string_view type) {
  if (type == "view") return TableKind::kView;
  if (type == "virtual") return TableKind::kVirtual;
  if (type == "shadow") return TableKind::kShadow;
  return TableKind::kTable;
}

std::string text_at(const CachedStatement& statement, int index) {
  return to_text(statement->view(index));
}

void read_columns(Connection& connection, Table& table, bool without_rowid) {
  const CachedStatement info = connection.prepare(
      "select name, type, \"notnull\", dflt_value, pk, hidden from pragma_table_xinfo(?)");
  info->bind(1, table.name);
  while (info->step()) {
    Column column;
    column.name = text_at(info, 0);
    column.declared_type = text_at(info, 1);
    column.affinity = affinity_of(column.declared_type);
    column.not_null = info->view(2).integer != 0;
    if (!info->view(3).is_null()) column.default_value = text_at(info, 3);
    column.pk_position = static_cast<int>(info->view(4).integer);
    column.hidden = static_cast<int>(info->view(5).integer);
    table.columns.push_back(std::move(column));
  }
  std::vector<const Column*> keys;
  for (const Column& column : table.columns) {
    if (column.pk_position > 0) keys.push_back(&column);
  }
  std::ranges::sort(keys, {}, &Column::pk_position);
  for (const Column* key : keys) table.primary_keys.push_back(key->name);
  if (!without_rowid && (table.kind == TableKind::kTable || table.kind == TableKind::kShadow)) {
    for (const char* name : {"rowid", "_rowid_", "oid"}) {
      if (table.find_column(name) == nullptr && table.rowid_name.empty()) table.rowid_name = name;
    }
  }
  table.uses_rowid = keys.empty() && !without_rowid && !table.is_view();
}

void read_foreign_keys(Connection& connection, Table& table) {
  struct Key {
    std::int64_t id;
    ForeignKey key;
    bool compound;
    bool implicit;
  };
  std::vector<Key> keys;
  const CachedStatement list = connection.prepare(
      "select id, seq, \"table\", \"from\", \"to\" from pragma_foreign_key_list(?)");
  list->bind(1, table.name);
  while (list->step()) {
    const std::int64_t id = list->view(0).integer;
    const auto known = std::ranges::find(keys, id, &Key::id);
    if (known != keys.end()) {
      known->compound = true;
      continue;
    }
    keys.push_back({id,
                    {text_at(list, 2), text_at(list, 3), text_at(list, 4)},
                    false,
                    list->view(4).is_null()});
  }
  for (Key& key : keys) {
    if (key.compound) continue;
    // An empty other_column is filled in once all tables are known.
    if (key.implicit) key.key.other_column.clear();
    table.references.push_back({std::move(key.key), key.implicit});
  }
}

void read_indexes(Connection& connection, Catalogue& catalogue) {
  const CachedStatement sql = connection.prepare(
      "select tbl_name, sql from sqlite_master where type = 'index' and sql is not null "
      "order by rowid");
  while (sql->step()) {
    const auto found = catalogue.tables.find(text_at(sql, 0));
    if (found != catalogue.tables.end()) found->second.index_sql.push_back(text_at(sql, 1));
  }
  const CachedStatement unique = connection.prepare(
      "select m.name, min(ii.name) from sqlite_master m, pragma_index_list(m.name) il, "
      "pragma_index_info(il.name) ii where m.type = 'table' and il.\"unique\" = 1 "
      "group by m.name, il.name having count(*) = 1 and count(ii.name) = 1");
  while (unique->step()) {
    const auto found = catalogue.tables.find(text_at(unique, 0));
    if (found != catalogue.tables.end()) {
      found->second.unique_columns.push_back(text_at(unique, 1));
    }
  }
}

/// Names tables and columns as they are spelled, completes foreign keys that name no column, drops
/// those for which there is none, and adds the incoming side. A key to a table that is not there
/// stays as it was declared.
void link_foreign_keys(Catalogue& catalogue) {
  // A declaration names tables and columns in any case; here they are named as they are.
  std::map<std::string, const Table*, std::less<>> by_lower_name;
  for (const auto& [name, table] : catalogue.tables) by_lower_name[base::to_lower(name)] = &table;
  for (auto& [name, table] : catalogue.tables) {
    for (Reference& reference : table.references) {
      ForeignKey& key = reference.key;
      const auto found = by_lower_name.find(base::to_lower(key.other_table));
      if (found == by_lower_name.end()) continue;
      const Table& other = *found->second;
      key.other_table = other.name;
      if (key.other_column.empty() && other.primary_keys.size() == 1) {
        key.other_column = other.primary_keys.front();
      } else if (const Column* column = other.find_column(key.other_column)) {
        key.other_column = column->name;
      }
    }
    for (const Reference& reference : table.references) {
      // Without a column there is nothing to follow.
      if (!reference.key.other_column.empty()) table.outgoing.push_back(reference.key);
    }
    std::ranges::sort(table.outgoing);
  }
  for (const auto& [name, table] : catalogue.tables) {
    for (const ForeignKey& key : table.outgoing) {
      const auto other = catalogue.tables.find(key.other_table);
      if (other != catalogue.tables.end()) {
        other->second.incoming.push_back({name, key.other_column, key.column});
      }
    }
  }
  for (auto& [name, table] : catalogue.tables) std::ranges::sort(table.incoming);
}

void mark_hidden_and_searchable(Catalogue& catalogue) {
  const bool spatialite =
      catalogue.tables.contains("geometry_columns") && catalogue.tables.contains("spatial_ref_sys");
  std::vector<const Table*> fts_tables;
  for (auto& [name, table] : catalogue.tables) {
    const auto module =
        table.kind == TableKind::kVirtual ? parse_virtual_table(table.sql) : std::nullopt;
    const bool is_fts = module && module->is_fts();
    if (is_fts) fts_tables.push_back(&table);
    const bool spatial = spatialite && (std::ranges::binary_search(kSpatialiteTables, name) ||
                                        name.starts_with("idx_"));
    const bool statistics = name.starts_with("sqlite_stat") && name.size() == 12 &&
                            name.back() >= '1' && name.back() <= '4';
    if (!table.is_view()) {
      table.hidden = table.kind == TableKind::kShadow || name.starts_with('_') || statistics ||
                     spatial || (is_fts && module->content().has_value());
    }
  }
  for (auto& [name, table] : catalogue.tables) {
    if (table.is_view()) continue;
    for (const Table* fts : fts_tables) {
      if (is_searched_by(fts->sql, name) || fts->name == name) {
        table.fts_tables.push_back(fts->name);
      }
    }
  }
}

}  // namespace

Affinity affinity_of(std::string_view declared_type) {
  const std::string type = base::to_lower(declared_type);
  const auto has = [&type](std::string_view part) { return type.find(part) != std::string::npos; };
  if (type.empty()) return Affinity::kBlob;
  if (has("int")) return Affinity::kInteger;
  if (has("char") || has("clob") || has("text")) return Affinity::kText;
  if (has("blob")) return Affinity::kBlob;
  if (has("real") || has("floa") || has("doub")) return Affinity::kReal;
  return Affinity::kNumeric;
}

std::string_view affinity_name(Affinity affinity) {
  switch (affinity) {
    case Affinity::kText:
      return "TEXT";
    case Affinity::kInteger:
      return "INTEGER";
    case Affinity::kReal:
      return "REAL";
    case Affinity::kBlob:
      return "BLOB";
    case Affinity::kNumeric:
      break;
  }
  return "NUMERIC";
}

const Column* Table::find_column(std::string_view column_name) const {
  const auto exact = std::ranges::find(columns, column_name, &Column::name);
  if (exact != columns.end()) return &*exact;
  const auto similar = std::ranges::find_if(columns, [&](const Column& column) {
    return base::equals_ignoring_case(column.name, column_name);
  });
  return similar == columns.end() ? nullptr : &*similar;
}

const ForeignKey* Table::reference_of(std::string_view column_name) const {
  const auto found = std::ranges::find_if(
      references, [&](const Reference& reference) { return reference.key.column == column_name; });
  return found == references.end() ? nullptr : &found->key;
}

const Table* Catalogue::find(std::string_view name) const {
  const auto found = tables.find(name);
  return found == tables.end() ? nullptr : &found->second;
}

const Table* Catalogue::find_ignoring_case(std::string_view name) const {
  const auto found = std::ranges::find_if(
      tables, [name](const auto& entry) { return base::equals_ignoring_case(entry.first, name); });
  return found == tables.end() ? nullptr : &found->second;
}

Catalogue read_catalogue(Connection& connection) {
  Catalogue catalogue;
  std::set<std::string> without_rowid;
  {
    const CachedStatement list = connection.prepare(
        "select l.name, l.type, l.wr, m.sql from pragma_table_list l "
        "join sqlite_master m on m.name = l.name and m.type in ('table', 'view') "
        "where l.schema = 'main'");
    while (list->step()) {
      Table table;
      table.name = text_at(list, 0);
      table.kind = kind_of(text_at(list, 1));
      table.sql = text_at(list, 3);
      if (list->view(2).integer != 0) without_rowid.insert(table.name);
      std::string name = table.name;
      catalogue.tables.emplace(std::move(name), std::move(table));
    }
  }
  for (auto& [name, table] : catalogue.tables) {
    try {
      read_columns(connection, table, without_rowid.contains(name));
      if (!table.is_view()) read_foreign_keys(connection, table);
    } catch (const Interrupted&) {
      throw;
    } catch (const Error& error) {
      // A view over a table that is gone, a module that is not there: the others still work.
      table.trouble = error.what();
      table.columns.clear();
    }
  }
  read_indexes(connection, catalogue);
  link_foreign_keys(catalogue);
  mark_hidden_and_searchable(catalogue);
  return catalogue;
}

std::string force_quote_identifier(std::string_view name) {
  return '"' + base::replace_all(name, "\"", "\"\"") + '"';
}

std::string quote_identifier(std::string_view name) {
  if (is_plain_identifier(name) &&
      !std::ranges::binary_search(kReservedWords, base::to_lower(name))) {
    return std::string(name);
  }
  return force_quote_identifier(name);
}

}  // namespace tapedeck::sqlite
