#include "pages/static_pages.hpp"

#include <algorithm>
#include <array>
#include <climits>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <sys/stat.h>
#include <utility>

#include "base/digest.hpp"
#include "base/text.hpp"
#include "http/etag.hpp"
#include "http/percent.hpp"
#include "pages/answer.hpp"

namespace tapedeck::pages {

namespace {

using http::ErrorForm;
using http::RequestError;

/// Media types by extension, as the peer's platform names them.
constexpr auto kMediaTypes = std::to_array<std::pair<std::string_view, std::string_view>>({
    {"avif", "image/avif"},
    {"css", "text/css"},
    {"csv", "text/csv"},
    {"gif", "image/gif"},
    {"htm", "text/html"},
    {"html", "text/html"},
    {"ico", "image/vnd.microsoft.icon"},
    {"jpeg", "image/jpeg"},
    {"jpg", "image/jpeg"},
    {"js", "text/javascript"},
    {"json", "application/json"},
    {"map", "application/json"},
    {"md", "text/markdown"},
    {"mjs", "text/javascript"},
    {"mp4", "video/mp4"},
    {"pdf", "application/pdf"},
    {"png", "image/png"},
    {"svg", "image/svg+xml"},
    {"txt", "text/plain"},
    {"wasm", "application/wasm"},
    {"webp", "image/webp"},
    {"woff", "font/woff"},
    {"woff2", "font/woff2"},
    {"xml", "text/xml"},
});

/// Digits of a SHA-256 that make `?_hash=`.
constexpr std::size_t kHashDigits = 12;
/// Style sheets and scripts are smaller; hashing more on demand would let anybody keep a worker
/// busy.
constexpr std::int64_t kLargestHashedFile = std::int64_t{4} * 1024 * 1024;

std::string_view media_type(std::string_view path) {
  const std::size_t dot = path.rfind('.');
  if (dot == std::string_view::npos) return "application/octet-stream";
  const std::string extension = base::to_lower(path.substr(dot + 1));
  const auto found = std::ranges::find(kMediaTypes, std::string_view(extension),
                                       &std::pair<std::string_view, std::string_view>::first);
  return found == kMediaTypes.end() ? "application/octet-stream" : found->second;
}

std::optional<std::string> real_path(const std::string& path) {
  const std::unique_ptr<char, decltype(&std::free)> resolved(::realpath(path.c_str(), nullptr),
                                                             &std::free);
  if (!resolved) return std::nullopt;
  return std::string(resolved.get());
}

/// The file at `encoded` in `directory`, links followed. Throws RequestError for folders, files
/// that are not there, and everything outside of the directory.
std::string find_file(const std::string& directory, std::string_view encoded) {
  const RequestError outside(404, "404: Path not inside root path", ErrorForm::kBareHtml);
  const std::string relative = http::percent_decode(encoded);
  if (relative.find('\0') != std::string::npos) throw outside;
  const std::optional<std::string> root = real_path(directory);
  const std::filesystem::path lexical =
      (std::filesystem::path(root.value_or(directory)) / ("./" + relative)).lexically_normal();
  const std::string prefix = root.value_or(directory) + "/";
  const auto is_inside = [&prefix](const std::string& path) {
    return (path + "/").starts_with(prefix);
  };
  if (!is_inside(lexical.string())) throw outside;
  const std::optional<std::string> path = real_path(lexical.string());
  if (!path) throw RequestError(404, "404: File not found", ErrorForm::kBareHtml);
  if (!is_inside(*path)) throw outside;
  return *path;
}

/// A database of this site, its log or wal-index. Opening one here would drop SQLite's locks on it,
/// and what may be downloaded is decided elsewhere.
bool is_database_file(const Call& call, const struct stat& status) {
  for (const auto& database : call.instance.databases()) {
    if (database->is_memory()) continue;
    for (const std::string_view suffix : {"", "-wal", "-shm", "-journal"}) {
      struct stat other {};
      const std::string path = database->path() + std::string(suffix);
      if (::stat(path.c_str(), &other) == 0 && other.st_dev == status.st_dev &&
          other.st_ino == status.st_ino) {
        return true;
      }
    }
  }
  return false;
}

http::Response send_file(Call& call, const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) {
    throw RequestError(404, "404: File not found", ErrorForm::kBareHtml);
  }
  if (S_ISDIR(status.st_mode)) {
    throw RequestError(403, "403: Directory listing is not allowed", ErrorForm::kBareHtml);
  }
  if (!S_ISREG(status.st_mode) || is_database_file(call, status)) {
    throw RequestError(404, "404: File not found", ErrorForm::kBareHtml);
  }
  call.is_repeatable = false;  // the ETag is the file's own
  call.depends_on_actor = false;
  call.allows_cors = false;
  const std::string identity =
      std::to_string(status.st_ino) + '/' + std::to_string(status.st_size) + '/' +
      std::to_string(status.st_mtim.tv_sec) + '.' + std::to_string(status.st_mtim.tv_nsec);
  const std::string etag = '"' + base::md5_hex(identity) + '"';
  http::Response response;
  response.headers.set("ETag", etag);
  const std::string_view hash = call.request.query.value("_hash");
  if (hash.size() == kHashDigits && status.st_size <= kLargestHashedFile) {
    const auto digest = base::sha256_hex_of_file(path);
    if (digest && std::string_view(*digest).starts_with(hash)) {
      response.headers.set("Cache-Control", "max-age=31536000, immutable, public");
    }
  }
  if (http::if_none_match(call.request.headers.value("if-none-match"), etag)) {
    response.status = 304;
    return response;
  }
  response.headers.set("Content-Type", media_type(path));
  response.file = http::FileBody{path, status.st_size};
  return response;
}

const config::StaticMount* fallback_mount(const config::Configuration& configuration) {
  const auto& mounts = configuration.static_mounts;
  const auto named = std::ranges::find(mounts, "static", &config::StaticMount::mount);
  if (named != mounts.end()) return &*named;
  return mounts.size() == 1 ? &mounts.front() : nullptr;
}

}  // namespace

http::Response bundled_file(Call& call) {
  const std::string& bundled = call.instance.options().assets.static_files;
  try {
    return send_file(call, find_file(bundled, call.rest));
  } catch (const RequestError& error) {
    const config::StaticMount* mount = fallback_mount(call.configuration());
    if (error.status != 404 || mount == nullptr) throw;
    return send_file(call, find_file(mount->directory, call.rest));
  }
}

http::Response mounted_file(Call& call, const config::StaticMount& mount) {
  return send_file(call, find_file(mount.directory, call.rest));
}

http::Response favicon(Call& call) {
  http::Response response =
      send_file(call, call.instance.options().assets.static_files + "/favicon.png");
  response.headers.set("Cache-Control", "max-age=3600, public");
  return response;
}

}  // namespace tapedeck::pages
