#include "config/known_keys.hpp"

#include <algorithm>
#include <array>
#include <numeric>
#include <optional>

#include "base/text.hpp"
#include "config/config_error.hpp"

namespace tapedeck::config {
namespace {

namespace json = boost::json;

enum class Level { kInstance, kDatabase, kTable, kQuery, kServe };

/// What a key's value must look like.
enum class Expected {
  kText,  ///< shown to people, so numbers and booleans (`title: 2024`) are text as well
  kString,
  kBoolean,  ///< or 0, 1
  kCount,    ///< integer from 0
  kSize,     ///< integer from 1, or "max"
  kObject,
  kStrings,
  kStringMap,
  kAllow,
  kPermissions,   ///< action -> allow block
  kDescriptions,  ///< column -> text
  kColumnTypes,   ///< column -> type or {"type", "config"}
  kFacets,        ///< columns or {"array": column}
  kAssets,        ///< URLs or {"url", "sri", "module"}
  kParams,        ///< names, or names with defaults
  kSettings,      ///< object; settings check their own types
  kServeKeys,
  kDatabases,
  kTables,
  kQueries,
};

/// Where a key is known.
enum class Place { kBoth, kMetadata, kConfig };

struct KnownKey {
  Level level;
  std::string_view name;
  Expected expected;
  Place place = Place::kBoth;
};

constexpr auto kKnownKeys = [] {
  using enum Level;
  using enum Expected;
  constexpr Place kMetadata = Place::kMetadata;
  return std::to_array<KnownKey>({
      {kInstance, "title", kText, kMetadata},
      {kInstance, "description", kText, kMetadata},
      {kInstance, "description_html", kText, kMetadata},
      {kInstance, "license", kText, kMetadata},
      {kInstance, "license_url", kText, kMetadata},
      {kInstance, "source", kText, kMetadata},
      {kInstance, "source_url", kText, kMetadata},
      {kInstance, "about", kText, kMetadata},
      {kInstance, "about_url", kText, kMetadata},
      {kInstance, "databases", kDatabases},
      {kInstance, "settings", kSettings},
      {kInstance, "plugins", kObject},
      {kInstance, "allow", kAllow},
      {kInstance, "allow_sql", kAllow},
      {kInstance, "allow_write", kAllow},
      {kInstance, "permissions", kPermissions},
      {kInstance, "extra_css_urls", kAssets},
      {kInstance, "extra_js_urls", kAssets},
      {kInstance, "serve", kServeKeys, Place::kConfig},

      {kDatabase, "title", kText, kMetadata},
      {kDatabase, "description", kText, kMetadata},
      {kDatabase, "description_html", kText, kMetadata},
      {kDatabase, "license", kText, kMetadata},
      {kDatabase, "license_url", kText, kMetadata},
      {kDatabase, "source", kText, kMetadata},
      {kDatabase, "source_url", kText, kMetadata},
      {kDatabase, "about", kText, kMetadata},
      {kDatabase, "about_url", kText, kMetadata},
      {kDatabase, "tables", kTables},
      {kDatabase, "queries", kQueries},
      {kDatabase, "plugins", kObject},
      {kDatabase, "allow", kAllow},
      {kDatabase, "allow_sql", kAllow},
      {kDatabase, "allow_write", kAllow},
      {kDatabase, "permissions", kPermissions},
      {kDatabase, "immutable", kBoolean},
      {kDatabase, "cache_size_kb", kCount},

      {kTable, "title", kText, kMetadata},
      {kTable, "description", kText, kMetadata},
      {kTable, "description_html", kText, kMetadata},
      {kTable, "license", kText, kMetadata},
      {kTable, "license_url", kText, kMetadata},
      {kTable, "source", kText, kMetadata},
      {kTable, "source_url", kText, kMetadata},
      {kTable, "about", kText, kMetadata},
      {kTable, "about_url", kText, kMetadata},
      {kTable, "columns", kDescriptions, kMetadata},
      {kTable, "plugins", kObject},
      {kTable, "allow", kAllow},
      {kTable, "allow_write", kAllow},
      {kTable, "permissions", kPermissions},
      {kTable, "sort", kString},
      {kTable, "sort_desc", kString},
      {kTable, "size", kSize},
      {kTable, "sortable_columns", kStrings},
      {kTable, "hidden", kBoolean},
      {kTable, "label_column", kString},
      {kTable, "facets", kFacets},
      {kTable, "facet_size", kSize},
      {kTable, "fts_table", kString},
      {kTable, "fts_pk", kString},
      {kTable, "searchmode", kString},
      {kTable, "column_types", kColumnTypes},

      {kQuery, "sql", kString},
      {kQuery, "title", kText},
      {kQuery, "description", kText},
      {kQuery, "description_html", kText},
      {kQuery, "params", kParams},
      {kQuery, "hide_sql", kBoolean},
      {kQuery, "fragment", kString},
      {kQuery, "write", kBoolean},
      {kQuery, "is_trusted", kBoolean},
      {kQuery, "is_private", kBoolean},
      {kQuery, "on_success_message", kString},
      {kQuery, "on_success_message_sql", kString},
      {kQuery, "on_success_redirect", kString},
      {kQuery, "on_error_message", kString},
      {kQuery, "on_error_redirect", kString},
      {kQuery, "plugins", kObject},
      {kQuery, "allow", kAllow},
      {kQuery, "permissions", kPermissions},

      {kServe, "files", kStrings},
      {kServe, "immutable", kStrings},
      {kServe, "metadata", kString},
      {kServe, "template_dir", kString},
      {kServe, "static", kStringMap},
      {kServe, "cors", kBoolean},
      {kServe, "memory", kBoolean},
      {kServe, "create", kBoolean},
      {kServe, "workers", kCount},
      {kServe, "host", kString},
      {kServe, "port", kCount},
  });
}();

std::string_view kind_name(const json::value& value) {
  switch (value.kind()) {
    case json::kind::null:
      return "null";
    case json::kind::bool_:
      return "a boolean";
    case json::kind::int64:
    case json::kind::uint64:
    case json::kind::double_:
      return "a number";
    case json::kind::string:
      return "text";
    case json::kind::array:
      return "a list";
    case json::kind::object:
      return "an object";
  }
  return "";
}

bool is_integer_between(const json::value& value, std::int64_t lowest, std::int64_t highest) {
  return value.is_int64() && value.get_int64() >= lowest && value.get_int64() <= highest;
}

// One bound for all, so that whoever reads a count can hold it in an int.
constexpr std::int64_t kHighestCount = 2'000'000'000;

bool is_boolean(const json::value& value) {
  return value.is_bool() || is_integer_between(value, 0, 1);
}

bool is_text(const json::value& value) {
  return !value.is_object() && !value.is_array();
}

bool is_allow_block(const json::value& value) {
  return value.is_null() || value.is_object() || is_boolean(value);
}

template <class Predicate>
bool is_array_of(const json::value& value, Predicate is_item) {
  return value.is_array() && std::ranges::all_of(value.get_array(), is_item);
}

template <class Predicate>
bool is_object_of(const json::value& value, Predicate is_item) {
  return value.is_object() && std::ranges::all_of(value.get_object(), [&](const auto& pair) {
           return is_item(pair.value());
         });
}

bool has_string(const json::value& value, std::string_view key) {
  const auto* object = value.if_object();
  const json::value* member = object == nullptr ? nullptr : object->if_contains(key);
  return member != nullptr && member->is_string();
}

bool is_asset(const json::value& item) {
  if (item.is_string()) return true;
  if (!has_string(item, "url")) return false;
  const json::object& object = item.get_object();
  const json::value* sri = object.if_contains("sri");
  const json::value* module = object.if_contains("module");
  return (sri == nullptr || sri->is_null() || sri->is_string()) &&
         (module == nullptr || module->is_null() || is_boolean(*module));
}

/// What the value should have been; empty when it is right.
std::string_view objection(Expected expected, const json::value& value) {
  const auto is_string = [](const json::value& item) { return item.is_string(); };
  const auto is_string_or_object = [](const json::value& item) {
    return item.is_string() || item.is_object();
  };
  const auto unless = [](bool is_right, std::string_view text) {
    return is_right ? std::string_view() : text;
  };
  switch (expected) {
    case Expected::kText:
      return unless(is_text(value), "text");
    case Expected::kString:
      return unless(value.is_string(), "text");
    case Expected::kBoolean:
      return unless(is_boolean(value), "true or false");
    case Expected::kCount:
      return unless(is_integer_between(value, 0, kHighestCount), "an integer from 0");
    case Expected::kSize:
      return unless(is_integer_between(value, 1, kHighestCount) || value == "max",
                    "an integer from 1, or \"max\"");
    case Expected::kStrings:
      return unless(is_array_of(value, is_string), "a list of texts");
    case Expected::kStringMap:
      return unless(is_object_of(value, is_string), "an object with texts as values");
    case Expected::kAllow:
      return unless(is_allow_block(value), "an allow block: an object, true, false or null");
    case Expected::kPermissions:
      return unless(is_object_of(value, is_allow_block),
                    "an object in which every action has an allow block: an object, true, false "
                    "or null");
    case Expected::kDescriptions:
      return unless(is_object_of(value, is_text), "an object with texts as values");
    case Expected::kColumnTypes:
      return unless(is_object_of(value,
                                 [](const json::value& item) {
                                   return item.is_string() || has_string(item, "type");
                                 }),
                    "an object of type names, or of objects with a \"type\"");
    case Expected::kFacets:
      return unless(is_array_of(value, is_string_or_object), "a list of column names or objects");
    case Expected::kAssets:
      return unless(is_array_of(value, is_asset),
                    "a list of URLs, or of objects with a \"url\", a text \"sri\" and a boolean "
                    "\"module\"");
    case Expected::kParams:
      return unless(
          is_array_of(value, is_string) || is_object_of(value, is_text),
          "a list of names, or an object with texts, numbers, true, false or null as defaults");
    case Expected::kObject:
    case Expected::kSettings:
    case Expected::kServeKeys:
    case Expected::kDatabases:
    case Expected::kTables:
    case Expected::kQueries:
      return unless(value.is_object(), "an object");
  }
  return {};
}

class Checker {
 public:
  Checker(FileKind kind, std::string_view source) : kind_(kind), source_(source) {}

