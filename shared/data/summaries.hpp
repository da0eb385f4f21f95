#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <boost/json.hpp>

#include "data/page_metadata.hpp"
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
  std::vector<sqlite::ForeignKey> incoming;
  std::vector<sqlite::ForeignKey> outgoing;
  int relationships = 0;
};

struct ViewSummary {
  std::string name;
  std::string path;
  std::string title;
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
  bool show_table_row_counts = true;
};

struct IndexPage {
  PageMetadata metadata;
  /// Sorted by name.
  std::vector<DatabaseSummary> databases;
};

struct DatabasePage {
  std::string name;
  std::string path;
  PageMetadata metadata;
  std::string color;
  std::int64_t size = 0;
  /// Sorted by (hidden, name).
  std::vector<TableSummary> tables;
  int hidden_count = 0;
  std::vector<ViewSummary> views;
  bool allow_execute_sql = true;
  bool show_hidden = false;
  /// The file name offered for download; nothing when a download is not allowed.
  std::optional<std::string> download_name;
  boost::json::object metadata_json;
};

}  // namespace tapedeck::data
