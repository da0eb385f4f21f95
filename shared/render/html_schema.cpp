#include "render/html_schema.hpp"

#include <ctemplate/template_dictionary.h>

namespace tapedeck::render {

std::string schema_html(instance::Instance& instance, const PageFrame& frame,
                        const std::vector<SchemaBlock>& blocks, const std::string& markdown_path) {
  return page_html(instance.templates(), frame, [&](ctemplate::TemplateDictionary& content) {
    set_value(content, "HEADING", frame.title);
    set_optional(content, "JSON_PATH", frame.alternate_json_url);
    set_value(content, "MARKDOWN_PATH", markdown_path);
    show_if(content, "IF_EMPTY", blocks.empty());
    for (const SchemaBlock& block : blocks) {
      ctemplate::TemplateDictionary& schema = *content.AddSectionDictionary("SCHEMA");
      set_value(schema, "NAME", block.name);
      show_if(schema, "IF_NAMED", blocks.size() > 1);
      set_optional(schema, "SQL", block.schema);
      show_if(schema, "IF_NO_SQL", block.schema.empty());
    }
  });
}

}  // namespace tapedeck::render