  void check_level(const json::object& object, Level level, const std::string& path) {
    for (const auto& [key, value] : object) {
      const std::string key_path = path + std::string(key);
      const KnownKey* known = find(level, key);
      if (known == nullptr) {
        unknown_.push_back({key_path, nearest_name(key, names_of(level))});
      } else if (!value.is_null()) {
        check_value(*known, value, key_path);
      }
    }
  }

  std::vector<UnknownKey> take() && { return std::move(unknown_); }

 private:
  [[nodiscard]] bool is_known_here(const KnownKey& key) const {
    return key.place == Place::kBoth ||
           (key.place == Place::kMetadata) == (kind_ == FileKind::kMetadata);
  }

  [[nodiscard]] const KnownKey* find(Level level, std::string_view name) const {
    const auto* found = std::ranges::find_if(kKnownKeys, [&](const KnownKey& key) {
      return key.level == level && key.name == name && is_known_here(key);
    });
    return found == kKnownKeys.end() ? nullptr : found;
  }

  [[nodiscard]] std::vector<std::string_view> names_of(Level level) const {
    std::vector<std::string_view> names;
    for (const KnownKey& key : kKnownKeys) {
      if (key.level == level && is_known_here(key)) names.push_back(key.name);
    }
    return names;
  }

  void check_value(const KnownKey& known, const json::value& value, const std::string& path) {
    if (const auto wanted = objection(known.expected, value); !wanted.empty()) {
      fail(path, wanted, value);
    }
    switch (known.expected) {
      case Expected::kServeKeys:
        return check_level(value.get_object(), Level::kServe, path + ".");
      case Expected::kDatabases:
        return check_named(value.get_object(), Level::kDatabase, path);
      case Expected::kTables:
        return check_named(value.get_object(), Level::kTable, path);
      case Expected::kQueries:
        return check_named(value.get_object(), Level::kQuery, path);
      default:
        return;
    }
  }

