#include "instance/instance.hpp"

#include <algorithm>
#include <utility>

#include "sqlite/error.hpp"
#include "sqlite/extensions.hpp"

namespace tapedeck::instance {

namespace {

/// Page cache per connection where the configuration says nothing: generous for one database, small
/// for many, since every worker has its own (ten databases took 23 MB each with SQLite's default).
constexpr int kCacheForAllKb = 2000;
constexpr int kSmallestCacheKb = 256;

}  // namespace

void use_extensions(const std::vector<config::Extension>& extensions) {
  std::vector<sqlite::Extension> wanted;
  wanted.reserve(extensions.size());
  for (const config::Extension& extension : extensions) {
    wanted.push_back({.path = extension.path, .entry_point = extension.entry_point});
  }
  try {
    sqlite::use_extensions(wanted);
  } catch (const sqlite::Error& error) {
    throw config::ConfigError(std::string("--load-extension ") + error.what());
  }
}

Instance::Instance(std::shared_ptr<const config::Configuration> configuration, Options options)
    : configuration_(std::move(configuration)), options_(std::move(options)) {
  const config::Settings& settings = configuration_->settings;
  sqlite::initialise(std::int64_t{settings.sql_heap_limit_mb} * 1024 * 1024);
  use_extensions(configuration_->extensions);
  extra_assets_ = read_extra_assets(*configuration_);
  policy_ = instance::content_security_policy(extra_assets_);
  templates_ = std::make_unique<Templates>(
      options_.assets.templates, configuration_->template_dir, options_.assets.static_files,
      StaticMounts{.base_url = settings.base_url, .mounts = configuration_->static_mounts});
  SchemaReadings* readings =
      options_.scoreboard == nullptr ? nullptr : &options_.scoreboard->header().schema_readings;
  const int share =
      kCacheForAllKb / std::max(1, static_cast<int>(configuration_->databases.size()));
  for (config::DatabaseFile file : configuration_->databases) {
    if (file.cache_size_kb == 0) file.cache_size_kb = settings.cache_size_kb;
    if (file.cache_size_kb == 0) file.cache_size_kb = std::max(kSmallestCacheKb, share);
    databases_.push_back(std::make_unique<Database>(file, settings, options_.monitor, readings));
  }
}

Database* Instance::find_database(std::string_view name) const {
  const auto found = std::ranges::find_if(
      databases_, [&](const auto& database) { return database->name() == name; });
  return found == databases_.end() ? nullptr : found->get();
}

std::vector<Database*> Instance::attachable_databases() const {
  std::vector<Database*> files;
  for (const auto& database : databases_) {
    if (configuration_->crossdb && !database->is_memory()) files.push_back(database.get());
  }
  return files;
}

void Instance::begin_request() {
  route_ = 0;
  for (const auto& database : databases_) database->begin_request();
}

bool Instance::wants_new_process() const {
  return std::ranges::any_of(databases_,
                             [](const auto& database) { return database->wants_new_process(); });
}

}  // namespace tapedeck::instance
