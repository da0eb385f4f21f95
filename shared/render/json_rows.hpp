#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "data/row_cursor.hpp"
#include "render/row_writer.hpp"
#include "sqlite/value.hpp"

/// Rows as JSON, straight from SQLite into the output. Source: spec/table-json.md sections 1-3.
namespace tapedeck::render {

enum class JsonShape {
  kObjects,     ///< a document with row objects
  kArrays,      ///< a document with row arrays
  kArray,       ///< a bare array of row objects
  kArrayFirst,  ///< a bare array of each row's first value
  kObject,      ///< an object keyed by row path
};

class TypedCells;

/// `_shape`. Error: "Invalid _shape: X".
[[nodiscard]] base::Result<JsonShape> parse_shape(std::string_view text);

struct JsonRowOptions {
  JsonShape shape = JsonShape::kObjects;
  /// Bare tokens Infinity and -Infinity instead of null.
  bool keep_infinity = false;
  /// One row per line instead of a list (kArray only).
  bool lines = false;
  /// Row arrays hold every column, also of two with one name (queries); objects never do.
  bool keeps_duplicates = false;
  /// Where the rows, or one row of a stream, grow beyond so many bytes, http::RequestError 400 is
  /// thrown.
  std::size_t max_bytes = SIZE_MAX;
  /// Columns whose text is embedded as JSON where it is valid JSON.
  std::vector<std::string> json_columns;
  /// Indexes of columns that are not written.
  std::vector<int> left_out;
  /// Gets each row as well, and counts against max_bytes; may be null.
  TypedCells* typed_cells = nullptr;
};

/// Appends one value. Blobs are {"$base64": true, "encoded": …}. Throws http::RequestError 400
/// where `out` grows beyond `max_bytes`.
void append_json_value(std::string& out, const sqlite::ValueView& value, bool keep_infinity,
                       std::size_t max_bytes = SIZE_MAX);
/// Appends the rows of `cursor` in their shape: a list, an object, or lines. A foreign key whose
/// label the cursor finds is {"value", "label"}.
void append_json_rows(std::string& out, data::RowCursor& cursor, const JsonRowOptions& options);
/// Rows as JSON objects, each with `behind` after it; a line end makes NDJSON of them. `columns`
/// must outlive the writer.
[[nodiscard]] std::unique_ptr<RowWriter> make_object_writer(
    const std::vector<data::ResultColumn>& columns, JsonRowOptions options, std::string behind);

}  // namespace tapedeck::render
