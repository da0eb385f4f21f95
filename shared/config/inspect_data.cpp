#include "config/inspect_data.hpp"

#include <algorithm>
#include <optional>
#include <string_view>
#include <sys/stat.h>

#include <boost/json.hpp>

#include "base/log.hpp"
#include "config/config_error.hpp"
#include "config/configuration_file.hpp"

namespace tapedeck::config {
namespace {

namespace json = boost::json;

constexpr std::size_t kHashDigits = 64;

bool is_hash(std::string_view text) {
  return text.size() == kHashDigits && std::ranges::all_of(text, [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
         });
}

class Reader {
 public:
  explicit Reader(const std::string& path) : path_(path) {}

  [[nodiscard]] InspectedDatabase database(std::string_view name, const json::value& value) const {
    const auto* object = value.if_object();
    if (object == nullptr) fail(name, "should be an object");
    InspectedDatabase database;
    database.name = name;
    const json::value* hash = object->if_contains("hash");
    if (hash == nullptr || !hash->is_string() || !is_hash(hash->get_string())) {
      fail(name, "\"hash\" should be 64 hexadecimal digits");
    }
    database.hash = hash->get_string();
    const json::value* size = object->if_contains("size");
    if (size == nullptr || !size->is_int64() || size->get_int64() < 0) {
      fail(name, "\"size\" should be a number of bytes");
    }
    database.size = size->get_int64();
    if (const json::value* file = object->if_contains("file"); file != nullptr) {
      if (!file->is_string()) fail(name, "\"file\" should be text");
      database.file = file->get_string();
    }
    if (const json::value* tables = object->if_contains("tables"); tables != nullptr) {
      if (!tables->is_object()) fail(name, "\"tables\" should be an object");
      for (const auto& [table, entry] : tables->get_object()) {
        if (const auto count = count_of(name, entry)) database.counts.emplace(table, *count);
      }
    }
    return database;
  }

 private:
  [[nodiscard]] std::optional<std::int64_t> count_of(std::string_view name,
                                                     const json::value& table) const {
    const auto* object = table.if_object();
    const json::value* count = object == nullptr ? nullptr : object->if_contains("count");
    if (count == nullptr || count->is_null()) return std::nullopt;
    if (!count->is_int64() || count->get_int64() < 0) {
      fail(name, "\"count\" should be a number of rows");
    }
    return count->get_int64();
  }

  [[noreturn]] void fail(std::string_view name, std::string_view what) const {
    throw ConfigError(path_ + ": \"" + std::string(name) + "\": " + std::string(what));
  }

  const std::string& path_;
};

}  // namespace

std::vector<InspectedDatabase> read_inspect_file(const std::string& path) {
  std::vector<InspectedDatabase> databases;
  for (const auto& [name, value] : read_configuration_file(path)) {
    databases.push_back(Reader(path).database(name, value));
  }
  return databases;
}

void apply_inspect_data(const std::vector<InspectedDatabase>& inspected,
                        std::vector<DatabaseFile>& databases) {
  for (DatabaseFile& database : databases) {
    if (!database.immutable || database.path.empty()) continue;
    const auto found = std::ranges::find(inspected, database.name, &InspectedDatabase::name);
    if (found == inspected.end()) continue;
    struct stat status {};
    if (::stat(database.path.c_str(), &status) != 0 || status.st_size != found->size) {
      base::log(base::LogLevel::kWarning, "inspect file does not fit the database: ignored",
                {{"database", database.name},
                 {"size", std::to_string(status.st_size)},
                 {"inspected_size", std::to_string(found->size)}});
      continue;
    }
    database.hash = found->hash;
    database.counts = found->counts;
  }
}

}  // namespace tapedeck::config
