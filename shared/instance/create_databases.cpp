#include "instance/create_databases.hpp"

#include <filesystem>

#include "base/log.hpp"
#include "config/config_error.hpp"
#include "config/settings.hpp"
#include "sqlite/connection.hpp"
#include "sqlite/error.hpp"

namespace tapedeck::instance {

void create_missing_databases(const config::ServeOptions& options) {
  if (!options.create) return;
  sqlite::initialise(std::int64_t{config::Settings().sql_heap_limit_mb} * 1024 * 1024);
  for (const std::string& file : options.files) {
    std::error_code error;
    const bool is_there = std::filesystem::exists(std::filesystem::symlink_status(file, error));
    if (is_there || file.find_first_of("*?[") != std::string::npos) continue;
    try {
      sqlite::create_database(file);
    } catch (const sqlite::Error& failure) {
      throw config::ConfigError(file + ": cannot be created: " + failure.what());
    }
    base::log(base::LogLevel::kInfo, "created", {{"file", file}});
  }
}

}  // namespace tapedeck::instance
