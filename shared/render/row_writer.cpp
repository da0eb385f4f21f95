#include "render/row_writer.hpp"

#include "data/size_limit.hpp"

namespace tapedeck::render {

void append_rows(std::string& out, data::RowCursor& rows, RowWriter& writer,
                 std::size_t max_bytes) {
  writer.begin(out);
  while (rows.next()) {
    writer.append_row(out, rows);
    data::require_within(out.size(), max_bytes);
  }
  writer.end(out);
}

}  // namespace tapedeck::render
