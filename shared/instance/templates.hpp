#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "config/serve_options.hpp"
#include "instance/custom_page.hpp"

namespace ctemplate {
class TemplateDictionary;
}

namespace tapedeck::instance {

/// Where the publisher's own static files lie, for {{%STATIC}} in templates.
struct StaticMounts {
  std::string base_url = "/";
  std::vector<config::StaticMount> mounts{};
};

/// The HTML templates: built-in ones and those of `--template-dir`, parsed once at start.
///
/// Every file is read by us and handed to ctemplate as text with the AUTOESCAPE pragma in front (a
/// file without it would be expanded unescaped without a word). A user's file of a built-in name
/// takes its place, and {{>DEFAULT}} in it stands for the built-in one. The variables of each
/// template are described in docs/templates.md.
class Templates {
 public:
  /// Reads every *.html directly in the two folders and below the user's `pages/`, and hashes the
  /// files below `static_dir` (none when it is empty). Throws config::ConfigError naming file and
  /// line for a template that does not parse, and for `:none` outside the documented prebuilt
  /// values.
  Templates(const std::string& builtin_dir, const std::optional<std::string>& user_dir,
            const std::string& static_dir = {}, const StaticMounts& mounts = {});
  /// What the constructor would throw, for every template of the user's folder.
  [[nodiscard]] static std::vector<std::string> faults_in(
      const std::optional<std::string>& user_dir);
  ~Templates();
  Templates(const Templates&) = delete;
  Templates& operator=(const Templates&) = delete;

  /// Whether a template of that file name exists. "default:index.html" names the built-in one, even
  /// where the user has another.
  [[nodiscard]] bool has(std::string_view name) const;
  /// Whether the user's folder has a template of that file name.
  [[nodiscard]] bool is_users_own(std::string_view name) const;
  /// The first of `candidates` that exists. REQUIRES: one does.
  [[nodiscard]] std::string_view choose(std::span<const std::string> candidates) const;

  /// Fills the dictionary of one template. It is called again for each {{>DEFAULT}}, since an
  /// included dictionary inherits nothing.
  using Filler = std::function<void(ctemplate::TemplateDictionary&)>;

  struct Page {
    /// File names of the page's template, best first.
    std::span<const std::string> candidates;
    /// Called once: values that every template sees (SetTemplateGlobalValue and the like).
    Filler globals;
    /// Called for base.html, extra_head.html, _crumbs.html and _footer.html.
    Filler frame;
    /// Called for the page's own template.
    Filler content;
    /// Instead of the page, the values that its templates are given: one per line, as ctemplate
    /// writes them.
    bool shows_values = false;
  };
  /// Expands the page's template inside the frame base.html and appends the page to `out`, with the
  /// comment that names the candidates at its end. REQUIRES: one of the candidates exists.
  void render(std::string& out, const Page& page) const;
  /// The same without the frame and the comment, for a part alone too; Page::frame is not called.
  void render_alone(std::string& out, const Page& page) const;
  /// For fillers: puts the first existing candidate in the place of {{>`marker`}} of `parent`. A
  /// user's own template gets the first built-in candidate as its DEFAULT.
  void include(ctemplate::TemplateDictionary& parent, const char* marker,
               std::span<const std::string> candidates, const Filler& fill) const;

  /// A page of the user's `pages/` folder and what of the path it has taken.
  struct FoundPage {
    const CustomPage* page;
    PathValues values;
  };
  /// Exact file names first, then those with values in sorted order; nothing for "/".
  [[nodiscard]] std::optional<FoundPage> find_page(std::string_view path) const;

  /// Where a file of the static folder is served, to be put behind base_url:
  /// "-/static/app.css?_hash=0123456789ab" (first digits of its SHA-256). No hash for a file that
  /// was not there at the start.
  [[nodiscard]] std::string asset_url(std::string_view name) const;

  /// Hash over the text of every template and the hashes of the static files, since these stand in
  /// the pages; part of every HTML page's ETag.
  [[nodiscard]] const std::string& digest() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace tapedeck::instance
