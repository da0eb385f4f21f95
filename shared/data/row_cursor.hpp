#pragma once

#include <cstdint>
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
  /// `statement` is bound and not yet stepped. At most `page_size` rows are given out; one more is
  /// fetched to learn whether there is a next page. `key_columns` are the indexes (into the result)
  /// of the values that make the row path, in key order; `labels` may be null.
  RowCursor(sqlite::CachedStatement statement, std::vector<ResultColumn> columns,
            std::int64_t page_size, std::vector<int> key_columns, LabelLookup* labels);

  [[nodiscard]] const std::vector<ResultColumn>& columns() const { return columns_; }
  /// Moves to the next row. Throws sqlite::Error, sqlite::Interrupted.
  bool next();
  /// Value of column `index` of the current row; lives until the next call of next().
  [[nodiscard]] sqlite::ValueView value(int index) const;
  /// Tilde-encoded key values joined by commas; "" when the rows have no key (views).
  [[nodiscard]] std::string row_path() const;
  [[nodiscard]] bool has_key() const { return !key_columns_.empty(); }
  [[nodiscard]] const std::vector<int>& key_columns() const { return key_columns_; }
  /// The label of the referred row when column `index` is a foreign key to be expanded, its value
  /// is not NULL and such a row exists.
  [[nodiscard]] std::optional<std::string> label(int index);

  /// After next() gave false: whether a row beyond the page exists.
  [[nodiscard]] bool has_more() const { return has_more_; }
  [[nodiscard]] std::int64_t rows_given() const { return rows_given_; }
  /// After next() gave false and has_more(): values of the page's LAST row, by result column.
  [[nodiscard]] const std::vector<sqlite::Value>& last_row() const { return last_row_; }

 private:
  sqlite::CachedStatement statement_;
  std::vector<ResultColumn> columns_;
  std::int64_t page_size_;
  std::vector<int> key_columns_;
  LabelLookup* labels_;
  std::int64_t rows_given_ = 0;
  bool has_more_ = false;
  bool done_ = false;
  std::vector<sqlite::Value> last_row_;
};

}  // namespace tapedeck::data
