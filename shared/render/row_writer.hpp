#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "data/row_cursor.hpp"

namespace tapedeck::render {

/// Writes a result row by row in one format, straight from SQLite into the output: what pages that
/// are built whole and streams of any length have in common.
class RowWriter {
 public:
  virtual ~RowWriter() = default;
  RowWriter() = default;
  RowWriter(const RowWriter&) = delete;
  RowWriter& operator=(const RowWriter&) = delete;

  /// Appends what stands before the first row.
  virtual void begin(std::string& out) = 0;
  /// Appends the row that `rows` is at.
  virtual void append_row(std::string& out, data::RowCursor& rows) = 0;
  /// Appends what stands behind the last row.
  virtual void end(std::string& out) = 0;
};

/// Gives the URL at which a blob of the current row is had.
using BlobUrl = std::function<std::string(const std::string& row_path, const std::string& column,
                                          std::string_view bytes)>;

/// Appends all rows of `rows`. Where they grow beyond `max_bytes`, http::RequestError 400 is
/// thrown.
void append_rows(std::string& out, data::RowCursor& rows, RowWriter& writer,
                 std::size_t max_bytes = SIZE_MAX);

}  // namespace tapedeck::render
