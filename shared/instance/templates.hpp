#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace ctemplate {
class TemplateDictionary;
}

namespace tapedeck::instance {

/// The HTML templates: built-in ones and those of `--template-dir`, parsed once at start.
///
/// Every file is read by us and handed to ctemplate as text with the AUTOESCAPE pragma in front (a
/// file without it would be expanded unescaped without a word). A user's file of a built-in name
/// takes its place, and {{>DEFAULT}} in it stands for the built-in one.
class Templates {
 public:
  /// Throws config::ConfigError naming file and line for a template that does not parse, or for
  /// `:none` in a user's file outside the documented prebuilt values.
  Templates(const std::string& builtin_dir, const std::optional<std::string>& user_dir);
  ~Templates();
  Templates(const Templates&) = delete;
  Templates& operator=(const Templates&) = delete;

  /// Whether a template of that file name exists.
  [[nodiscard]] bool has(std::string_view name) const;
  /// The first of `candidates` that exists. REQUIRES: one does.
  [[nodiscard]] std::string_view choose(std::span<const std::string> candidates) const;

  /// Fills the dictionary of one template. It is called again for each {{>DEFAULT}}, since an
  /// included dictionary inherits nothing.
  using Filler = std::function<void(ctemplate::TemplateDictionary&)>;
  /// Expands the page template `name` inside the frame base.html (extra_head.html, CONTENT,
  /// _footer.html) and appends the page to `out`.
  void render(std::string& out, std::string_view name, const Filler& fill) const;

  /// Hash over the text of every template; part of every HTML page's ETag.
  [[nodiscard]] const std::string& digest() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace tapedeck::instance
