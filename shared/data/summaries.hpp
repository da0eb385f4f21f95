#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <boost/json.hpp>

#include "data/page_metadata.hpp"
#include "data/stored_query.hpp"
#include "instance/instance.hpp"
#include "sqlite/catalogue.hpp"

/// What the index and database pages show: one model for HTML and JSON.
namespace tapedeck::data {

struct TableSummary {
  std::string name;
  std::string path;  ///< "/db/table", base_url included
  std::string title;
  std::vector<std::string> columns;
  std::vector<std::string> primary_keys;
  /// Rows, at most kCountLimit; nothing when counting took too long.
  std::optional<std::int64_t> count;
  bool count_truncated = false;
  bool hidden = false;
  std::optional<std::string> fts_table;
  /// To and from tables that are there and may be seen; the referred column is "" where the
  /// declaration names none.
  std::vector<sqlite::ForeignKey> incoming;
  std::vector<sqlite::ForeignKey> outgoing;
  int relationships = 0;
  /// Not for everybody's eyes: marked. The caller's to fill in, like the permissions.
  bool is_private = false;
};

struct ViewSummary {
  std::string name;
  std::string path;
  std::string title;
  bool is_private = false;
};

struct DatabaseSummary {
  std::string name;
  std::string path;
  PageMetadata metadata;
  /// SHA-256 of an immutable file.
  std::optional<std::string> hash;
  std::string color;  ///< six hexadecimal digits
  /// Why the database cannot be shown now; everything below is empty then.
  std::optional<std::string> trouble;
  /// Visible tables, sorted for the index page; hidden ones are only counted.
  std::vector<TableSummary> tables;
  std::vector<ViewSummary> views;
  int hidden_tables_count = 0;
  std::int64_t table_rows_sum = 0;
  std::int64_t hidden_table_rows_sum = 0;
  /// Some table has more rows than were counted.
  bool is_sum_truncated = false;
  bool is_hidden_sum_truncated = false;
  bool show_table_row_counts = true;
  /// Some count took too long.
  bool lacks_counts = false;
  bool is_private = false;
};

struct IndexPage {
  PageMetadata metadata;
  /// Sorted by name.
  std::vector<DatabaseSummary> databases;
};

/// Stored queries that the database page names itself; the rest is in the list of queries.
constexpr std::size_t kShownQueries = 5;

struct AttachedDatabase {
  std::string name;
  std::string path;
};

struct DatabasePage {
  std::string name;
  std::string path;
  PageMetadata metadata;
  std::string color;
  /// Of its file in bytes.
  std::optional<std::int64_t> size;
  /// Sorted by (hidden, name).
  std::vector<TableSummary> tables;
  int hidden_count = 0;
  std::vector<ViewSummary> views;
  std::vector<StoredQuery> queries;
  bool allow_execute_sql = true;
  bool show_hidden = false;
  bool is_private = false;
  /// Databases whose tables SQL of this one reads too, by `--crossdb`.
  std::vector<AttachedDatabase> attached;
  /// The file name offered for download; nothing when a download is not allowed.
  std::optional<std::string> download_name;
  boost::json::object metadata_json;
};

/// Whether the visitor may see a table or view; asked of the caller, since data knows no
/// permissions.
using MayView = std::function<bool(std::string_view database, std::string_view table)>;

/// One database as the index page shows it. A database that cannot be read says why in `trouble`.
/// `by_relationships` sorts tables by their number of foreign keys first.
[[nodiscard]] DatabaseSummary summarise_database(instance::Instance& instance,
                                                 instance::Database& database,
                                                 const MayView& may_view, bool by_relationships);
/// Everything of the database page but permissions: allow_execute_sql, download_name and queries
/// are the caller's. REQUIRES: database.current() in this request.
[[nodiscard]] DatabasePage read_database_page(instance::Instance& instance,
                                              instance::Database& database,
                                              const MayView& may_view);

}  // namespace tapedeck::data
