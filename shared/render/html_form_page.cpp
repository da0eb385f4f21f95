#include "render/html_form_page.hpp"

#include <ctemplate/template_dictionary.h>

namespace tapedeck::render {

namespace {

using ctemplate::TemplateDictionary;

void fill_field(TemplateDictionary& form, const FormField& field) {
  TemplateDictionary& entry = *form.AddSectionDictionary("FIELD");
  set_value(entry, "FIELD_NAME", field.name);
  set_value(entry, "FIELD_LABEL", field.label);
  set_value(entry, "FIELD_VALUE", field.value);
  show_if(entry, "IF_TEXT", field.kind == FormField::Kind::kText);
  show_if(entry, "IF_TEXT_AREA", field.kind == FormField::Kind::kTextArea);
  show_if(entry, "IF_SELECT", field.kind == FormField::Kind::kSelect);
  for (const auto& [value, label] : field.options) {
    TemplateDictionary& option = *entry.AddSectionDictionary("OPTION");
    set_value(option, "OPTION_VALUE", value);
    set_value(option, "OPTION_LABEL", label);
    show_if(option, "IF_SELECTED", value == field.value);
  }
}

void fill_group(TemplateDictionary& form, const CheckBoxGroup& group) {
  TemplateDictionary& entry = *form.AddSectionDictionary("GROUP");
  set_value(entry, "GROUP_HEADING", group.heading);
  for (const CheckBoxGroup::Box& box : group.boxes) {
    TemplateDictionary& item = *entry.AddSectionDictionary("BOX");
    set_value(item, "BOX_NAME", box.name);
    set_value(item, "BOX_LABEL", box.label);
    show_if(item, "IF_CHECKED", box.is_checked);
  }
}

void fill_table(TemplateDictionary& content, const FormTable& table) {
  if (table.headings.empty()) return;
  TemplateDictionary& entry = *content.AddSectionDictionary("RESULT_TABLE");
  for (const std::string& heading : table.headings) {
    set_value(*entry.AddSectionDictionary("COLUMN"), "COLUMN_NAME", heading);
  }
  for (const auto& row : table.rows) {
    TemplateDictionary& line = *entry.AddSectionDictionary("ROW");
    for (std::size_t i = 0; i < row.size(); ++i) {
      TemplateDictionary& cell = *line.AddSectionDictionary("CELL");
      set_value(cell, "CELL_TEXT", row[i]);
      set_value(cell, "CELL_COLUMN", i < table.headings.size() ? table.headings[i] : "");
    }
  }
  show_if(entry, "IF_NO_ROWS", table.rows.empty());
}

}  // namespace

std::string form_page_html(instance::Instance& instance, const PageFrame& frame,
                           const FormPage& page) {
  return page_html(instance.templates(), frame, [&](TemplateDictionary& content) {
    set_value(content, "HEADING", page.heading);
    for (const std::string& paragraph : page.paragraphs) {
      set_value(*content.AddSectionDictionary("PARAGRAPH"), "PARAGRAPH_TEXT", paragraph);
    }
    set_optional(content, "ERROR", page.error);
    set_optional(content, "JSON_PATH", frame.alternate_json_url);
    if (!page.submit.empty()) {
      TemplateDictionary& form = *content.AddSectionDictionary("FORM");
      set_value(form, "SUBMIT", page.submit);
      set_value(form, "ACTION", page.action);
      set_value(form, "METHOD", page.method);
      for (const FormField& field : page.fields) fill_field(form, field);
      set_optional(form, "GROUPS_HEADING", page.groups_heading);
      for (const CheckBoxGroup& group : page.groups) fill_group(form, group);
    }
    set_optional(content, "RESULT_HEADING", page.result_heading);
    show_if(content, "IF_TABS", !page.tabs.empty());
    for (const FormPage::Link& tab : page.tabs) {
      TemplateDictionary& entry = *content.AddSectionDictionary("TAB");
      set_value(entry, "TAB_LABEL", tab.label);
      set_optional(entry, "TAB_PATH", tab.path);
      show_if(entry, "IF_CURRENT_TAB", tab.path.empty());
    }
    for (const FormPage::Link& link : page.links) {
      TemplateDictionary& entry = *content.AddSectionDictionary("LINK");
      set_value(entry, "LINK_LABEL", link.label);
      set_optional(entry, "LINK_PATH", link.path);
      show_if(entry, "IF_CURRENT", link.path.empty());
    }
    set_optional(content, "RESULT", page.result);
    set_optional(content, "COPYABLE", page.copyable);
    fill_table(content, page.table);
    set_optional(content, "PREVIOUS_PATH", page.previous_path);
    set_optional(content, "NEXT_PATH", page.next_path);
    set_optional(content, "DETAILS_HEADING", page.details_heading);
    set_optional(content, "DETAILS", page.details);
  });
}

}  // namespace tapedeck::render
