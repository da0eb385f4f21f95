#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "data/query_list.hpp"
#include "instance/instance.hpp"
#include "render/html_page.hpp"

namespace tapedeck::render {

/// What stands around a list of stored queries.
struct QueryListView {
  std::string path;
  std::string q;
  /// Arguments that a new search keeps.
  std::vector<std::pair<std::string, std::string>> hidden_fields;
  bool shows_database = false;
  /// "" on the last page.
  std::string next_path;
  std::function<std::string(const data::QueryFacetItem&)> facet_path{};
};

[[nodiscard]] std::string query_list_html(instance::Instance& instance, const PageFrame& frame,
                                          const data::QueryListPage& list,
                                          const QueryListView& view);

}  // namespace tapedeck::render
