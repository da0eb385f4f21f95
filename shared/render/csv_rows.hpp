#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "data/row_cursor.hpp"

/// Rows as CSV (RFC 4180), straight from SQLite into the output. Source: spec/facets-csv-query.md
/// section 2.
namespace tapedeck::render {

struct CsvOptions {
  bool header = true;
  /// Gives the absolute URL at which a blob of the current row is had.
  std::function<std::string(const std::string& row_path, const std::string& column,
                            std::string_view bytes)>
      blob_url;
  /// Where what is kept in memory grows beyond so many bytes, http::RequestError 400 is thrown.
  std::size_t max_bytes = SIZE_MAX;
};

/// Appends a field, quoted only where it holds a comma, a quote or a line end.
void append_csv_field(std::string& out, std::string_view text);

/// Writes a header and rows. `flush` is called after each row with what has been written so far and
/// may take it away; pages that are built whole pass none.
void append_csv_rows(std::string& out, data::RowCursor& cursor, const CsvOptions& options,
                     const std::function<void(std::string&)>& flush = {});

}  // namespace tapedeck::render
