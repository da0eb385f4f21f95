#include "render/json_text.hpp"

#include <boost/json/basic_parser_impl.hpp>

#include "base/json.hpp"

namespace tapedeck::render {

namespace {

/// JSON nested deeper than this stays text: parsing it would need unbounded stack at the client
/// too.
constexpr std::size_t kMaxDepth = 200;

void new_line(std::string& out, std::size_t depth) {
  out += '\n';
  out.append(2 * depth, ' ');
}

/// Takes what the parser finds and keeps nothing of it. The names are Boost.JSON's.
struct Nothing {
  // NOLINTBEGIN(readability-identifier-naming)
  static constexpr std::size_t max_object_size = std::size_t(-1);
  static constexpr std::size_t max_array_size = std::size_t(-1);
  static constexpr std::size_t max_key_size = std::size_t(-1);
  static constexpr std::size_t max_string_size = std::size_t(-1);
  // NOLINTEND(readability-identifier-naming)

  using Code = boost::system::error_code;
  using View = boost::json::string_view;
  static bool on_document_begin(Code& /*error*/) { return true; }
  static bool on_document_end(Code& /*error*/) { return true; }
  static bool on_object_begin(Code& /*error*/) { return true; }
  static bool on_object_end(std::size_t /*size*/, Code& /*error*/) { return true; }
  static bool on_array_begin(Code& /*error*/) { return true; }
  static bool on_array_end(std::size_t /*size*/, Code& /*error*/) { return true; }
  static bool on_key_part(View /*part*/, std::size_t /*size*/, Code& /*error*/) { return true; }
  static bool on_key(View /*part*/, std::size_t /*size*/, Code& /*error*/) { return true; }
  static bool on_string_part(View /*part*/, std::size_t /*size*/, Code& /*error*/) { return true; }
  static bool on_string(View /*part*/, std::size_t /*size*/, Code& /*error*/) { return true; }
  static bool on_number_part(View /*part*/, Code& /*error*/) { return true; }
  static bool on_int64(std::int64_t /*number*/, View /*text*/, Code& /*error*/) { return true; }
  static bool on_uint64(std::uint64_t /*number*/, View /*text*/, Code& /*error*/) { return true; }
  static bool on_double(double /*number*/, View /*text*/, Code& /*error*/) { return true; }
  static bool on_bool(bool /*value*/, Code& /*error*/) { return true; }
  static bool on_null(Code& /*error*/) { return true; }
  static bool on_comment_part(View /*part*/, Code& /*error*/) { return true; }
  static bool on_comment(View /*part*/, Code& /*error*/) { return true; }
};

}  // namespace

bool is_json(std::string_view text) {
  boost::json::parse_options options;
  options.max_depth = kMaxDepth;
  boost::system::error_code error;
  boost::json::basic_parser<Nothing> parser(options);
  const std::size_t read = parser.write_some(/*more=*/false, text.data(), text.size(), error);
  return !error && read == text.size();
}

std::string compact_json(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  append_compact_json(out, text);
  return out;
}

void append_compact_json(std::string& out, std::string_view text) {
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string) {
      out += c;
      if (c == '\\' && i + 1 < text.size()) {
        out += text[++i];
      } else if (c == '"') {
        in_string = false;
      }
    } else if (c != ' ' && c != '\t' && c != '\n' && c != '\r') {
      out += c;
      in_string = c == '"';
    }
  }
}

std::string indented_json(std::string_view text, std::size_t max_bytes) {
  std::string out;
  std::size_t depth = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (out.size() > max_bytes) return std::string(text);
    const char c = text[i];
    if (in_string) {
      out += c;
      if (c == '\\' && i + 1 < text.size()) {
        out += text[++i];
      } else if (c == '"') {
        in_string = false;
      }
      continue;
    }
    const bool is_empty = i + 1 < text.size() && (text[i + 1] == ']' || text[i + 1] == '}');
    if ((c == '[' || c == '{') && is_empty) {
      out += c;
      out += text[++i];
    } else if (c == '[' || c == '{') {
      out += c;
      new_line(out, ++depth);
    } else if (c == ']' || c == '}') {
      new_line(out, --depth);
      out += c;
    } else if (c == ',') {
      out += c;
      new_line(out, depth);
    } else {
      in_string = c == '"';
      out += c;
      if (c == ':') out += ' ';
    }
  }
  return out;
}

std::string pretty_json(const boost::json::value& document) {
  return indented_json(base::to_json(document));
}

}  // namespace tapedeck::render
