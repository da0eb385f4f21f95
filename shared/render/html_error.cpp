#include "render/html_error.hpp"

#include <ctemplate/template_dictionary.h>

namespace tapedeck::render {

std::string error_html(instance::Instance& instance, const PageFrame& frame, int status,
                       std::string_view title, std::string_view message,
                       const std::optional<std::string>& sql) {
  const std::string number = std::to_string(status);
  return page_html(instance.templates(), frame, [&](ctemplate::TemplateDictionary& content) {
    set_value(content, "STATUS", number);
    set_value(content, "HEADING", title.empty() ? "Error " + number : std::string(title));
    set_value(content, "MESSAGE", message);
    set_optional(content, "SQL", sql.value_or(""));
  });
}

}  // namespace tapedeck::render
