#include "config/moved_keys.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <string_view>
#include <utility>

namespace tapedeck::config {
namespace {

namespace json = boost::json;

enum class OnConflict { kMetadataWins, kConfigWins, kConfigWinsByName };

struct MovedKey {
  std::string_view name;
  OnConflict on_conflict;
};

constexpr auto kInstanceKeys = [] {
  using enum OnConflict;
  return std::to_array<MovedKey>({{"plugins", kMetadataWins},
                                  {"allow", kMetadataWins},
                                  {"allow_sql", kConfigWins},
                                  {"allow_write", kConfigWins},
                                  {"permissions", kConfigWinsByName},
                                  {"settings", kConfigWinsByName},
                                  {"extra_css_urls", kConfigWins},
                                  {"extra_js_urls", kConfigWins}});
}();

constexpr auto kDatabaseKeys = [] {
  using enum OnConflict;
  return std::to_array<MovedKey>({{"plugins", kMetadataWins},
                                  {"allow", kMetadataWins},
                                  {"allow_sql", kConfigWins},
                                  {"allow_write", kConfigWins},
                                  {"permissions", kConfigWinsByName},
                                  {"queries", kConfigWinsByName},
                                  {"immutable", kConfigWins},
                                  {"cache_size_kb", kConfigWins}});
}();

constexpr auto kTableKeys = [] {
  using enum OnConflict;
  return std::to_array<MovedKey>({{"plugins", kMetadataWins},
                                  {"allow", kMetadataWins},
                                  {"hidden", kMetadataWins},
                                  {"sort", kMetadataWins},
                                  {"sort_desc", kMetadataWins},
                                  {"size", kMetadataWins},
                                  {"sortable_columns", kMetadataWins},
                                  {"label_column", kMetadataWins},
                                  {"facets", kMetadataWins},
                                  {"fts_table", kMetadataWins},
                                  {"fts_pk", kMetadataWins},
                                  {"searchmode", kMetadataWins},
                                  {"facet_size", kConfigWins},
                                  {"column_types", kConfigWins},
                                  {"allow_write", kConfigWins},
                                  {"permissions", kConfigWinsByName}});
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

  void move_from(json::object& source, std::span<const MovedKey> keys, const Path& path) {
    for (const MovedKey& key : keys) {
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
  mover.move_from(metadata, kInstanceKeys, {});
  Mover::for_each_named(
      metadata, "databases", {}, [&mover](json::object& database, const Path& path) {
        mover.move_from(database, kDatabaseKeys, path);
        Mover::for_each_named(database, "tables", path,
                              [&mover](json::object& table, const Path& table_path) {
                                mover.move_from(table, kTableKeys, table_path);
                              });
      });
  return std::move(mover).take();
}

}  // namespace tapedeck::config
