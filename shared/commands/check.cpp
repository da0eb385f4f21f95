#include "commands/check.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <optional>
#include <string>
#include <string_view>
#include <sys/stat.h>
#include <vector>

#include "base/output.hpp"
#include "base/text.hpp"
#include "data/column_type.hpp"
#include "data/table_config.hpp"
#include "data/table_plan.hpp"
#include "http/request_error.hpp"
#include "instance/database.hpp"
#include "instance/extra_assets.hpp"
#include "instance/templates.hpp"
#include "sqlite/error.hpp"

namespace tapedeck::commands {

namespace {

namespace json = boost::json;

constexpr std::int64_t kMegabyte = std::int64_t{1} << 20;

/// Texts of files and databases must not turn one line into two.
std::string one_line(std::string text) {
  for (char& c : text) {
    if (static_cast<unsigned char>(c) < ' ') c = ' ';
  }
  return text;
}

std::int64_t log_size(const instance::Database& database) {
  struct stat status {};
  const std::string log = database.path() + "-wal";
  return ::stat(log.c_str(), &status) == 0 ? status.st_size : 0;
}

class Check {
 public:
  Check(const config::ServeOptions& options, const config::Environment& environment,
        const instance::AssetPaths& assets)
      : options_(options), environment_(environment), assets_(assets) {}

  int run() {
    const std::optional<config::Configuration> configuration = load();
    if (configuration) {
      sqlite::initialise(configuration->settings.sql_heap_limit_mb * kMegabyte);
      load_extensions(*configuration);
      for (const config::DatabaseFile& file : configuration->databases) {
        check_database(*configuration, file);
      }
      warn_of_unknown_databases(*configuration);
      check_assets(*configuration);
    }
    check_templates(configuration);
    say(problems_ == 0 ? "no problems"
                       : std::to_string(problems_) + (problems_ == 1 ? " problem" : " problems"));
    return problems_ == 0 ? 0 : 1;
  }

 private:
  static void say(const std::string& line) { base::print(one_line(line) + "\n"); }
  void fail(const std::string& what) {
    ++problems_;
    std::fprintf(stderr, "Error: %s\n", one_line(what).c_str());
  }
  static void warn(const std::string& what) {
    std::fprintf(stderr, "Warning: %s\n", one_line(what).c_str());
  }

  std::optional<config::Configuration> load() {
    try {
      config::Configuration configuration = config::load(options_, environment_);
      say("configuration: ok");
      return configuration;
    } catch (const config::ConfigError& error) {
      fail(error.what());
      return std::nullopt;
    }
  }

  void load_extensions(const config::Configuration& configuration) {
    try {
      instance::use_extensions(configuration.extensions);
    } catch (const config::ConfigError& error) {
      fail(error.what());
    }
  }

  void check_database(const config::Configuration& configuration,
                      const config::DatabaseFile& file) {
    const std::string label =
        "database " + file.name + (file.path.empty() ? "" : " (" + file.path + ")");
    try {
      instance::Database database(file, configuration.settings);
      const bool is_wal = database.current().is_wal();
      const std::int64_t log = file.path.empty() ? 0 : log_size(database);
      const sqlite::Catalogue& catalogue = database.catalogue();
      if (file.immutable && is_wal && log > 0) {
        fail(label + ": is served as immutable, but " + base::format_bytes(log) +
             " of changes lie in its log, which is not read then");
      } else {
        say(label + ": " + state_of(database, is_wal, log));
      }
      check_queries(configuration, database);
      warn_of_unknown_tables(configuration, file.name, catalogue);
      warn_of_column_types(configuration, file.name, catalogue);
      check_columns(configuration, file.name, catalogue);
    } catch (const http::RequestError& error) {
      fail(label + ": " + error.message + reason_of_wal(file));
    } catch (const sqlite::Error& error) {
      fail(label + ": " + error.what());
    }
  }

  /// In plain words: how a worker reads the file, and what that rests on.
  static std::string state_of(const instance::Database& database, bool is_wal, std::int64_t log) {
    if (database.is_memory()) return "in memory";
    const bool reads_immutable = database.open_mode() == sqlite::OpenMode::kImmutable;
    if (database.is_immutable()) {
      return "immutable: read without locks; nobody may change the file in place";
    }
    if (!is_wal) return "rollback journal: read with SQLite's locks, writers are seen at once";
    if (reads_immutable) {
      return "WAL mode, closed cleanly, and no -shm file can be made beside it: read as immutable, "
             "looked at again before every request; once a writer opens it, it is read with its "
             "log";
    }
    if (log > 0) {
      return "WAL mode with a log of " + base::format_bytes(log) +
             ": file and log are read together, writers are seen at once";
    }
    return "WAL mode without log: read with SQLite's locks, writers are seen at once";
  }

  /// The case that surprises: a log, but no way to make or read the -shm file that goes with it.
  static std::string reason_of_wal(const config::DatabaseFile& file) {
    struct stat status {};
    const std::string log = file.path + "-wal";
    if (file.path.empty() || ::stat(log.c_str(), &status) != 0 || status.st_size == 0) return {};
    return " (WAL mode: its log holds " + base::format_bytes(status.st_size) +
           ", and this user can neither read nor make the -shm file that goes with it; let a "
           "program that may write there open and close it)";
  }