  void check_named(const json::object& named, Level level, const std::string& path) {
    for (const auto& [name, value] : named) {
      const std::string name_path = path + "." + std::string(name);
      if (const auto* object = value.if_object()) {
        check_level(*object, level, name_path + ".");
      } else if (level == Level::kQuery && !value.is_string()) {
        fail(name_path, "SQL text or an object", value);
      } else if (level != Level::kQuery && !value.is_null()) {
        fail(name_path, "an object", value);
      }
    }
  }

  [[noreturn]] void fail(const std::string& path, std::string_view wanted,
                         const json::value& value) const {
    throw ConfigError(std::string(source_) + ": \"" + path + "\" should be " + std::string(wanted) +
                      ", not " + std::string(kind_name(value)));
  }

  FileKind kind_;
  std::string_view source_;
  std::vector<UnknownKey> unknown_;
};

// Levenshtein's distance.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i + 1;
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t change = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({change, row[j] + 1, row[j + 1] + 1});
    }
  }
  return row[b.size()];
}

}  // namespace

std::vector<UnknownKey> check_keys(const json::object& root, FileKind kind,
                                   std::string_view source) {
  Checker checker(kind, source);
  checker.check_level(root, Level::kInstance, "");
  return std::move(checker).take();
}

std::string nearest_name(std::string_view name, const std::vector<std::string_view>& candidates) {
  constexpr std::size_t kLongestName = 64;  // longer ones are near to nothing
  if (name.size() > kLongestName) return {};
  const std::string lower = base::replace_all(base::to_lower(name), "-", "_");
  std::string_view nearest;
  // Two letters exchanged count as two changes.
  std::size_t smallest = 1 + std::max<std::size_t>(2, name.size() / 3);
  for (const std::string_view candidate : candidates) {
    if (const std::size_t steps = distance(lower, candidate); steps < smallest) {
      smallest = steps;
      nearest = candidate;
    }
  }
  return std::string(nearest);
}

}  // namespace tapedeck::config
