#include "config/extensions.hpp"

#include <array>
#include <filesystem>
#include <optional>
#include <string_view>

#include "config/config_error.hpp"

namespace tapedeck::config {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kSpatialite = "spatialite";
constexpr auto kSpatialitePaths = std::to_array<const char*>(
    {"/usr/lib/x86_64-linux-gnu/mod_spatialite.so", "/usr/lib/aarch64-linux-gnu/mod_spatialite.so",
     "/usr/lib/mod_spatialite.so", "/usr/lib64/mod_spatialite.so",
     "/usr/local/lib/mod_spatialite.so"});

std::optional<std::string> existing(const std::string& path) {
  std::error_code error;
  for (const std::string& candidate : {path, path + ".so"}) {
    // The dynamic linker would look elsewhere for a name without a slash.
    if (fs::is_regular_file(candidate, error)) return fs::absolute(candidate, error).string();
  }
  return std::nullopt;
}

std::string find_spatialite(std::string_view source) {
  for (const char* path : kSpatialitePaths) {
    if (const auto found = existing(path)) return *found;
  }
  throw ConfigError(std::string(source) + " spatialite: Could not find SpatiaLite extension");
}

Extension find_extension(const std::string& given, std::string_view source) {
  const std::size_t colon = given.find(':');
  const std::string path = given.substr(0, colon);
  Extension extension;
  if (colon != std::string::npos) extension.entry_point = given.substr(colon + 1);
  if (path == kSpatialite) {
    extension.path = find_spatialite(source);
  } else if (const auto found = existing(path)) {
    extension.path = *found;
  } else {
    throw ConfigError(std::string(source) + " " + given + ": there is no file '" + path + "'");
  }
  return extension;
}

}  // namespace

std::vector<Extension> find_extensions(const std::vector<std::string>& given,
                                       std::string_view source) {
  std::vector<Extension> extensions;
  extensions.reserve(given.size());
  for (const std::string& one : given) extensions.push_back(find_extension(one, source));
  return extensions;
}

}  // namespace tapedeck::config
