#include "render/delimited_rows.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>

#include "base/utf8.hpp"
#include "base/utf8_sequence.hpp"
#include "data/size_limit.hpp"
#include "sqlite/value.hpp"

namespace tapedeck::render {

namespace {

using base::bytes_equal_to;

struct Csv {
  static constexpr char kSeparator = ',';

  static constexpr bool is_special(char c) {
    return c == ',' || c == '"' || c == '\r' || c == '\n';
  }
  static std::uint64_t special_bytes(std::uint64_t word) {
    return bytes_equal_to(word, ',') | bytes_equal_to(word, '"') | base::control_bytes(word);
  }

  static void append_special(std::string& out, std::string_view text) {
    if (std::ranges::none_of(text, is_special)) return base::append_valid_utf8(out, text);
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

  static constexpr bool is_special(char c) {
    return c == '\t' || c == '\n' || c == '\r' || c == '\\';
  }
  static std::uint64_t special_bytes(std::uint64_t word) {
    return bytes_equal_to(word, '\\') | base::control_bytes(word);
  }

  static void append_special(std::string& out, std::string_view text) {
    while (!text.empty()) {
      const auto stop = std::ranges::find_if(text, is_special);
      const auto plain = static_cast<std::size_t>(stop - text.begin());
      base::append_valid_utf8(out, text.substr(0, plain));
      if (stop == text.end()) return;
      out += '\\';
      out += letter_of(*stop);
      text.remove_prefix(plain + 1);
    }
  }

  static void end_line(std::string& out, bool /*is_single_empty_field*/) { out += '\n'; }

 private:
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

/// Whether `text` is ASCII that means nothing in the dialect: most fields of most files, and quick
/// to find out. False may be a false alarm.
template <class Dialect>
bool is_plain(std::string_view text) {
  constexpr std::size_t kWord = sizeof(std::uint64_t);
  const auto stops = [](const char* bytes) {
    const std::uint64_t word = base::load_word(bytes);
    return (word & base::kHighBits) | Dialect::special_bytes(word);
  };
  if (text.size() < kWord) {
    return std::ranges::none_of(text, [](char c) {
      return Dialect::is_special(c) || static_cast<unsigned char>(c) >= 0x80;
    });
  }
  const char* const last = text.data() + text.size() - kWord;
  for (const char* at = text.data(); at < last; at += kWord) {
    if (stops(at) != 0) return false;
  }
  return stops(last) == 0;
}

template <class Dialect>
void append_field(std::string& out, std::string_view text) {
  if (is_plain<Dialect>(text)) {
    out += text;
  } else {
    Dialect::append_special(out, text);
  }
}

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
      append_field<Dialect>(out, column.name);
      if (column.foreign_key == nullptr) continue;
      out += Dialect::kSeparator;
      append_field<Dialect>(out, column.name + "_label");
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
      if (const auto label = rows.label(i)) {
        append_field<Dialect>(out, sqlite::to_text(sqlite::view_of(*label)));
      }
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
        data::require_within(out.size() + value.bytes.size(), options_.max_bytes);
        append_field<Dialect>(out, value.bytes);
        break;
      case sqlite::ValueType::kBlob: {
        const std::string& column = columns_[static_cast<std::size_t>(index)].name;
        append_field<Dialect>(out, options_.blob_url(rows.row_path(), column, value.bytes));
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
