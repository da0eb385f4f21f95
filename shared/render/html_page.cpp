#include "render/html_page.hpp"

#include <array>
#include <charconv>
#include <cstdint>
#include <optional>

#include <boost/json.hpp>
#include <ctemplate/template_dictionary.h>

#include "base/escape.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "base/utf8.hpp"

namespace tapedeck::render {
namespace {

using ctemplate::TemplateDictionary;
using ctemplate::TemplateString;

TemplateString template_string(std::string_view text) {
  return {text.data(), text.size()};
}

void set_global(TemplateDictionary& root, std::string_view name, std::string_view value) {
  std::string repaired;
  root.SetTemplateGlobalValue(template_string(name),
                              template_string(base::as_valid_utf8(value, repaired)));
}

void set_global_optional(TemplateDictionary& root, std::string_view name, std::string_view value) {
  set_global(root, name, value);
  if (!value.empty()) {
    const std::string section = "IF_" + std::string(name);
    root.ShowTemplateGlobalSection(template_string(section));
  }
}

/// "12.3": milliseconds with one decimal.
std::string milliseconds_text(double milliseconds) {
  std::array<char, 32> digits{};
  const auto [end, error] = std::to_chars(digits.data(), digits.data() + digits.size(),
                                          milliseconds, std::chars_format::fixed, 1);
  return error == std::errc() ? std::string(digits.data(), end) : std::string();
}

void fill_globals(const instance::Templates& templates, const PageFrame& frame,
                  TemplateDictionary& root) {
  set_global(root, "BASE_URL", frame.base_url);
  set_global(root, "TITLE", frame.title);
  set_global(root, "BODY_CLASS", frame.body_class);
  set_global(root, "VERSION", frame.version);
  set_global(root, "APP_CSS_URL", frame.base_url + templates.asset_url("app.css"));
  set_global(root, "FAVICON_URL", frame.base_url + templates.asset_url("favicon.png"));
  set_global_optional(root, "ALTERNATE_JSON_URL", frame.alternate_json_url);
  set_global_optional(root, "ACTOR", frame.actor);
  if (frame.is_private) root.ShowTemplateGlobalSection("IF_PRIVATE");
  if (frame.noindex) root.ShowTemplateGlobalSection("IF_NOINDEX");
  if (frame.query_ms) {
    set_global_optional(root, "QUERY_MS", milliseconds_text(frame.query_ms()));
  }
  if (frame.footer_metadata != nullptr) {
    const data::PageMetadata& metadata = *frame.footer_metadata;
    const std::string& license = metadata.license;
    const std::string& source = metadata.source;
    const std::string& about = metadata.about;
    set_global_optional(root, "LICENSE", license.empty() ? metadata.license_url : license);
    set_global_optional(root, "LICENSE_URL", metadata.license_url);
    set_global_optional(root, "SOURCE", source.empty() ? metadata.source_url : source);
    set_global_optional(root, "SOURCE_URL", metadata.source_url);
    set_global_optional(root, "ABOUT", about.empty() ? metadata.about_url : about);
    set_global_optional(root, "ABOUT_URL", metadata.about_url);
  }
}

void fill_frame(const PageFrame& frame, TemplateDictionary& dictionary) {
  for (const auto& [label, path] : frame.crumbs) {
    TemplateDictionary& crumb = *dictionary.AddSectionDictionary("CRUMB");
    set_value(crumb, "LABEL", label);
    set_value(crumb, "PATH", path);
  }
  show_if(dictionary, "IF_TOOLS", !frame.tools.empty());
  for (const auto& [label, path] : frame.tools) {
    TemplateDictionary& tool = *dictionary.AddSectionDictionary("TOOL");
    set_value(tool, "LABEL", label);
    set_value(tool, "PATH", path);
  }
  for (const auto& [kind, text] : frame.messages) {
    TemplateDictionary& message = *dictionary.AddSectionDictionary("MESSAGE");
    set_value(message, "MESSAGE_CLASS", kind);
    set_value(message, "MESSAGE_TEXT", text);
  }
  if (frame.extra_assets == nullptr) return;
  for (const instance::LinkedAsset& asset : frame.extra_assets->css) {
    TemplateDictionary& link = *dictionary.AddSectionDictionary("EXTRA_CSS");
    set_value(link, "URL", asset.url);
    set_optional(link, "INTEGRITY", asset.integrity);
  }
  for (const instance::LinkedAsset& asset : frame.extra_assets->js) {
    TemplateDictionary& script = *dictionary.AddSectionDictionary("EXTRA_JS");
    set_value(script, "URL", asset.url);
    set_optional(script, "INTEGRITY", asset.integrity);
    show_if(script, "IF_MODULE", asset.module);
  }
}

}  // namespace

namespace {

/// {"templates": [candidates], "values": [lines]} for people who write templates.
std::string context_html(const PageFrame& frame, const std::string& values) {
  boost::json::array templates(frame.template_candidates.begin(), frame.template_candidates.end());
  std::string json = R"({"templates":)" + base::to_json(templates) + R"(,"values":[)";
  for (const std::string_view line : base::split(values, '\n')) {
    if (json.back() != '[') json += ',';
    json += "\n  ";
    base::append_json_string(json, line);
  }
  return "<!DOCTYPE html>\n<title>Template context</title>\n<pre>" +
         base::escape_html(json + "\n]}") + "</pre>\n";
}

}  // namespace

std::string page_html(const instance::Templates& templates, const PageFrame& frame,
                      const instance::Templates::Filler& content, std::size_t prebuilt_size) {
  constexpr std::size_t kUsualFrame = std::size_t{24} * 1024;
  std::string out;
  out.reserve(kUsualFrame + prebuilt_size);
  templates.render(
      out, {.candidates = frame.template_candidates,
            .globals = [&](TemplateDictionary& root) { fill_globals(templates, frame, root); },
            .frame = [&](TemplateDictionary& part) { fill_frame(frame, part); },
            .content = content,
            .shows_values = frame.shows_context});
  return frame.shows_context ? context_html(frame, out) : out;
}

std::string unframed_html(const instance::Templates& templates, const PageFrame& frame,
                          const instance::Templates::Filler& content) {
  std::string out;
  templates.render_alone(
      out, {.candidates = frame.template_candidates,
            .globals = [&](TemplateDictionary& root) { fill_globals(templates, frame, root); },
            .frame = {},
            .content = content});
  return out;
}

void set_value(TemplateDictionary& dictionary, std::string_view name, std::string_view value) {
  std::string repaired;
  dictionary.SetValue(template_string(name), template_string(base::as_valid_utf8(value, repaired)));
}

void set_optional(TemplateDictionary& dictionary, std::string_view name, std::string_view value) {
  set_value(dictionary, name, value);
  if (!value.empty()) {
    const std::string section = "IF_" + std::string(name);
    dictionary.ShowSection(template_string(section));
  }
}

void show_if(TemplateDictionary& dictionary, const char* name, bool condition) {
  if (condition) dictionary.ShowSection(name);
}

void include_description(const instance::Templates& templates, TemplateDictionary& dictionary,
                         const data::PageMetadata& metadata) {
  const std::string candidates[] = {"_description_source_license.html"};
  templates.include(
      dictionary, "DESCRIPTION_SOURCE_LICENSE", candidates, [&](TemplateDictionary& block) {
        set_optional(block, "DESCRIPTION_HTML", metadata.description_html);
        set_optional(block, "DESCRIPTION",
                     metadata.description_html.empty() ? metadata.description : std::string());
        if (!metadata.has_source_block()) return;
        block.ShowSection("IF_SOURCE_BLOCK");
        const auto text_or_url = [](const std::string& text, const std::string& url) {
          return text.empty() ? url : text;
        };
        set_optional(block, "BLOCK_LICENSE", text_or_url(metadata.license, metadata.license_url));
        set_optional(block, "BLOCK_LICENSE_URL", metadata.license_url);
        set_optional(block, "BLOCK_SOURCE", text_or_url(metadata.source, metadata.source_url));
        set_optional(block, "BLOCK_SOURCE_URL", metadata.source_url);
        set_optional(block, "BLOCK_ABOUT", text_or_url(metadata.about, metadata.about_url));
        set_optional(block, "BLOCK_ABOUT_URL", metadata.about_url);
      });
}

void fill_streams(TemplateDictionary& dictionary, const std::vector<data::StreamLink>& links) {
  show_if(dictionary, "IF_STREAMS", !links.empty());
  for (const data::StreamLink& link : links) {
    TemplateDictionary& stream = *dictionary.AddSectionDictionary("STREAM");
    set_value(stream, "FORMAT", link.format);
    set_value(stream, "PATH", link.path);
  }
}

std::string count_of(std::int64_t count, std::string_view singular, std::string_view plural) {
  std::string text = base::with_thousands_commas(count) + " ";
  text += count == 1 ? singular : plural;
  return text;
}

std::string rows_text(std::optional<std::int64_t> count, bool truncated) {
  if (!count) return "Many rows";
  // The limit itself is one more than the number shown: 10,001 counted rows are "more than 10,000".
  if (truncated) return ">" + base::with_thousands_commas(*count - 1) + " rows";
  return count_of(*count, "row", "rows");
}

}  // namespace tapedeck::render
