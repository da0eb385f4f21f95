#include "render/html_tools.hpp"

#include <ctemplate/template_dictionary.h>

namespace tapedeck::render {

using ctemplate::TemplateDictionary;

std::string api_explorer_html(instance::Instance& instance, const PageFrame& frame,
                              const ApiExplorer& explorer) {
  return page_html(instance.templates(), frame, [&](TemplateDictionary& content) {
    set_value(content, "HEADING", frame.title);
    set_value(content, "ACTION", explorer.action);
    set_value(content, "TYPED_PATH", explorer.path);
    set_optional(content, "SHOWN_PATH", explorer.shown);
    show_if(content, "IF_REFUSED", !explorer.path.empty() && explorer.shown.empty());
    for (const ApiLinks& links : explorer.links) {
      TemplateDictionary& group = *content.AddSectionDictionary("GROUP");
      set_value(group, "NAME", links.database.empty() ? "Site" : links.database);
      for (const std::string& path : links.paths) {
        TemplateDictionary& link = *group.AddSectionDictionary("LINK");
        set_value(link, "PATH", path);
      }
    }
  });
}

std::string autocomplete_tool_html(instance::Instance& instance, const PageFrame& frame,
                                   const AutocompleteTool& tool) {
  return page_html(instance.templates(), frame, [&](TemplateDictionary& content) {
    set_value(content, "HEADING", frame.title);
    set_value(content, "ACTION", tool.path);
    set_value(content, "DATABASE", tool.database);
    set_value(content, "TABLE", tool.table);
    set_value(content, "TEXT", tool.q);
    set_optional(content, "ANSWER", tool.answer);
    set_optional(content, "ANSWER_PATH", tool.answer_path);
    set_optional(content, "ERROR", tool.error);
  });
}

std::string patterns_html(instance::Instance& instance, const PageFrame& frame) {
  return page_html(instance.templates(), frame, [&](TemplateDictionary& content) {
    set_value(content, "HEADING", frame.title);
  });
}

}  // namespace tapedeck::render
