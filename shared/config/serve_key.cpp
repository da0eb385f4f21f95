#include "config/serve_key.hpp"

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <optional>
#include <utility>
#include <vector>

#include "base/text.hpp"
#include "config/config_error.hpp"
#include "config/configuration_file.hpp"
#include "config/directory.hpp"
#include "config/known_keys.hpp"

namespace tapedeck::config {
namespace {

namespace json = boost::json;

/// The object under `serve`; its keys have passed check_keys().
class ServeKey {
 public:
  ServeKey(const json::object& keys, const std::string& file)
      : keys_(keys), folder_(std::filesystem::path(file).parent_path()) {}

  [[nodiscard]] std::vector<std::string> paths(std::string_view key) const {
    std::vector<std::string> paths;
    if (const auto* value = present(key)) {
      for (const auto& item : value->get_array()) paths.push_back(resolved(item));
    }
    return paths;
  }

  [[nodiscard]] std::optional<std::string> path(std::string_view key) const {
    const auto* value = present(key);
    return value == nullptr ? std::nullopt : std::optional(resolved(*value));
  }

  [[nodiscard]] bool is_true(std::string_view key) const {
    const auto* value = present(key);
    return value != nullptr && (*value == true || *value == 1);
  }

  [[nodiscard]] std::vector<StaticMount> mounts() const {
    std::vector<StaticMount> mounts;
    if (const auto* value = present("static")) {
      for (const auto& [mount, directory] : value->get_object()) {
        mounts.push_back(make_static_mount(mount, resolved(directory)));
      }
    }
    return mounts;
  }

  /// nullptr for an absent key and for null.
  [[nodiscard]] const json::value* present(std::string_view key) const {
    const auto* value = keys_.if_contains(key);
    return value == nullptr || value->is_null() ? nullptr : value;
  }

 private:
  [[nodiscard]] std::string resolved(const json::value& path) const {
    return (folder_ / std::string_view(path.get_string())).string();
  }

  const json::object& keys_;
  std::filesystem::path folder_;
};

template <class Item>
void put_first(std::vector<Item>& items, std::vector<Item> first) {
  items.insert(items.begin(), std::make_move_iterator(first.begin()),
               std::make_move_iterator(first.end()));
}

}  // namespace

ServeOptions merge_serve_key(ServeOptions options) {
  options = with_directory(std::move(options));
  if (options.is_serve_key_merged || !options.config) return options;
  const json::object configuration = read_configuration_file(*options.config);
  static_cast<void>(check_keys(configuration, FileKind::kConfig, *options.config));
  return merge_serve_key(std::move(options), configuration);
}

ServeOptions merge_serve_key(ServeOptions options, const json::object& configuration) {
  if (options.is_serve_key_merged) return options;
  options.is_serve_key_merged = true;
  const json::value* value = configuration.if_contains("serve");
  if (value == nullptr || !value->is_object() || !options.config) return options;
  const ServeKey keys(value->get_object(), *options.config);
  put_first(options.files, keys.paths("files"));
  put_first(options.immutable, keys.paths("immutable"));
  if (!options.metadata) options.metadata = keys.path("metadata");
  if (!options.template_dir) options.template_dir = keys.path("template_dir");
  options.cors = options.cors || keys.is_true("cors");
  options.memory = options.memory || keys.is_true("memory");
  options.create = options.create || keys.is_true("create");
  auto mounts = keys.mounts();
  std::erase_if(mounts, [&options](const StaticMount& mount) {
    return std::ranges::find(options.static_mounts, mount.mount, &StaticMount::mount) !=
           options.static_mounts.end();
  });
  put_first(options.static_mounts, std::move(mounts));
  if (const auto* workers = keys.present("workers"); workers != nullptr && options.workers == 0) {
    if (workers->get_int64() > kMaxWorkers) {
      throw ConfigError(*options.config + ": \"serve.workers\" should be at most " +
                        std::to_string(kMaxWorkers));
    }
    options.workers = static_cast<int>(workers->get_int64());
  }
  if (const auto* host = keys.present("host"); host != nullptr && !options.is_host_given) {
    options.host = host->get_string();
  }
  if (const auto* port = keys.present("port"); port != nullptr && !options.is_port_given) {
    options.port =
        parse_port(std::to_string(port->get_int64()), *options.config + ": \"serve.port\"");
  }
  return options;
}

StaticMount make_static_mount(std::string_view mount, const std::string& directory) {
  while (mount.starts_with('/')) mount.remove_prefix(1);
  while (mount.ends_with('/')) mount.remove_suffix(1);
  if (mount.empty() || mount == "-" || mount.starts_with("-/")) {
    throw ConfigError("static mount '" + std::string(mount) +
                      "': needs a path of its own, not / and not under /-/");
  }
  std::error_code error;
  const auto resolved = std::filesystem::canonical(directory, error);
  if (error || !std::filesystem::is_directory(resolved, error)) {
    throw ConfigError("static mount '" + std::string(mount) + "': '" + directory +
                      "' is not a directory");
  }
  return {.mount = std::string(mount), .directory = resolved.string()};
}

int parse_port(std::string_view text, std::string_view source) {
  constexpr std::int64_t kHighestPort = 65535;
  const auto port = base::parse_int64(text);
  if (!base::is_all_digits(text) || !port || *port > kHighestPort) {
    throw ConfigError(std::string(source) + " should be a port from 0 to 65535, not '" +
                      std::string(text) + "'");
  }
  return static_cast<int>(*port);
}

}  // namespace tapedeck::config
