#include "render/html_json.hpp"

#include <ctemplate/template_dictionary.h>

namespace tapedeck::render {

std::string json_html(instance::Instance& instance, const PageFrame& frame,
                      std::string_view pretty_json) {
  return page_html(instance.templates(), frame, [&](ctemplate::TemplateDictionary& content) {
    set_value(content, "HEADING", frame.title);
    set_value(content, "JSON_TEXT", pretty_json);
    set_optional(content, "JSON_PATH", frame.alternate_json_url);
  });
}

}  // namespace tapedeck::render