  void check_queries(const config::Configuration& configuration, instance::Database& database) {
    const json::object* keys = configuration.database_config(database.name());
    const json::value* queries = keys == nullptr ? nullptr : keys->if_contains("queries");
    if (queries == nullptr || !queries->is_object()) return;
    for (const auto& [name, value] : queries->get_object()) {
      const json::object* query = value.if_object();
      const json::value* is_write = query == nullptr ? nullptr : query->if_contains("write");
      if (is_write != nullptr && (*is_write == true || *is_write == 1)) continue;
      // Its own connection refuses what would change something.
      const json::value& sql = query == nullptr ? value : query->at("sql");
      try {
        static_cast<void>(database.connection().prepare(sql.get_string()));
      } catch (const sqlite::Error& error) {
        fail("databases." + database.name() + ".queries." + std::string(name) + ": " +
             error.what());
      }
    }
  }

  static void warn_of_unknown_tables(const config::Configuration& configuration,
                                     const std::string& database,
                                     const sqlite::Catalogue& catalogue) {
    for (const json::object* keys :
         {configuration.database_config(database), configuration.database_metadata(database)}) {
      const json::value* tables = keys == nullptr ? nullptr : keys->if_contains("tables");
      if (tables == nullptr || !tables->is_object()) continue;
      for (const auto& [table, value] : tables->get_object()) {
        if (catalogue.find(table) != nullptr) continue;
        warn("databases." + database + ".tables." + std::string(table) +
             ": there is no such table");
      }
    }
  }

  static void warn_of_column_types(const config::Configuration& configuration,
                                   const std::string& database,
                                   const sqlite::Catalogue& catalogue) {
    for (const auto& [name, table] : catalogue.tables) {
      for (const auto& misfit :
           data::column_type_misfits(table, configuration.table_config(database, name))) {
        warn("databases." + database + ".tables." + std::string(name) + ".column_types." +
             misfit.column + ": " + misfit.reason);
      }
    }
  }

  /// Names in the keys of tables that would make an error of each of their pages.
  void check_columns(const config::Configuration& configuration, const std::string& database,
                     const sqlite::Catalogue& catalogue) {
    for (const auto& [name, table] : catalogue.tables) {
      const json::object* keys = configuration.table_config(database, name);
      if (keys == nullptr || !table.trouble.empty()) continue;
      const data::TableConfig config = data::read_table_config(keys);
      const std::string place = base::join({"databases", database, "tables", name}, ".");
      require_column(table, place, config.sort_descending ? "sort_desc" : "sort", config.sort);
      require_column(table, place, "label_column", config.label_column);
      for (const data::FacetSetting& facet : config.facets) {
        require_column(table, place, "facets", facet.column);
      }
      for (const std::string& column :
           config.sortable_columns.value_or(std::vector<std::string>{})) {
        require_column(table, place, "sortable_columns", column);
      }
      if (config.fts_pk != "rowid") require_column(table, place, "fts_pk", config.fts_pk);
      if (!config.fts_table.empty() && catalogue.find_ignoring_case(config.fts_table) == nullptr) {
        fail(place + ".fts_table: there is no table " + config.fts_table);
      }
    }
  }

  /// "" is none.
  void require_column(const sqlite::Table& table, const std::string& place, const char* key,
                      const std::string& column) {
    if (column.empty() || data::is_column(table, column)) return;
    fail(place + "." + key + ": there is no column " + column);
  }

  static void warn_of_unknown_databases(const config::Configuration& configuration) {
    for (const json::object* keys : {&configuration.config, &configuration.metadata}) {
      const json::value* databases = keys->if_contains("databases");
      if (databases == nullptr || !databases->is_object()) continue;
      for (const auto& [name, value] : databases->get_object()) {
        const std::string_view wanted = name;
        const bool is_served = std::ranges::any_of(
            configuration.databases, [&](const auto& database) { return database.name == wanted; });
        if (!is_served) warn("databases." + std::string(name) + ": no such database is served");
      }
    }
  }

  void check_assets(const config::Configuration& configuration) {
    try {
      static_cast<void>(instance::read_extra_assets(configuration));
    } catch (const config::ConfigError& error) {
      fail(error.what());
    }
  }

  void check_templates(const std::optional<config::Configuration>& configuration) {
    const auto user_dir = configuration ? configuration->template_dir : options_.template_dir;
    const std::vector<std::string> faults = instance::Templates::faults_in(user_dir);
    for (const std::string& fault : faults) fail(fault);
    if (!faults.empty()) return;
    try {
      instance::StaticMounts mounts;
      if (configuration) mounts.mounts = configuration->static_mounts;
      const instance::Templates templates(assets_.templates, user_dir, assets_.static_files,
                                          mounts);
      say("templates: ok");
    } catch (const config::ConfigError& error) {
      fail(error.what());
    }
  }

  const config::ServeOptions& options_;
  const config::Environment& environment_;
  const instance::AssetPaths& assets_;
  int problems_ = 0;
};

}  // namespace

int check(const config::ServeOptions& options, const config::Environment& environment,
          const instance::AssetPaths& assets) {
  return Check(options, environment, assets).run();
}

}  // namespace tapedeck::commands
