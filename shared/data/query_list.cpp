#include "data/query_list.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.hpp"
#include "http/tilde.hpp"
#include "sqlite/like.hpp"

namespace tapedeck::data {

namespace {

/// The values by which a list is sorted; also what a token holds.
using Place = std::vector<std::string>;

Place place_of(const StoredQuery& query, QueryScope scope) {
  Place place;
  if (scope == QueryScope::kInstance) place.push_back(query.database);
  place.push_back(base::to_lower(query.title.empty() ? query.name : query.title));
  place.push_back(query.name);
  return place;
}

std::string token_of(const Place& place) {
  std::vector<std::string> parts;
  for (const std::string& part : place) parts.push_back(http::tilde_encode(part));
  return base::join(parts, ",");
}

/// Nothing for a text that is no token of that scope.
std::optional<Place> parse_token(std::string_view token, QueryScope scope) {
  const std::vector<std::string_view> parts = base::split(token, ',');
  const std::size_t wanted = scope == QueryScope::kInstance ? 3 : 2;
  if (parts.size() != wanted) return std::nullopt;
  Place place;
  for (const std::string_view part : parts) place.push_back(http::tilde_decode(part));
  return place;
}

QueryFacet make_facet(std::string title, const std::string& argument,
                      const std::array<std::string_view, 2>& labels,
                      const std::vector<StoredQuery>& queries, bool StoredQuery::*member,
                      std::optional<bool> chosen) {
  QueryFacet facet{.title = std::move(title), .items = {}};
  for (const bool value : {false, true}) {
    const auto count = static_cast<std::size_t>(std::ranges::count(queries, value, member));
    const bool is_active = chosen == value;
    if (count == 0 && !is_active) continue;
    facet.items.push_back({.label = std::string(labels.at(value ? 1 : 0)),
                           .argument = argument,
                           .value = value ? "1" : "0",
                           .count = count,
                           .is_active = is_active});
  }
  return facet;
}

}  // namespace

bool QueryFilter::admits(const StoredQuery& query) const {
  if (is_write && query.is_write != *is_write) return false;
  if (is_private && query.is_private != *is_private) return false;
  if (!source.empty() && query.source != source) return false;
  if (!owner_id.empty() && query.owner_id != owner_id) return false;
  if (q.empty()) return true;
  const std::string pattern = "%" + q + "%";
  const std::string* const texts[] = {&query.name, &query.title, &query.description, &query.sql};
  return std::ranges::any_of(
      texts, [&pattern](const std::string* text) { return sqlite::is_like(*text, pattern); });
}

QueryListPage list_queries(std::vector<StoredQuery> queries, const QueryFilter& filter,
                           QueryScope scope, std::string_view next, std::size_t size) {
  std::erase_if(queries, [&filter](const StoredQuery& query) { return !filter.admits(query); });
  std::ranges::sort(queries, {}, [scope](const auto& query) { return place_of(query, scope); });
  QueryListPage page;
  page.facets.push_back(make_facet("Mode", "is_write", {"Read-only", "Writable"}, queries,
                                   &StoredQuery::is_write, filter.is_write));
  page.facets.push_back(make_facet("Visibility", "is_private", {"Not private", "Private"}, queries,
                                   &StoredQuery::is_private, filter.is_private));
  if (const auto after = parse_token(next, scope)) {
    std::erase_if(queries, [&](const auto& query) { return place_of(query, scope) <= *after; });
  }
  if (queries.size() > size) {
    queries.resize(size);
    page.next = token_of(place_of(queries.back(), scope));
  }
  page.queries = std::move(queries);
  return page;
}

}  // namespace tapedeck::data
