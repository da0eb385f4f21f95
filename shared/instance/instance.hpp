#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "config/configuration.hpp"
#include "instance/database.hpp"
#include "instance/extra_assets.hpp"
#include "instance/lane.hpp"
#include "instance/permission_log.hpp"
#include "instance/scoreboard.hpp"
#include "instance/templates.hpp"
#include "sqlite/monitor.hpp"

namespace tapedeck::instance {

/// Where the program's own files lie: beside the checkout's build folder, or under /usr/share.
struct AssetPaths {
  std::string templates;
  std::string static_files;
};

/// Loads the configured extensions for every connection of this process, see
/// sqlite::use_extensions(). Throws config::ConfigError.
void use_extensions(const std::vector<config::Extension>& extensions);

/// What one process holds for its whole life. One request at a time; nothing here is shared between
/// threads. Made after the fork, since SQLite handles must not cross one.
class Instance {
 public:
  struct Options {
    /// The lane of this worker; none for CGI, `--get` and tests, which do every lane's work.
    std::optional<Lane> lane;
    AssetPaths assets;
    /// May be null. Must outlive the instance.
    sqlite::Monitor* monitor = nullptr;
    /// May be null. Must outlive the instance.
    Scoreboard* scoreboard = nullptr;
  };

  /// Loads extensions and templates; databases are opened at their first use. Throws
  /// config::ConfigError for an extension that cannot be loaded, a template that does not parse,
  /// and an address in extra_css_urls or extra_js_urls that is none.
  Instance(std::shared_ptr<const config::Configuration> configuration, Options options);

  [[nodiscard]] const config::Configuration& configuration() const { return *configuration_; }
  [[nodiscard]] const config::Settings& settings() const { return configuration_->settings; }
  [[nodiscard]] const Options& options() const { return options_; }
  [[nodiscard]] Templates& templates() { return *templates_; }
  [[nodiscard]] PermissionLog& permission_log() { return permission_log_; }
  [[nodiscard]] const ExtraAssets& extra_assets() const { return extra_assets_; }
  /// Of HTML answers.
  [[nodiscard]] const std::string& content_security_policy() const { return policy_; }
  /// In load order.
  [[nodiscard]] const std::vector<std::unique_ptr<Database>>& databases() const {
    return databases_;
  }
  /// nullptr for an unknown name; names compare exactly.
  [[nodiscard]] Database* find_database(std::string_view name) const;
  /// What `--crossdb` may attach to `_memory`; none without it.
  [[nodiscard]] std::vector<Database*> attachable_databases() const;
  /// To be called before each request.
  void begin_request();
  /// For the counters: number of the route that the request in hand has taken; 0 = none yet.
  void set_route(std::size_t route) { route_ = route; }
  [[nodiscard]] std::size_t route() const { return route_; }
  /// True at the first call with these words: for warnings that one process gives once. REQUIRES:
  /// the words come from the configuration, so that there are few.
  [[nodiscard]] bool is_news(const std::string& words) { return told_.insert(words).second; }
  /// Whether this process should end after the request, so that a new one resolves paths anew.
  [[nodiscard]] bool wants_new_process() const;

 private:
  std::shared_ptr<const config::Configuration> configuration_;
  Options options_;
  ExtraAssets extra_assets_;
  std::string policy_;
  std::unique_ptr<Templates> templates_;
  std::vector<std::unique_ptr<Database>> databases_;
  PermissionLog permission_log_;
  std::set<std::string, std::less<>> told_;
  std::size_t route_ = 0;
};

}  // namespace tapedeck::instance
