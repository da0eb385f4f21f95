#include "render/json_text.hpp"

#include <boost/json.hpp>

namespace tapedeck::render {

namespace {

/// JSON nested deeper than this stays text: parsing it would need unbounded stack at the client
/// too.
constexpr std::size_t kMaxDepth = 200;

void new_line(std::string& out, std::size_t depth) {
  out += '\n';
  out.append(2 * depth, ' ');
}

}  // namespace

bool is_json(std::string_view text) {
  boost::json::parse_options options;
  options.max_depth = kMaxDepth;
  boost::system::error_code error;
  boost::json::stream_parser parser({}, options);
  parser.write(text.data(), text.size(), error);
  if (!error) parser.finish(error);
  return !error;
}

std::string compact_json(std::string_view text) {
  std::string out;
  out.reserve(text.size());
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
  return out;
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

}  // namespace tapedeck::render
