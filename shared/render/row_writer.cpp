#include "render/row_writer.hpp"

#include "render/size_limit.hpp"

namespace tapedeck::render {

void append_rows(std::string& out, data::RowCursor& rows, RowWriter& writer,
                 std::size_t max_bytes) {
  writer.begin(out);
  while (rows.next()) {
    writer.append_row(out, rows);
    require_within(out.size(), max_bytes);
  }
  writer.end(out);
}

}  // namespace tapedeck::render
