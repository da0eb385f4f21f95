#include "fcgi/file_watch.hpp"

#include <algorithm>
#include <filesystem>
#include <sys/stat.h>
#include <utility>
#include <vector>

#include "base/digest.hpp"

namespace tapedeck::fcgi {
namespace {

namespace fs = std::filesystem;

/// A folder with more is somebody's whole disk; the rest of it is not looked at.
constexpr std::size_t kMostFiles = 10000;

void append_state(std::string& out, const std::string& path) {
  struct stat status {};
  out += path;
  if (::stat(path.c_str(), &status) == 0) {
    out += '\0' + std::to_string(status.st_dev) + '/' + std::to_string(status.st_ino) + '/' +
           std::to_string(status.st_size) + '/' + std::to_string(status.st_mtim.tv_sec) + '.' +
           std::to_string(status.st_mtim.tv_nsec);
  }
  out += '\n';
}

std::vector<std::string> files_below(const std::string& folder) {
  std::vector<std::string> files;
  std::error_code error;
  for (fs::recursive_directory_iterator it(folder, error), end;
       !error && it != end && files.size() < kMostFiles; it.increment(error)) {
    if (!it->is_directory(error)) files.push_back(it->path().string());
  }
  std::ranges::sort(files);
  return files;
}

/// Names in a folder, without those that come and go with every write to a database there.
void append_names(std::string& out, const std::string& folder) {
  std::vector<std::string> names;
  std::error_code error;
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    std::string name = it->path().filename().string();
    if (name.ends_with("-journal") || name.ends_with("-wal") || name.ends_with("-shm")) continue;
    names.push_back(std::move(name));
  }
  std::ranges::sort(names);
  for (const std::string& name : names) out += name + '\n';
}

}  // namespace

FileWatch::FileWatch(const config::ServeOptions& options,
                     const config::Configuration& configuration,
                     const instance::AssetPaths& assets) {
  for (const auto& file : {options.metadata, options.config, options.inspect_file}) {
    if (file) files_.push_back(*file);
  }
  directory_ = options.directory;
  for (const config::DatabaseFile& database : configuration.databases) {
    if (database.immutable) files_.push_back(database.path);
  }
  folders_.push_back(assets.templates);
  if (configuration.template_dir) folders_.push_back(*configuration.template_dir);
  for (const config::StaticMount& mount : configuration.static_mounts) {
    folders_.push_back(mount.directory);
  }
  state_ = state();
}

bool FileWatch::has_changed() {
  std::string now = state();
  const bool changed = now != state_;
  state_ = std::move(now);
  return changed;
}

std::string FileWatch::state() const {
  std::string text;
  if (directory_) append_names(text, *directory_);
  for (const std::string& file : files_) append_state(text, file);
  for (const std::string& folder : folders_) {
    for (const std::string& file : files_below(folder)) append_state(text, file);
  }
  return base::sha256_hex(text);
}

}  // namespace tapedeck::fcgi
