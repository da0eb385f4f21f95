#include "pages/jump_page.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "base/text.hpp"
#include "data/stored_query.hpp"
#include "instance/paths.hpp"
#include "pages/answer.hpp"
#include "pages/tool_menu.hpp"
#include "sqlite/like.hpp"

namespace tapedeck::pages {

namespace {

constexpr std::size_t kMostMatches = 100;

/// The order of types in the list.
constexpr auto kTypes =
    std::to_array<std::string_view>({"database", "table", "view", "query", "debug"});

struct Entry {
  std::string_view type;
  std::string name;
  /// What the words are looked for in.
  std::string search_text;
  std::string path;
  std::string_view description = {};
};

/// "%w1%w2%": the words of `q` in their order.
std::string pattern_of(std::string_view q) {
  std::string pattern = "%";
  bool in_word = false;
  for (const char c : q) {
    if (base::trim(std::string_view(&c, 1)).empty()) {
      if (in_word) pattern += '%';
      in_word = false;
    } else {
      pattern += c;
      in_word = true;
    }
  }
  if (in_word) pattern += '%';
  return pattern;
}

Entry make_entry(std::string_view type, const std::string& database, const std::string& name,
                 std::string path) {
  return {.type = type,
          .name = database + ": " + name,
          .search_text = database + " " + name,
          .path = std::move(path)};
}

void add_tables(const Call& call, instance::Database& database, std::vector<Entry>& entries) {
  try {
    database.current();
  } catch (const http::RequestError&) {
    return;  // its own pages tell what is wrong with it
  }
  for (const auto& [name, table] : database.catalogue().tables) {
    if (!call.access.may_view_table(database, name)) continue;
    entries.push_back(make_entry(table.is_view() ? "view" : "table", database.name(), name,
                                 instance::table_path(call.settings(), database.name(), name)));
  }
}

/// Each asks its own permission: a table may be open in a database that is closed.
void add_entries(const Call& call, instance::Database& database, std::vector<Entry>& entries) {
  if (call.access.may_view_database(database.name())) {
    entries.push_back({.type = "database",
                       .name = database.name(),
                       .search_text = database.name(),
                       .path = instance::database_path(call.settings(), database.name())});
  }
  add_tables(call, database, entries);
  for (const data::StoredQuery& query :
       data::stored_queries(call.configuration(), database.name())) {
    if (!call.access.may_view_query(database.name(), query.name)) continue;
    entries.push_back(make_entry("query", database.name(), query.name, query.path));
  }
}

void add_debug_pages(const Call& call, std::vector<Entry>& entries) {
  if (!call.access.allows("debug-menu")) return;
  for (const ToolPage& page : tool_pages()) {
    entries.push_back(
        {.type = "debug",
         .name = std::string(page.label),
         .search_text = "debug " + std::string(page.label) + " " + std::string(page.description),
         .path = instance::site_path(call.settings(), page.path),
         .description = page.description});
  }
}

std::size_t length_in_characters(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(
      text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

/// Exact names, then those that begin with `q`, then the rest; types; short names; by name.
auto rank_of(const Entry& entry, const std::string& q) {
  int nearness = 2;
  if (base::equals_ignoring_case(entry.name, q)) {
    nearness = 0;
  } else if (sqlite::is_like(entry.name, q + "%")) {
    nearness = 1;
  }
  return std::tuple(nearness, std::ranges::find(kTypes, entry.type) - kTypes.begin(),
                    length_in_characters(entry.name), entry.name);
}

}  // namespace

http::Response jump_page(Call& call) {
  const std::string q(base::trim(call.request.query.value("q")));
  std::vector<Entry> entries;
  for (const auto& database : call.instance.databases()) {
    add_entries(call, *database, entries);
  }
  add_debug_pages(call, entries);
  const std::string pattern = pattern_of(q);
  std::erase_if(entries, [&pattern](const Entry& entry) {
    return !sqlite::is_like(entry.search_text, pattern);
  });
  std::ranges::sort(entries, {}, [&q](const Entry& entry) { return rank_of(entry, q); });
  boost::json::array matches;
  for (const Entry& entry : entries) {
    if (matches.size() == kMostMatches) break;
    boost::json::object match{
        {"name", entry.name}, {"url", entry.path}, {"type", entry.type}, {"description", nullptr}};
    if (!entry.description.empty()) match["description"] = entry.description;
    matches.push_back(std::move(match));
  }
  return json_answer(boost::json::object{
      {"ok", true}, {"matches", std::move(matches)}, {"truncated", entries.size() > kMostMatches}});
}

}  // namespace tapedeck::pages
