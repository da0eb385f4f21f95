#include "config/directory.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <initializer_list>
#include <string_view>
#include <utility>

#include "base/log.hpp"
#include "config/config_error.hpp"
#include "config/inspect_data.hpp"
#include "config/serve_key.hpp"

namespace tapedeck::config {
namespace {

namespace fs = std::filesystem;

bool is_folder(const std::string& path) {
  std::error_code error;
  return fs::is_directory(path, error);
}

bool is_file(const fs::path& path) {
  std::error_code error;
  return fs::is_regular_file(path, error);
}

std::optional<std::string> first_file(const fs::path& folder,
                                      std::initializer_list<const char*> names) {
  for (const char* name : names) {
    if (is_file(folder / name)) return (folder / name).string();
  }
  return std::nullopt;
}

/// By extension as Datasette looks for them, then by name.
std::vector<std::string> database_files(const fs::path& folder) {
  constexpr auto kExtensions = std::to_array<std::string_view>({".db", ".sqlite", ".sqlite3"});
  std::vector<std::pair<std::ptrdiff_t, std::string>> found;
  std::error_code error;
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    const std::string name = it->path().filename().string();
    const auto extension = std::ranges::find_if(
        kExtensions, [&name](std::string_view known) { return name.ends_with(known); });
    // A pattern finds no hidden files either.
    if (extension == kExtensions.end() || name.starts_with('.') || !is_file(it->path())) continue;
    found.emplace_back(extension - kExtensions.begin(), it->path().string());
  }
  if (error) throw ConfigError(folder.string() + ": " + error.message());
  std::ranges::sort(found);
  std::vector<std::string> files;
  files.reserve(found.size());
  for (auto& [extension, path] : found) files.push_back(std::move(path));
  return files;
}

}  // namespace

ServeOptions with_directory(ServeOptions options) {
  if (options.is_directory_merged) return options;
  options.is_directory_merged = true;
  const auto folder_at = std::ranges::find_if(options.files, is_folder);
  if (folder_at == options.files.end()) return options;
  const fs::path folder = *folder_at;
  options.files.erase(folder_at);
  if (std::ranges::any_of(options.files, is_folder)) {
    throw UsageError("Cannot pass multiple directories. Pass a single directory as config_dir.");
  }
  options.directory = folder.string();
  if (!options.metadata) {
    options.metadata = first_file(folder, {"metadata.json", "metadata.yaml", "metadata.yml"});
  }
  if (!options.config) {
    options.config = first_file(folder, {"datasette.json", "datasette.yaml", "datasette.yml"});
  }
  if (!options.template_dir && is_folder((folder / "templates").string())) {
    options.template_dir = (folder / "templates").string();
  }
  if (options.static_mounts.empty() && is_folder((folder / "static").string())) {
    options.static_mounts.push_back(make_static_mount("static", (folder / "static").string()));
  }
  options.directory_files = database_files(folder);
  if (!options.inspect_file) options.inspect_file = first_file(folder, {"inspect-data.json"});
  if (options.inspect_file) {
    for (const InspectedDatabase& database : read_inspect_file(*options.inspect_file)) {
      options.directory_immutable.push_back(fs::path(database.file).filename().string());
    }
  }
  return options;
}

void warn_of_unread_files(const ServeOptions& options) {
  if (!options.directory) return;
  std::error_code error;
  for (const char* name : {"settings.json", "config.json", "plugins"}) {
    const fs::path path = fs::path(*options.directory) / name;
    if (!fs::exists(path, error)) continue;
    base::log(base::LogLevel::kWarning, "not read in a configuration directory",
              {{"path", path.string()}});
  }
}

}  // namespace tapedeck::config
