#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "data/stored_query.hpp"

/// Lists of stored queries: filters, facets, pages. Source: spec/urls.md section 7.3.
namespace tapedeck::data {

/// What a list is narrowed to; blank or absent means everything.
struct QueryFilter {
  /// A piece of name, title, description or SQL, in either case; % and _ as in LIKE.
  std::string q = {};
  std::optional<bool> is_write = {};
  std::optional<bool> is_private = {};
  std::string source = {};
  std::string owner_id = {};

  [[nodiscard]] bool admits(const StoredQuery& query) const;
};

/// One choice beside the list.
struct QueryFacetItem {
  std::string label;
  /// The argument and its value: "is_write", "0".
  std::string argument;
  std::string value;
  std::size_t count = 0;
  bool is_active = false;
};
struct QueryFacet {
  std::string title;
  /// Values that occur, and the chosen one.
  std::vector<QueryFacetItem> items;
};

/// Whether a list names the database of each query, and so sorts and pages by it.
enum class QueryScope { kDatabase, kInstance };

struct QueryListPage {
  std::vector<StoredQuery> queries;
  /// Of everything that the filter admits, not of this page alone.
  std::vector<QueryFacet> facets;
  /// Token of the next page: tilde-encoded "[database,]lower(title or name),name".
  std::optional<std::string> next;
};

/// One page of `queries` (those that the visitor may see, in any order) from the place after the
/// token `next` on; a token that is none is the beginning. REQUIRES: size > 0.
[[nodiscard]] QueryListPage list_queries(std::vector<StoredQuery> queries,
                                         const QueryFilter& filter, QueryScope scope,
                                         std::string_view next, std::size_t size);

}  // namespace tapedeck::data
