#include "render/csv_rows.hpp"

#include "base/utf8.hpp"
#include "render/size_limit.hpp"
#include "sqlite/value.hpp"

namespace tapedeck::render {

namespace {

constexpr std::string_view kLineEnd = "\r\n";

bool needs_quotes(std::string_view text) {
  return text.find_first_of(",\"\r\n") != std::string_view::npos;
}

/// A record of one empty field has to be told from no record.
void end_record(std::string& out, std::size_t start, std::size_t fields) {
  if (fields == 1 && out.size() == start) out += "\"\"";
  out += kLineEnd;
}

void append_value(std::string& out, const data::RowCursor& cursor, int index,
                  const CsvOptions& options) {
  const sqlite::ValueView value = cursor.value(index);
  switch (value.type) {
    case sqlite::ValueType::kText:
      append_csv_field(out, value.bytes);
      break;
    case sqlite::ValueType::kBlob: {
      const std::string& column = cursor.columns()[static_cast<std::size_t>(index)].name;
      append_csv_field(out, options.blob_url(cursor.row_path(), column, value.bytes));
      break;
    }
    default:
      sqlite::append_text(out, value);
  }
}

}  // namespace

void append_csv_field(std::string& out, std::string_view text) {
  if (!needs_quotes(text)) {
    base::append_valid_utf8(out, text);
    return;
  }
  out += '"';
  std::size_t start = 0;
  for (std::size_t quote = text.find('"'); quote != std::string_view::npos;
       quote = text.find('"', start)) {
    base::append_valid_utf8(out, text.substr(start, quote - start));
    out += "\"\"";
    start = quote + 1;
  }
  base::append_valid_utf8(out, text.substr(start));
  out += '"';
}

void append_csv_rows(std::string& out, data::RowCursor& cursor, const CsvOptions& options,
                     const std::function<void(std::string&)>& flush) {
  const std::vector<data::ResultColumn>& columns = cursor.columns();
  const int count = static_cast<int>(columns.size());
  if (options.header) {
    const std::size_t start = out.size();
    for (int i = 0; i < count; ++i) {
      if (i > 0) out += ',';
      append_csv_field(out, columns[static_cast<std::size_t>(i)].name);
    }
    end_record(out, start, columns.size());
  }
  while (cursor.next()) {
    const std::size_t start = out.size();
    for (int i = 0; i < count; ++i) {
      if (i > 0) out += ',';
      append_value(out, cursor, i, options);
    }
    end_record(out, start, columns.size());
    if (flush) flush(out);
    require_within(out.size(), options.max_bytes);
  }
  if (flush) flush(out);
}

}  // namespace tapedeck::render
