#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <boost/json.hpp>

/// Texts that are JSON, changed without being taken apart: numbers and strings stay as they are
/// written.
namespace tapedeck::render {

/// Whether `text` is valid JSON, not nested too deeply for embedding.
[[nodiscard]] bool is_json(std::string_view text);
/// `text` without the white space between its tokens. REQUIRES: valid JSON.
[[nodiscard]] std::string compact_json(std::string_view text);
void append_compact_json(std::string& out, std::string_view text);
/// `text` with two spaces of indent per level; as it is where that would be more than `max_bytes`.
/// REQUIRES: valid JSON without white space between its tokens.
[[nodiscard]] std::string indented_json(std::string_view text, std::size_t max_bytes = SIZE_MAX);
/// `document` indented by two spaces, for people.
[[nodiscard]] std::string pretty_json(const boost::json::value& document);

}  // namespace tapedeck::render
