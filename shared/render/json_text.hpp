#pragma once

#include <string>
#include <string_view>

/// Texts that are JSON, changed without being taken apart: numbers and strings stay as they are
/// written.
namespace tapedeck::render {

/// Whether `text` is valid JSON, not nested too deeply for embedding.
[[nodiscard]] bool is_json(std::string_view text);
/// `text` without the white space between its tokens. REQUIRES: valid JSON.
[[nodiscard]] std::string compact_json(std::string_view text);
/// `text` with two spaces of indent per level. REQUIRES: valid JSON without white space between its
/// tokens.
[[nodiscard]] std::string indented_json(std::string_view text);

}  // namespace tapedeck::render
