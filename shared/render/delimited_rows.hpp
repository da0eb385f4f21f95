#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "render/row_writer.hpp"

/// Rows as lines of fields: CSV (RFC 4180) and TSV.
///
/// Both:    NULL is an empty field, a blob the URL at which it is had, invalid UTF-8 U+FFFD.
/// Labels:  behind each column with a foreign key to be expanded stands a column NAME_label, empty
///          where there is no label.
/// CSV:     lines end in CR LF; a field with a comma, a quote or a line end is quoted; a line of
///          one empty field is "".
/// TSV:     lines end in LF; tab, LF, CR and backslash in a field are \t, \n, \r and \\.
/// Source:  spec/facets-csv-query.md section 2; TSV as IANA's text/tab-separated-values, with the
///          escapes of PostgreSQL's COPY, since that type has no way to say a tab.
namespace tapedeck::render {

struct DelimitedOptions {
  bool header = true;
  BlobUrl blob_url;
  /// Where the rows, or one row of a stream, grow beyond so many bytes, http::RequestError 400 is
  /// thrown.
  std::size_t max_bytes = SIZE_MAX;
};

/// `columns` must outlive the writer.
[[nodiscard]] std::unique_ptr<RowWriter> make_csv_writer(
    const std::vector<data::ResultColumn>& columns, DelimitedOptions options);
[[nodiscard]] std::unique_ptr<RowWriter> make_tsv_writer(
    const std::vector<data::ResultColumn>& columns, DelimitedOptions options);

}  // namespace tapedeck::render
