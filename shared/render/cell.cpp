#include "render/cell.hpp"

#include <algorithm>
#include <cstdint>

#include "base/digest.hpp"
#include "base/escape.hpp"
#include "base/text.hpp"
#include "base/utf8.hpp"
#include "http/percent.hpp"
#include "http/tilde.hpp"

namespace tapedeck::render {
namespace {

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool is_class_character(char c) {
  return is_letter(c) || (c >= '0' && c <= '9') || c == '_' || c == '-';
}
bool is_space(char c) {
  return c == ' ' || (c >= '\t' && c <= '\r');
}

/// One URL of the two schemes that are safe to follow, with nothing around it.
bool is_web_url(std::string_view text) {
  constexpr std::size_t kLongestUrl = std::size_t{64} * 1024;  // more than any server takes
  if (text.size() > kLongestUrl) return false;
  if (!text.starts_with("http://") && !text.starts_with("https://")) return false;
  return std::ranges::none_of(text, [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte <= 0x20U || byte == 0x7FU;
  });
}

/// Valid UTF-8 cut to `limit` code points; whether something was cut off.
bool cut(std::string_view& text, std::size_t limit) {
  // A text with fewer bytes than code points allowed needs no counting.
  if (limit == 0 || text.size() <= limit) return false;
  const std::string_view head = base::first_code_points(text, limit);
  const bool shorter = head.size() < text.size();
  text = head;
  return shorter;
}

/// The text of a link: "https://example.com/a/very-lo….png".
void append_short_url(std::string& out, std::string_view url, std::size_t limit) {
  constexpr std::size_t kLongestExtension = 4;
  std::string_view head = url;
  if (!cut(head, limit)) {
    base::append_html(out, url);
    return;
  }
  const std::size_t dot = url.rfind('.');
  std::string_view extension;
  if (dot != std::string_view::npos) {
    const std::string_view tail = url.substr(dot + 1);
    const std::size_t length = base::count_code_points(tail);
    if (length >= 1 && length <= kLongestExtension && tail.find('/') == std::string_view::npos) {
      extension = tail;
    }
  }
  const std::size_t taken = 1 + base::count_code_points(extension);
  base::append_html(out, base::first_code_points(url, limit > taken ? limit - taken : 0));
  out += "…";
  if (!extension.empty()) {
    out += '.';
    base::append_html(out, extension);
  }
}

void append_text_cell(std::string& out, std::string_view text, std::size_t limit) {
  constexpr std::size_t kMostBytesPerCodePoint = 4;
  std::string repaired;
  const std::string_view trimmed = base::trim(text);
  if (is_web_url(trimmed)) {
    const std::string_view url = base::as_valid_utf8(trimmed, repaired);
    out += "<a href=\"";
    base::append_html(out, url);
    out += "\" rel=\"nofollow noopener\">";
    append_short_url(out, url, limit);
    out += "</a>";
    return;
  }
  // One code point more than is shown tells that there is more.
  if (limit > 0) text = text.substr(0, kMostBytesPerCodePoint * (limit + 1));
  text = base::as_valid_utf8(text, repaired);
  const bool shorter = cut(text, limit);
  base::append_html(out, text);
  if (shorter) out += "…";
}

void append_blob_cell(std::string& out, std::string_view bytes, const CellContext& context) {
  constexpr std::size_t kFirstSizeInKilobytes = 1024;
  const auto size = static_cast<std::int64_t>(bytes.size());
  const bool linked = !context.row_path.empty() || !context.blob_path.empty();
  if (linked) {
    out += "<a class=\"blob-download\" href=\"";
    if (context.row_path.empty()) {
      base::append_html(out, context.blob_path);
    } else {
      base::append_html(out, context.row_path);
      out += ".blob?_blob_column=";
      base::append_html(out, http::form_encode(context.column));
    }
    if (bytes.size() >= kFirstSizeInKilobytes) {
      out += "\" title=\"";
      out += base::format_bytes(size);
    }
    out += "\">";
  }
  out += "&lt;Binary:&nbsp;";
  out += base::with_thousands_commas(size);
  out += size == 1 ? "&nbsp;byte&gt;" : "&nbsp;bytes&gt;";
  if (linked) out += "</a>";
}

void append_foreign_key_cell(std::string& out, const sqlite::ValueView& value,
                             const CellContext& context) {
  const std::string id = sqlite::to_text(value);
  std::string target(context.foreign_table_path);
  if (target.ends_with('=')) {
    target += http::form_encode(id);
  } else {
    http::append_tilde(target, id);
  }
  out += "<a href=\"";
  base::append_html(out, target);
  out += "\">";
  const std::string label = base::to_valid_utf8(*context.label);
  std::string_view shown = label.empty() ? std::string_view("-") : std::string_view(label);
  const bool shorter = cut(shown, context.truncate_cells);
  base::append_html(out, shown);
  if (shorter) out += "…";
  out += "</a>";
  if (label == id) return;
  out += "&nbsp;<em>";
  std::string_view shown_id = id;
  const bool shorter_id = cut(shown_id, context.truncate_cells);
  base::append_html(out, shown_id);
  if (shorter_id) out += "…";
  out += "</em>";
}

}  // namespace

void append_cell_html(std::string& out, const sqlite::ValueView& value,
                      const CellContext& context) {
  using enum sqlite::ValueType;
  if (value.type == kBlob) {
    append_blob_cell(out, value.bytes, context);
  } else if (value.is_null() || (value.type == kText && value.bytes.empty())) {
    out += "&nbsp;";
  } else if (context.label) {
    append_foreign_key_cell(out, value, context);
  } else if (value.type == kText) {
    append_text_cell(out, value.bytes, context.truncate_cells);
  } else {
    sqlite::append_text(out, value);  // digits, signs and letters: nothing to escape
  }
}

std::string_view cell_type(const sqlite::ValueView& value) {
  switch (value.type) {
    case sqlite::ValueType::kInteger:
      return "int";
    case sqlite::ValueType::kFloat:
      return "float";
    case sqlite::ValueType::kText:
      return "str";
    case sqlite::ValueType::kBlob:
      return "bytes";
    case sqlite::ValueType::kNull:
      break;
  }
  return "none";
}

std::string css_class(std::string_view name) {
  constexpr std::size_t kHashDigits = 6;
  if (!name.empty() && is_letter(name.front()) && std::ranges::all_of(name, is_class_character)) {
    return std::string(name);
  }
  std::string_view rest = name;
  for (const char mark : {'_', '-'}) {
    while (rest.starts_with(mark)) rest.remove_prefix(1);
  }
  std::string out;
  bool in_space = false;
  for (const char c : base::trim(rest)) {
    if (is_space(c)) {
      if (!in_space) out += '-';
    } else if (is_class_character(c)) {
      out += c;
    }
    in_space = is_space(c);
  }
  if (!out.empty()) out += '-';
  out += base::md5_hex(name).substr(0, kHashDigits);
  return out;
}

}  // namespace tapedeck::render
