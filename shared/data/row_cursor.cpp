#include "data/row_cursor.hpp"

#include <utility>

#include "data/label_lookup.hpp"
#include "data/next_token.hpp"

namespace tapedeck::data {

RowCursor::RowCursor(sqlite::CachedStatement statement, Options options)
    : statement_(std::move(statement)), options_(std::move(options)) {
}

bool RowCursor::next() {
  if (done_) return false;
  if (rows_given_ > 0 && rows_given_ == options_.page_size) {
    // The row in hand is the page's last: what its next token needs goes with the next step.
    for (const int key : options_.key_columns) {
      last_key_values_.push_back(sqlite::to_value(value(key)));
    }
    if (options_.rowid_column) last_rowid_ = value(*options_.rowid_column).integer;
    if (options_.sort_column) last_sort_value_ = sqlite::to_value(value(*options_.sort_column));
  }
  const bool is_beyond_page = rows_given_ == options_.page_size;
  if (!step()) {
    done_ = true;
    return false;
  }
  if (is_beyond_page) {
    done_ = true;
    has_more_ = true;
    statement_->reset();
    return false;
  }
  ++rows_given_;
  rows_passed_ = rows_read_;
  return true;
}

bool RowCursor::step() {
  do {
    if (!statement_->step()) return false;
    ++rows_read_;
  } while (options_.keeps && !options_.keeps(*this));
  return true;
}

std::string RowCursor::row_path() const {
  std::string path;
  for (const int key : options_.key_columns) {
    if (key != options_.key_columns.front()) path += ',';
    append_key_text(path, value(key));
  }
  return path;
}

std::optional<sqlite::Value> RowCursor::label(int index) {
  if (!has_labels(index)) return std::nullopt;
  const sqlite::ValueView view = value(index);
  if (view.is_null()) return std::nullopt;
  const ResultColumn& column = options_.columns[static_cast<std::size_t>(index)];
  return options_.labels->find(*column.foreign_key, view);
}

}  // namespace tapedeck::data
