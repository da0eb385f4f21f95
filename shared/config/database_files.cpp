#include "config/database_files.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <glob.h>
#include <map>
#include <optional>
#include <set>
#include <string_view>
#include <sys/stat.h>
#include <utility>

#include "base/text.hpp"
#include "base/utf8.hpp"
#include "config/config_error.hpp"

namespace tapedeck::config {
namespace {

std::optional<struct stat> status_of(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return std::nullopt;
  return status;
}

// data/* must not fail because a writer has its log there right now.
bool is_companion(std::string_view path) {
  constexpr auto kSuffixes = std::to_array<std::string_view>({"-wal", "-shm", "-journal"});
  return std::ranges::any_of(kSuffixes, [path](std::string_view suffix) {
    return path.ends_with(suffix) &&
           status_of(std::string(path.substr(0, path.size() - suffix.size())));
  });
}

std::vector<std::string> matches_of(const std::string& pattern) {
  struct Glob {
    glob_t found{};
    Glob() = default;
    Glob(const Glob&) = delete;
    Glob& operator=(const Glob&) = delete;
    ~Glob() { ::globfree(&found); }
  } glob;
  std::vector<std::string> paths;
  if (::glob(pattern.c_str(), GLOB_NOSORT, nullptr, &glob.found) == 0) {
    for (std::size_t i = 0; i < glob.found.gl_pathc; ++i) {
      paths.emplace_back(glob.found.gl_pathv[i]);
    }
  }
  std::erase_if(paths, is_companion);
  std::ranges::sort(paths);
  return paths;
}

/// Workers and nginx have other working folders. A link stays what it is: it may lead elsewhere
/// tomorrow.
std::string absolute_path(const std::string& path) {
  std::error_code error;
  const auto absolute = std::filesystem::absolute(path, error);
  return error ? path : absolute.lexically_normal().string();
}

bool was_served(const ServeOptions& options, const std::string& path) {
  return std::ranges::find(options.served_before, absolute_path(path)) !=
         options.served_before.end();
}

std::vector<std::string> expand(const ServeOptions& options, const std::string& argument,
                                std::string_view option) {
  const auto invalid = [option](const std::string& what) {
    return UsageError("Invalid value for " + std::string(option) + ": " + what);
  };
  if (status_of(argument) || was_served(options, argument)) return {argument};
  if (argument.find_first_of("*?[") == std::string::npos) {
    throw invalid("Path '" + argument + "' does not exist.");
  }
  auto paths = matches_of(argument);
  if (paths.empty() && options.served_before.empty()) {
    throw invalid("No file matches '" + argument + "'.");
  }
  return paths;
}

std::string name_of(const std::string& path) {
  return base::to_valid_utf8(std::filesystem::path(path).stem().string());
}

class DatabaseList {
 public:
  explicit DatabaseList(const ServeOptions& options) : options_(options) {}

  void add_memory() { databases_.push_back({.name = "_memory", .path = ""}); }

  void add_file(const std::string& path, bool immutable, std::string_view option) {
    const auto status = status_of(path);
    if (!status && was_served(options_, path)) {
      push_file(path, immutable);
      return;
    }
    if (!status) {
      throw UsageError("Invalid value for " + std::string(option) + ": Path '" + path +
                       "' does not exist.");
    }
    if (!S_ISREG(status->st_mode)) {
      throw UsageError("Invalid value for " + std::string(option) + ": Path '" + path +
                       (S_ISDIR(status->st_mode) ? "' is a directory." : "' is not a file."));
    }
    const auto [known, is_new] = paths_.try_emplace({status->st_dev, status->st_ino}, path);
    if (!is_new) {
      std::error_code error;
      const auto target = std::filesystem::canonical(path, error);
      throw UsageError("Duplicate database file: '" + known->second + "' and '" + path +
                       "' both refer to " + (error ? path : target.string()));
    }
    push_file(path, immutable);
  }

  /// For the files of a folder, some of which may have been given beside it.
  void add_file_unless_known(const std::string& path, bool immutable) {
    const auto status = status_of(path);
    if (status && !paths_.contains({status->st_dev, status->st_ino})) {
      add_file(path, immutable, path);
    }
  }

  [[nodiscard]] std::vector<DatabaseFile> take() && { return std::move(databases_); }

 private:
  void push_file(const std::string& path, bool immutable) {
    databases_.push_back({.name = unused_name(name_of(path)),
                          .path = absolute_path(path),
                          .given_path = path,
                          .immutable = immutable});
  }

  [[nodiscard]] std::string unused_name(const std::string& wanted) const {
    std::string name = wanted;
    for (int i = 2; std::ranges::find(databases_, name, &DatabaseFile::name) != databases_.end();
         ++i) {
      name = wanted + "_" + std::to_string(i);
    }
    return name;
  }

  const ServeOptions& options_;
  std::vector<DatabaseFile> databases_;
  std::map<std::pair<dev_t, ino_t>, std::string> paths_;
};

}  // namespace

std::vector<std::string> attached_names(const std::vector<std::string>& names) {
  constexpr std::size_t kMostAttached = 10;  // SQLITE_MAX_ATTACHED
  std::vector<std::string> attached;
  std::set<std::string> taken = {"main", "temp"};
  for (const std::string& name : names) {
    if (attached.size() == kMostAttached) break;
    if (taken.insert(base::to_lower(name)).second) attached.push_back(name);
  }
  return attached;
}

std::vector<DatabaseFile> find_database_files(const ServeOptions& options) {
  constexpr std::string_view kFiles = "'[FILES]...'";
  constexpr std::string_view kImmutable = "'-i' / '--immutable'";
  DatabaseList list(options);
  const bool is_empty =
      options.files.empty() && options.immutable.empty() && options.directory_files.empty();
  if (options.memory || options.crossdb || is_empty) {
    list.add_memory();
  }
  for (const auto& argument : options.files) {
    for (const auto& path : expand(options, argument, kFiles)) list.add_file(path, false, kFiles);
  }
  for (const auto& argument : options.immutable) {
    for (const auto& path : expand(options, argument, kImmutable))
      list.add_file(path, true, kImmutable);
  }
  for (const auto& path : options.directory_files) {
    const std::string file_name = std::filesystem::path(path).filename().string();
    const bool immutable = std::ranges::find(options.directory_immutable, file_name) !=
                           options.directory_immutable.end();
    list.add_file_unless_known(path, immutable);
  }
  auto databases = std::move(list).take();
  for (DatabaseFile& database : databases) database.nolock = options.nolock;
  return databases;
}

}  // namespace tapedeck::config
