#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "sqlite/catalogue.hpp"
#include "sqlite/statement.hpp"
#include "sqlite/value.hpp"

namespace tapedeck::data {

class LabelLookup;

/// One column of a result.
struct ResultColumn {
  std::string name;
  /// The table's column behind it; null for the rowid, for views and for custom SQL.
  const sqlite::Column* column = nullptr;
  /// Its single-column foreign key, if labels are wanted for it.
  const sqlite::ForeignKey* foreign_key = nullptr;
  bool is_pk = false;
};

/// The rows of one page, read straight from SQLite while they are rendered. Valid once, forwards.
class RowCursor {
 public:
  struct Options {
    std::vector<ResultColumn> columns;
    /// At most so many rows are given out; one more is fetched to learn whether there is a next
    /// page.
    std::int64_t page_size = 0;
    /// Indexes (into the result) of the values that make the row path, in key order.
    std::vector<int> key_columns;
    /// Index of the sort column; nothing without a sort, and when it is not part of the result.
    std::optional<int> sort_column;
    /// Index of the rowid behind the shown columns, where it tells rows apart whose key does not.
    std::optional<int> rowid_column;
    /// Rows for which it is false are passed over, and count for no page. May be empty.
    std::function<bool(const RowCursor&)> keeps;
    /// May be null: no labels. Must outlive the cursor.
    LabelLookup* labels = nullptr;
  };
  /// `statement` is bound and not yet stepped.
  RowCursor(sqlite::CachedStatement statement, Options options);

  [[nodiscard]] const std::vector<ResultColumn>& columns() const { return options_.columns; }
  /// Moves to the next row. Throws sqlite::Error, sqlite::Interrupted.
  bool next();
  /// Value of column `index` of the current row; lives until the next call of next().
  [[nodiscard]] sqlite::ValueView value(int index) const { return statement_->view(index); }
  /// Tilde-encoded key values joined by commas; "" when the rows have no key (views).
  [[nodiscard]] std::string row_path() const;
  [[nodiscard]] bool has_key() const { return !options_.key_columns.empty(); }
  [[nodiscard]] const std::vector<int>& key_columns() const { return options_.key_columns; }
  /// Whether labels are looked up for column `index`.
  [[nodiscard]] bool has_labels(int index) const {
    return options_.labels != nullptr &&
           options_.columns[static_cast<std::size_t>(index)].foreign_key != nullptr;
  }
  /// The label of the referred row when column `index` is a foreign key to be expanded, its value
  /// is not NULL and such a row exists; may be NULL itself.
  [[nodiscard]] std::optional<sqlite::Value> label(int index);

  /// After next() gave false: whether a row beyond the page exists.
  [[nodiscard]] bool has_more() const { return has_more_; }
  [[nodiscard]] std::int64_t rows_given() const { return rows_given_; }
  /// Rows read up to the page's last one, that included; more than rows_given() when some were
  /// passed over.
  [[nodiscard]] std::int64_t rows_passed() const { return rows_passed_; }
  /// After next() gave false and has_more(): what the page's LAST row goes on from.
  [[nodiscard]] const std::vector<sqlite::Value>& last_key_values() const {
    return last_key_values_;
  }
  [[nodiscard]] const std::optional<std::int64_t>& last_rowid() const { return last_rowid_; }
  [[nodiscard]] const std::optional<sqlite::Value>& last_sort_value() const {
    return last_sort_value_;
  }

 private:
  /// Steps to the next row that is kept.
  bool step();

  sqlite::CachedStatement statement_;
  Options options_;
  std::int64_t rows_given_ = 0;
  std::int64_t rows_read_ = 0;
  std::int64_t rows_passed_ = 0;
  bool has_more_ = false;
  bool done_ = false;
  std::vector<sqlite::Value> last_key_values_;
  std::optional<std::int64_t> last_rowid_;
  std::optional<sqlite::Value> last_sort_value_;
};

}  // namespace tapedeck::data
