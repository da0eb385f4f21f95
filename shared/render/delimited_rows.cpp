#include "render/delimited_rows.hpp"

#include <optional>
#include <utility>

#include "base/utf8.hpp"
#include "sqlite/value.hpp"

namespace tapedeck::render {

namespace {

struct Csv {
  static constexpr char kSeparator = ',';

  static void append_field(std::string& out, std::string_view text) {
    if (text.find_first_of(",\"\r\n") == std::string_view::npos) {
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

  /// A line of one empty field has to be told from an empty line.
  static void end_line(std::string& out, bool is_single_empty_field) {
    if (is_single_empty_field) out += "\"\"";
    out += "\r\n";
  }
};

struct Tsv {
  static constexpr char kSeparator = '\t';

  static void append_field(std::string& out, std::string_view text) {
    std::size_t start = 0;
    for (std::size_t stop = text.find_first_of(kEscaped); stop != std::string_view::npos;
         stop = text.find_first_of(kEscaped, start)) {
      base::append_valid_utf8(out, text.substr(start, stop - start));
      out += '\\';
      out += letter_of(text[stop]);
      start = stop + 1;
    }
    base::append_valid_utf8(out, text.substr(start));
  }

  static void end_line(std::string& out, bool /*is_single_empty_field*/) { out += '\n'; }

 private:
  static constexpr std::string_view kEscaped = "\t\n\r\\";

  static char letter_of(char escaped) {
    switch (escaped) {
      case '\t':
        return 't';
      case '\n':
        return 'n';
      case '\r':
        return 'r';
      default:
        return '\\';
    }
  }
};

template <class Dialect>
class DelimitedWriter final : public RowWriter {
 public:
  DelimitedWriter(const std::vector<data::ResultColumn>& columns, DelimitedOptions options)
      : columns_(columns), options_(std::move(options)) {
    fields_ = columns.size();
    for (const data::ResultColumn& column : columns) {
      if (column.foreign_key != nullptr) ++fields_;
    }
  }

  void begin(std::string& out) override {
    if (!options_.header) return;
    const std::size_t start = out.size();
    bool is_first = true;
    for (const data::ResultColumn& column : columns_) {
      if (!is_first) out += Dialect::kSeparator;
      is_first = false;
      Dialect::append_field(out, column.name);
      if (column.foreign_key == nullptr) continue;
      out += Dialect::kSeparator;
      Dialect::append_field(out, column.name + "_label");
    }
    end_line(out, start);
  }

  void append_row(std::string& out, data::RowCursor& rows) override {
    const std::size_t start = out.size();
    const int count = static_cast<int>(columns_.size());
    for (int i = 0; i < count; ++i) {
      if (i > 0) out += Dialect::kSeparator;
      append_value(out, rows, i);
      if (columns_[static_cast<std::size_t>(i)].foreign_key == nullptr) continue;
      out += Dialect::kSeparator;
      if (const auto label = rows.label(i)) Dialect::append_field(out, *label);
    }
    end_line(out, start);
  }

  void end(std::string& /*out*/) override {}

 private:
  void end_line(std::string& out, std::size_t start) const {
    Dialect::end_line(out, fields_ == 1 && out.size() == start);
  }

  void append_value(std::string& out, const data::RowCursor& rows, int index) const {
    const sqlite::ValueView value = rows.value(index);
    switch (value.type) {
      case sqlite::ValueType::kText:
        Dialect::append_field(out, value.bytes);
        break;
      case sqlite::ValueType::kBlob: {
        const std::string& column = columns_[static_cast<std::size_t>(index)].name;
        Dialect::append_field(out, options_.blob_url(rows.row_path(), column, value.bytes));
        break;
      }
      default:
        sqlite::append_text(out, value);
    }
  }

  const std::vector<data::ResultColumn>& columns_;
  DelimitedOptions options_;
  /// With the labels.
  std::size_t fields_ = 0;
};

}  // namespace

std::unique_ptr<RowWriter> make_csv_writer(const std::vector<data::ResultColumn>& columns,
                                           DelimitedOptions options) {
  return std::make_unique<DelimitedWriter<Csv>>(columns, std::move(options));
}

std::unique_ptr<RowWriter> make_tsv_writer(const std::vector<data::ResultColumn>& columns,
                                           DelimitedOptions options) {
  return std::make_unique<DelimitedWriter<Tsv>>(columns, std::move(options));
}

}  // namespace tapedeck::render
