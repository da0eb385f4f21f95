#include "render/html_query_list.hpp"

#include <cstdint>

#include <ctemplate/template_dictionary.h>

#include "base/text.hpp"

namespace tapedeck::render {

using ctemplate::TemplateDictionary;

std::string query_list_html(instance::Instance& instance, const PageFrame& frame,
                            const data::QueryListPage& list, const QueryListView& view) {
  return page_html(instance.templates(), frame, [&](TemplateDictionary& content) {
    set_value(content, "HEADING", frame.title);
    set_value(content, "LIST_PATH", view.path);
    set_value(content, "SEARCH", view.q);
    set_optional(content, "JSON_PATH", frame.alternate_json_url);
    set_optional(content, "NEXT_PATH", view.next_path);
    show_if(content, "IF_NO_QUERIES", list.queries.empty());
    for (const auto& [name, value] : view.hidden_fields) {
      TemplateDictionary& field = *content.AddSectionDictionary("HIDDEN_FIELD");
      set_value(field, "NAME", name);
      set_value(field, "VALUE", value);
    }
    for (const data::QueryFacet& facet : list.facets) {
      if (facet.items.empty()) continue;
      TemplateDictionary& block = *content.AddSectionDictionary("FACET");
      set_value(block, "TITLE", facet.title);
      for (const data::QueryFacetItem& item : facet.items) {
        TemplateDictionary& choice = *block.AddSectionDictionary("CHOICE");
        set_value(choice, "LABEL", item.label);
        set_value(choice, "PATH", view.facet_path(item));
        set_value(choice, "COUNT",
                  base::with_thousands_commas(static_cast<std::int64_t>(item.count)));
        show_if(choice, "IF_SELECTED", item.is_active);
      }
    }
    for (const data::StoredQuery& query : list.queries) {
      TemplateDictionary& entry = *content.AddSectionDictionary("QUERY");
      set_value(entry, "NAME", query.title.empty() ? query.name : query.title);
      set_value(entry, "PATH",
                query.fragment.empty() ? query.path : query.path + "#" + query.fragment);
      set_optional(entry, "DATABASE", view.shows_database ? query.database : "");
      set_optional(entry, "QUERY_DESCRIPTION", query.description);
      set_optional(entry, "OWNER", query.owner_id);
      show_if(entry, "IF_WRITABLE", query.is_write);
      show_if(entry, "IF_PRIVATE", query.is_private || query.hidden_from_public);
      show_if(entry, "IF_TRUSTED", query.is_trusted);
    }
  });
}

}  // namespace tapedeck::render
