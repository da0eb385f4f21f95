#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace tapedeck::instance {

/// A template file, checked and ready for ctemplate.
struct TemplateSource {
  /// The text with the one AUTOESCAPE pragma in front, on the first line, so that lines keep their
  /// numbers.
  std::string text;
  /// Whether {{>DEFAULT}} stands in it.
  bool uses_default = false;
};

/// The address of a file to be written into a page: file name, mount ("" when not said). Nothing
/// when there is no such file.
using StaticUrl =
    std::function<std::optional<std::string>(std::string_view file, std::string_view mount)>;

/// Looks at every {{marker}} of `text`. ctemplate finds most mistakes itself but names no line, and
/// some it takes in silence. Refused with config::ConfigError ("FILE line N: …"): markers that do
/// not end, names that are none, sections that do not close, other delimiters, pragmas other than
/// AUTOESCAPE for HTML, `:none` for anything but the prebuilt values, bytes that are no UTF-8.
///
/// {{%STATIC "file.css"}} and {{%STATIC "file.css" mount="assets"}} are replaced by the address
/// that `static_url` gives; refused when it gives none. Without `static_url` only their form is
/// looked at.
[[nodiscard]] TemplateSource check_template(std::string_view file, std::string_view text,
                                            const StaticUrl& static_url = {});

/// Values that our own writers have escaped already, the only ones for which `:none` is right:
/// those listed in docs/templates.md and every HTML_column.
[[nodiscard]] bool is_prebuilt_value(std::string_view name);

/// Lets ctemplate parse the checked text; throws config::ConfigError with its words and the line.
void parse_or_throw(std::string_view file, const TemplateSource& source);

}  // namespace tapedeck::instance
