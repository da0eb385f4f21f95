#include "render/html_custom.hpp"

#include <ctemplate/template_dictionary.h>

namespace tapedeck::render {

std::string custom_html(instance::Instance& instance, const PageFrame& frame,
                        const instance::CustomPage& page, const instance::PathValues& values) {
  const instance::Templates::Filler content = [&values](ctemplate::TemplateDictionary& dictionary) {
    for (const auto& [name, value] : values) set_value(dictionary, name, value);
  };
  return page.has_frame ? page_html(instance.templates(), frame, content)
                        : unframed_html(instance.templates(), frame, content);
}

}  // namespace tapedeck::render
