#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// What a database says about itself: tables, views, columns, keys, indexes, foreign keys,
/// full-text tables. Read once per schema version.
namespace tapedeck::sqlite {

class Connection;

/// SQLite's column affinities by declared type, with the words of `sqlite_type`.
enum class Affinity { kText, kInteger, kReal, kBlob, kNumeric };
/// The order of tests of the peer (INT, CHAR/CLOB/TEXT, BLOB, REAL/FLOA/DOUB, else NUMERIC; empty
/// means BLOB). Source: sqlite.org/datatype3.html section 3.1.
[[nodiscard]] Affinity affinity_of(std::string_view declared_type);
[[nodiscard]] std::string_view affinity_name(Affinity affinity);

struct Column {
  std::string name;
  std::string declared_type;
  Affinity affinity = Affinity::kBlob;
  bool not_null = false;
  /// The SQL text of the default.
  std::optional<std::string> default_value;
  /// Position in the primary key from 1; 0 = no part of it.
  int pk_position = 0;
  /// 0 normal, 1 hidden column of a virtual table, 2 virtual generated, 3 stored generated.
  int hidden = 0;
};

/// A foreign key of one column. Outgoing: `column` is ours, the others are the referred table's.
/// Incoming: `column` is ours, `other_column` the referring table's.
struct ForeignKey {
  std::string other_table;
  std::string column;
  std::string other_column;
  // clang-tidy 14 takes the 0 inside a defaulted <=> for a null pointer.
  friend auto operator<=>(const ForeignKey&, const ForeignKey&) = default;  // NOLINT
};

/// A foreign key of one column as it was declared; labels follow it.
struct Reference {
  /// Named as table and columns are. `other_table` may be missing; `other_column` is "" when the
  /// declaration names none and the other table has no single key to stand for it.
  ForeignKey key;
  /// The declaration names no column.
  bool is_implicit = false;
};

enum class TableKind { kTable, kView, kVirtual, kShadow };

struct Table {
  std::string name;
  TableKind kind = TableKind::kTable;
  /// The CREATE statement; empty for tables without one.
  std::string sql;
  std::vector<Column> columns;
  /// Declared primary key in key order; empty for rowid tables and views.
  std::vector<std::string> primary_keys;
  /// A table without declared key, addressed by `rowid` (which a column of that name shadows, as in
  /// SQLite itself).
  bool uses_rowid = false;
  /// What SQL calls the rowid of a table that has one: "rowid", or another of its names where a
  /// column has taken that; "" where none is left, for WITHOUT ROWID, views and virtual tables.
  std::string rowid_name;
  /// In the order of SQLite's list, the last declared first.
  std::vector<Reference> references;
  /// Those of them that lead to a column, sorted.
  std::vector<ForeignKey> outgoing;
  std::vector<ForeignKey> incoming;
  /// CREATE INDEX statements.
  std::vector<std::string> index_sql;
  /// Columns that have a unique index of their own, a partial one included.
  std::vector<std::string> unique_columns;
  /// Hidden from lists by its nature (configuration may hide more).
  bool hidden = false;
  /// The full-text tables that search this one, as is_searched_by() judges, by name; the first is
  /// the one that is used, unless it is closed to the visitor.
  std::vector<std::string> fts_tables;
  /// Why SQLite cannot read it (a broken view).
  std::string trouble;

  [[nodiscard]] bool is_view() const { return kind == TableKind::kView; }
  /// Exact match first, then without case as SQLite compares.
  [[nodiscard]] const Column* find_column(std::string_view column_name) const;
  /// The first foreign key of this very column; null without.
  [[nodiscard]] const ForeignKey* reference_of(std::string_view column_name) const;
};

struct Catalogue {
  /// By exact name; code point order.
  std::map<std::string, Table, std::less<>> tables;

  [[nodiscard]] const Table* find(std::string_view name) const;
  /// As SQLite finds it.
  [[nodiscard]] const Table* find_ignoring_case(std::string_view name) const;
};

/// Reads everything in a few statements. Throws sqlite::Error.
[[nodiscard]] Catalogue read_catalogue(Connection& connection);

/// "name" when needed: not [A-Za-z_][A-Za-z0-9_]*, or a reserved word. Embedded quotes doubled.
[[nodiscard]] std::string quote_identifier(std::string_view name);
/// Always in double quotes, embedded ones doubled.
[[nodiscard]] std::string force_quote_identifier(std::string_view name);

}  // namespace tapedeck::sqlite
