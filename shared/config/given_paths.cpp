#include "config/given_paths.hpp"

#include <filesystem>
#include <string_view>

#include "config/config_error.hpp"
#include "config/extensions.hpp"

namespace tapedeck::config {
namespace {

namespace fs = std::filesystem;

void require_file(const std::optional<std::string>& path, std::string_view option) {
  if (!path) return;
  std::error_code error;
  const fs::file_status status = fs::status(*path, error);
  if (fs::is_regular_file(status)) return;
  const std::string_view what = fs::is_directory(status)                    ? "is a directory."
                                : status.type() == fs::file_type::not_found ? "does not exist."
                                                                            : "is not a file.";
  throw UsageError("Invalid value for " + std::string(option) + ": Path '" + *path + "' " +
                   std::string(what));
}

}  // namespace

void require_given_paths(const ServeOptions& options) {
  require_file(options.metadata, "'-m' / '--metadata'");
  require_file(options.config, "'-c' / '--config'");
  require_file(options.inspect_file, "'--inspect-file'");
  std::error_code error;
  if (options.template_dir && !fs::is_directory(*options.template_dir, error)) {
    throw UsageError("--template-dir: '" + *options.template_dir + "' is not a directory");
  }
  if (options.are_extensions_of_environment) return;
  try {
    static_cast<void>(find_extensions(options.load_extensions));
  } catch (const ConfigError& missing) {
    throw UsageError(missing.what());
  }
}

}  // namespace tapedeck::config
