#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "instance/instance.hpp"
#include "render/html_page.hpp"

/// Pages that are a form and what came of it: signing out, tokens, the permission tools.
namespace tapedeck::render {

struct FormField {
  enum class Kind { kText, kTextArea, kSelect };
  Kind kind = Kind::kText;
  std::string name;
  std::string label;
  std::string value;
  /// Value and label; for kSelect.
  std::vector<std::pair<std::string, std::string>> options;
};

struct CheckBoxGroup {
  std::string heading;
  struct Box {
    std::string name;
    std::string label;
    bool is_checked = false;
  };
  std::vector<Box> boxes;
};

struct FormTable {
  std::vector<std::string> headings;
  std::vector<std::vector<std::string>> rows;
};

struct FormPage {
  struct Link {
    std::string label;
    /// "" for what is shown now.
    std::string path;
  };

  std::string heading;
  /// Pages that belong together with this one.
  std::vector<Link> tabs;
  std::vector<std::string> paragraphs;
  /// What is wrong with what was sent; "" for nothing.
  std::string error;

  /// No form without a label of its button.
  std::string submit;
  std::string action;
  /// "get" or "post".
  std::string_view method = "get";
  std::vector<FormField> fields;
  /// Folded away under this heading; with id "restrict-permissions".
  std::string groups_heading;
  std::vector<CheckBoxGroup> groups;

  std::string result_heading;
  /// Other views of the same result.
  std::vector<Link> links;
  std::string result;
  /// Shown in a field from which it can be copied.
  std::string copyable;
  FormTable table;
  std::string next_path;
  std::string previous_path;
  std::string details_heading;
  /// Preformatted.
  std::string details;
};

[[nodiscard]] std::string form_page_html(instance::Instance& instance, const PageFrame& frame,
                                         const FormPage& page);

}  // namespace tapedeck::render
