#include "config/moved_keys.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace tapedeck::config {
namespace {

namespace json = boost::json;

enum class OnConflict { kMetadataWins, kConfigWins, kConfigWinsByName };

/// Levels that have a key; to be joined by |.
enum Levels : unsigned { kInstance = 1U, kDatabase = 2U, kTable = 4U };

struct MovedKey {
  std::string_view name;
  unsigned levels;
  OnConflict on_conflict;
};

constexpr auto kMovedKeys = [] {
  using enum OnConflict;
  constexpr unsigned kAll = kInstance | kDatabase | kTable;
  return std::to_array<MovedKey>({{"plugins", kAll, kMetadataWins},
                                  {"allow", kAll, kMetadataWins},
                                  {"hidden", kTable, kMetadataWins},
                                  {"sort", kTable, kMetadataWins},
                                  {"sort_desc", kTable, kMetadataWins},
                                  {"size", kTable, kMetadataWins},
                                  {"sortable_columns", kTable, kMetadataWins},
                                  {"label_column", kTable, kMetadataWins},
                                  {"facets", kTable, kMetadataWins},
                                  {"fts_table", kTable, kMetadataWins},
                                  {"fts_pk", kTable, kMetadataWins},
                                  {"searchmode", kTable, kMetadataWins},
                                  {"facet_size", kTable, kConfigWins},
                                  {"column_types", kTable, kConfigWins},
                                  {"allow_sql", kInstance | kDatabase, kConfigWins},
                                  {"allow_write", kAll, kConfigWins},
                                  {"permissions", kAll, kConfigWinsByName},
                                  {"settings", kInstance, kConfigWinsByName},
                                  {"extra_css_urls", kInstance, kConfigWins},
                                  {"extra_js_urls", kInstance, kConfigWins},
                                  {"queries", kDatabase, kConfigWinsByName},
                                  {"immutable", kDatabase, kConfigWins},
                                  {"cache_size_kb", kDatabase, kConfigWins}});
}();

/// A place in the configuration, made only when something is put there.
using Path = std::vector<std::string>;

json::object& object_at(json::object& root, const Path& path) {
  json::object* object = &root;
  for (const std::string& step : path) {
    json::value& next = (*object)[step];
    if (!next.is_object()) next.emplace_object();
    object = &next.get_object();
  }
  return *object;
}

std::string dotted(const Path& path, std::string_view key) {
  std::string text;
  for (const std::string& step : path) text += step + ".";
  return text.append(key);
}

class Mover {
 public:
  explicit Mover(json::object& config) : config_(config) {}

  void move_from(json::object& source, Levels level, const Path& path) {
    for (const MovedKey& key : kMovedKeys) {
      if ((key.levels & level) == 0) continue;
      auto* found = source.find(key.name);
      if (found == source.end()) continue;
      json::value value = std::move(found->value());
      source.stable_erase(found);
      const std::string name = dotted(path, key.name);
      if (key.on_conflict != OnConflict::kMetadataWins) moved_.beyond_datasette.push_back(name);
      put(object_at(config_, path), key, std::move(value), name);
    }
  }

  /// Calls `move` with every object in `source[key]` and its path; removes what is empty then.
  template <class Move>
  static void for_each_named(json::object& source, std::string_view key, const Path& path,
                             Move move) {
    json::value* named = source.if_contains(key);
    if (named == nullptr || !named->is_object()) return;
    json::object& objects = named->get_object();
    std::vector<std::string> names;
    for (const auto& [name, value] : objects) {
      if (value.is_object()) names.emplace_back(name);
    }
    for (const std::string& name : names) {
      Path place = path;
      place.emplace_back(key);
      place.push_back(name);
      json::object& object = objects.at(name).get_object();
      move(object, place);
      if (object.empty()) objects.stable_erase(name);
    }
    if (objects.empty()) source.stable_erase(key);
  }

  MovedKeys take() && { return std::move(moved_); }

 private:
  void put(json::object& target, const MovedKey& key, json::value value, const std::string& name) {
    json::value* present = target.if_contains(key.name);
    if (present == nullptr || present->is_null()) {
      target.insert_or_assign(key.name, std::move(value));
    } else if (key.on_conflict == OnConflict::kConfigWinsByName) {
      put_by_name(present->get_object(), value, name);
    } else {
      if (*present != value) moved_.conflicts.push_back(name);
      if (key.on_conflict == OnConflict::kMetadataWins) *present = std::move(value);
    }
  }

  void put_by_name(json::object& target, json::value& value, const std::string& name) {
    if (!value.is_object()) return;
    for (auto& [member, item] : value.get_object()) {
      const auto [present, is_new] = target.emplace(member, item);
      if (!is_new && present->value() != item) {
        moved_.conflicts.push_back(name + "." + std::string(member));
      }
    }
  }

  json::object& config_;
  MovedKeys moved_;
};

}  // namespace

MovedKeys move_keys(json::object& metadata, json::object& config) {
  Mover mover(config);
  mover.move_from(metadata, kInstance, {});
  Mover::for_each_named(
      metadata, "databases", {}, [&mover](json::object& database, const Path& path) {
        mover.move_from(database, kDatabase, path);
        Mover::for_each_named(database, "tables", path,
                              [&mover](json::object& table, const Path& table_path) {
                                mover.move_from(table, kTable, table_path);
                              });
      });
  return std::move(mover).take();
}

}  // namespace tapedeck::config
