#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "data/page_metadata.hpp"
#include "data/stream_link.hpp"
#include "instance/extra_assets.hpp"
#include "instance/templates.hpp"

/// The frame of every HTML page, and what all pages fill alike. Values go into the dictionaries as
/// they are: ctemplate escapes them by their place in the template.
namespace tapedeck::render {

/// What stands around a page's content. Paths hold base_url.
struct PageFrame {
  std::string title;
  /// "table db-sample table-books": names through css_class().
  std::string body_class;
  /// Label and path, from the home page down; the page itself is no part of it.
  std::vector<std::pair<std::string, std::string>> crumbs;
  std::string base_url = "/";
  /// File names of the page's template, best first. REQUIRES: one exists.
  std::vector<std::string> template_candidates;
  /// License, source and about of the footer; may be null.
  const data::PageMetadata* footer_metadata = nullptr;
  /// Absolute or root-relative; "" leaves the link out.
  std::string alternate_json_url;
  bool noindex = false;
  /// Milliseconds spent in SQL, asked after the content was made; empty: not shown.
  std::function<double()> query_ms;
  std::string version;
  /// `_context=1`: instead of the page, what its templates are given, as JSON.
  bool shows_context = false;
  /// What the page shows is not for everybody: marked beside its heading.
  bool is_private = false;
  /// Who is signed in, as he is called; "" for nobody.
  std::string actor;
  /// Label and path of the tools in the header's menu; without any there is no menu.
  std::vector<std::pair<std::string, std::string>> tools;
  /// Messages to be shown once: "info", "warning" or "error", and the text.
  std::vector<std::pair<std::string_view, std::string>> messages;
  /// What the configuration adds; may be null.
  const instance::ExtraAssets* extra_assets = nullptr;
};

/// The whole page: `content` fills the first existing template of the candidates, inside the frame.
/// `prebuilt_size` is how long the prebuilt values among it are, so that a long page is not copied
/// again and again while it grows.
[[nodiscard]] std::string page_html(const instance::Templates& templates, const PageFrame& frame,
                                    const instance::Templates::Filler& content,
                                    std::size_t prebuilt_size = 0);

/// The first existing template of the candidates alone, without frame; as escaped as any.
[[nodiscard]] std::string unframed_html(const instance::Templates& templates,
                                        const PageFrame& frame,
                                        const instance::Templates::Filler& content);

/// {{NAME}} becomes `value`, with U+FFFD for what is no UTF-8.
void set_value(ctemplate::TemplateDictionary& dictionary, std::string_view name,
               std::string_view value);
/// The same, and {{#IF_NAME}} is shown when `value` is not empty.
void set_optional(ctemplate::TemplateDictionary& dictionary, std::string_view name,
                  std::string_view value);
/// Shows {{#NAME}} when `condition` holds.
void show_if(ctemplate::TemplateDictionary& dictionary, const char* name, bool condition);

/// {{>DESCRIPTION_SOURCE_LICENSE}}: the block under a heading.
void include_description(const instance::Templates& templates,
                         ctemplate::TemplateDictionary& dictionary,
                         const data::PageMetadata& metadata);

/// {{#IF_STREAMS}} and a {{#STREAM}} for each link.
void fill_streams(ctemplate::TemplateDictionary& dictionary,
                  const std::vector<data::StreamLink>& links);

/// "1 row", "1,234 rows".
[[nodiscard]] std::string count_of(std::int64_t count, std::string_view singular,
                                   std::string_view plural);
/// The same for a count that may have stopped at its limit (">10,000 rows") or run out of time
/// ("Many rows").
[[nodiscard]] std::string rows_text(std::optional<std::int64_t> count, bool truncated);

}  // namespace tapedeck::render
