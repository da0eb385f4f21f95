#pragma once

#include <chrono>
#include <cstdint>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "config/configuration.hpp"
#include "instance/generation.hpp"
#include "instance/result_cache.hpp"
#include "instance/schema_readings.hpp"
#include "sqlite/catalogue.hpp"
#include "sqlite/connection.hpp"

namespace tapedeck::instance {

/// One database of the site: its file, its connections, what is known about its content.
///
/// Connections open at first use. A file that was replaced is reopened before the next request; one
/// that is gone or cannot be read gives http::RequestError 503, one that is damaged 500, with the
/// reason, for this database only.
class Database {
 public:
  /// `monitor` and `readings` may be null, and must outlive the database.
  Database(const config::DatabaseFile& file, const config::Settings& settings,
           sqlite::Monitor* monitor = nullptr, SchemaReadings* readings = nullptr);
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  [[nodiscard]] const std::string& name() const { return file_.name; }
  [[nodiscard]] const std::string& path() const { return file_.path; }
  [[nodiscard]] bool is_memory() const { return file_.path.empty(); }
  [[nodiscard]] bool is_immutable() const { return file_.immutable; }
  /// How the file is open; kImmutable also for a WAL file where no -shm can be made.
  [[nodiscard]] sqlite::OpenMode open_mode() const { return mode_; }
  /// Size of the file in bytes now; 0 when it is gone, and for memory databases.
  [[nodiscard]] std::int64_t file_size() const;
  /// SHA-256 of an immutable file; nothing for others. Worked out once (in the pool's master, see
  /// hash_immutable_files; here when that did not run).
  [[nodiscard]] std::optional<std::string> hash();
  /// Rows of a table (its name as quote_identifier() writes it) of an immutable file that was
  /// inspected and has not been replaced since; nothing for others.
  [[nodiscard]] std::optional<std::int64_t> inspected_count(std::string_view quoted_table) const;
  /// Whether the file, replaced meanwhile, is out of this process's reach (a link that now leads to
  /// a folder outside of its sandbox): a new process would resolve the path anew.
  [[nodiscard]] bool wants_new_process() const { return wants_new_process_; }

  /// A new request: what is known about the file may be old now.
  void begin_request() {
    is_fresh_ = false;
    results_.begin_request();
  }
  /// Looks at the file as it is now and opens, reopens or refuses it. Runs no SQL when nothing has
  /// changed.
  const Generation& refresh();
  /// refresh(), but only once between two calls of begin_request(). To be called in every request
  /// that may touch this database.
  const Generation& current() { return is_fresh_ ? *generation_ : refresh(); }

  /// For `_memory`: lets its SQL read these too, under their names, and no others; whatever was
  /// attached before is let go. One that cannot be read now is left out. To be called before
  /// current() in every request that may run SQL.
  void attach(const std::vector<Database*>& others);
  [[nodiscard]] const std::vector<std::string>& attached() const { return attached_names_; }

  /// REQUIRES of the following: current() in this request.
  /// For our own statements and those of configuration files.
  [[nodiscard]] sqlite::Connection& connection() { return *trusted_; }
  /// For SQL of strangers.
  [[nodiscard]] sqlite::Connection& visitor_connection();
  /// Read anew after the schema has changed.
  [[nodiscard]] const sqlite::Catalogue& catalogue();

  /// What has been counted in this generation.
  [[nodiscard]] ResultCache& results() { return results_; }

 private:
  struct WalIndex;

  [[nodiscard]] Generation look_at_file() const;
  void remember_log(const Generation& generation);
  void refuse_foreign_log(const Generation& now);
  void open();
  [[nodiscard]] bool opened_file_is_wal();
  void close();
  [[nodiscard]] std::unique_ptr<sqlite::Connection> connect(sqlite::Profile profile) const;
  [[nodiscard]] bool has_log() const;
  void read_header(Generation& generation);
  void read_wal_state(Generation& generation);

  /// A file as it is attached.
  struct Attachment {
    std::string name;
    std::string path;
    sqlite::OpenMode mode;
  };

  config::DatabaseFile file_;
  std::chrono::milliseconds sql_time_limit_;
  int cache_size_kb_;
  sqlite::Monitor* monitor_;
  SchemaReadings* readings_;
  /// kImmutable also for a WAL file without log in a folder where no -shm can be made.
  sqlite::OpenMode mode_ = sqlite::OpenMode::kReadOnly;
  std::unique_ptr<sqlite::Connection> trusted_;
  std::unique_ptr<sqlite::Connection> visitor_;
  /// The -shm file, open as long as the connections are (closing it would drop SQLite's locks).
  std::unique_ptr<WalIndex> wal_index_;
  std::optional<Generation> generation_;
  std::optional<sqlite::Catalogue> catalogue_;
  std::int64_t catalogue_schema_version_ = -1;
  bool catalogue_checked_ = false;
  ResultCache results_;
  /// SHA-256 and the file that it is of.
  struct Hash {
    std::string digest;
    std::string identity;
  };
  Hash hash_;
  /// Of the file that `inspected_identity_` tells, by quoted name.
  std::unordered_map<std::string, std::int64_t> inspected_counts_;
  std::string inspected_identity_;
  std::vector<Attachment> attachments_;
  std::vector<std::string> attached_names_;
  /// The files behind the attachments; another text means that they must be attached anew.
  std::string attached_files_;
  std::string attached_generations_;
  bool is_fresh_ = false;
  bool was_open_ = false;
  /// The log that was seen beside a file, and which file that was.
  struct SeenLog {
    std::string identity;
    std::uint64_t device = 0;
    std::uint64_t inode = 0;
  };
  std::optional<SeenLog> seen_log_;
  bool wants_new_process_ = false;
};

/// SHA-256 of every immutable file, kept in `configuration` for the workers; run by the pool's
/// master before any connection exists. What `before`, which may be null, has worked out for the
/// same file is taken over: a reload must not read gigabytes again.
void hash_immutable_files(config::Configuration& configuration,
                          const config::Configuration* before);

}  // namespace tapedeck::instance
