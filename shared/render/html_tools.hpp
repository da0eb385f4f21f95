#pragma once

#include <string>
#include <vector>

#include "instance/instance.hpp"
#include "render/html_page.hpp"

namespace tapedeck::render {

/// Addresses of one database, or of the instance when `database` is "".
struct ApiLinks {
  std::string database;
  std::vector<std::string> paths;
};

struct ApiExplorer {
  std::string action;
  /// As it was typed.
  std::string path;
  /// The same when it is an address of this site, else "".
  std::string shown;
  std::vector<ApiLinks> links;
};
[[nodiscard]] std::string api_explorer_html(instance::Instance& instance, const PageFrame& frame,
                                            const ApiExplorer& explorer);

struct AutocompleteTool {
  std::string path;
  std::string database;
  std::string table;
  std::string q;
  /// Indented JSON; "" before the form was sent.
  std::string answer;
  /// Where the answer comes from.
  std::string answer_path;
  std::string error;
};
[[nodiscard]] std::string autocomplete_tool_html(instance::Instance& instance,
                                                 const PageFrame& frame,
                                                 const AutocompleteTool& tool);

[[nodiscard]] std::string patterns_html(instance::Instance& instance, const PageFrame& frame);

}  // namespace tapedeck::render
