#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "sqlite/monitor.hpp"
#include "sqlite/sandbox.hpp"
#include "sqlite/statement.hpp"

struct sqlite3;

namespace tapedeck::sqlite {

enum class OpenMode {
  kReadOnly,   ///< mode=ro: takes part in SQLite's locking
  kImmutable,  ///< immutable=1: no locks, no log; only for files that do not change in place
  kMemory,     ///< an empty database of this connection's own
};

struct OpenOptions {
  std::string path;  ///< unused for kMemory
  OpenMode mode = OpenMode::kReadOnly;
  Profile profile = Profile::kTrusted;
  /// Map the file into memory. Only for files that nobody changes in place: reading a mapping whose
  /// file was cut short ends the process with SIGBUS.
  bool map_file = false;
  /// Take no locks, for files that another program keeps locked (kReadOnly only).
  bool nolock = false;
  /// Page cache in kB.
  int cache_size_kb = 256;
  /// May be null; must outlive the connection.
  Monitor* monitor = nullptr;
};

/// Prepares the library for this process: single-threaded use (the watchdog thread never touches
/// SQLite) and a hard limit on its memory. The first call before any connection counts.
void initialise(std::int64_t heap_limit_bytes);
/// Makes a file that holds an empty database. Throws Error.
void create_database(const std::string& path);
/// Total statements that began to run in this process, for the tests and the bench.
[[nodiscard]] std::uint64_t statements_run();
/// Wall-clock time from the first step to the end of all of them together.
[[nodiscard]] std::chrono::nanoseconds statements_time();
/// Statements that this process ended at their time limit.
[[nodiscard]] std::uint64_t statements_timed_out();

/// One read-only connection (`mode=ro` or `immutable=1`, and query_only). One thread, one request
/// at a time. Schema, functions and limits are those of its profile.
class Connection {
 public:
  /// Throws sqlite::Error, also when the file is no database or cannot be read.
  explicit Connection(const OpenOptions& options);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  /// A statement from the cache, or a new one. Throws sqlite::Error when `sql` does not compile.
  [[nodiscard]] CachedStatement prepare(std::string_view sql);
  /// Runs a statement of our own without result, e.g. "begin"; in the visitor profile too.
  void execute(std::string_view sql);
  /// Attaches a file as `schema`, to be read like the main one. Visitors' SQL cannot attach
  /// anything itself. Throws sqlite::Error, also for a name that is in use.
  void attach(std::string_view schema, const std::string& path, OpenMode mode, int cache_size_kb);
  /// First column of the first row as an integer; nothing without a row.
  [[nodiscard]] std::optional<std::int64_t> query_integer(std::string_view sql,
                                                          const Params& params = {});
  /// What SQL of visitors may not read from now on; see Sandbox::hide(). Statements compiled under
  /// other rights are forgotten.
  void hide_tables(const UnreadableTables& tables);
  /// Forgets cached statements, after the schema has changed.
  void clear_statements();

  /// Wall-clock time that each statement may run, counted from its first step. Applies to
  /// statements that have not begun yet.
  void set_time_limit(std::chrono::milliseconds limit) { time_limit_ = limit; }
  [[nodiscard]] std::chrono::milliseconds time_limit() const { return time_limit_; }

  /// Bytes of the main file through SQLite's own descriptor; opening the file a second time would
  /// drop SQLite's locks (sqlite.org/howtocorrupt.html section 2.2). False for memory databases and
  /// files shorter than that.
  bool read_file(std::int64_t offset, char* bytes, int count);

 private:
  friend class Statement;
  friend class CachedStatement;
  friend class ReadTransaction;
  struct Closer {
    void operator()(sqlite3* db) const noexcept;
  };
  void give_back(std::unique_ptr<Statement> statement) noexcept;
  void statement_begins(Statement& statement);
  void statement_renews(Statement& statement);
  void statement_ends(Statement& statement) noexcept;
  static int progress(void* self) noexcept;
  [[noreturn]] void fail(int code);
  /// fail(), but where tables are hidden the message does not tell which of them there are.
  [[noreturn]] void fail_to_compile(int code);

  std::unique_ptr<sqlite3, Closer> db_;
  Monitor* monitor_;
  Sandbox sandbox_;
  std::chrono::milliseconds time_limit_{1000};
  /// Deadline of the innermost running statement; what the progress handler looks at.
  std::chrono::steady_clock::time_point deadline_;
  std::chrono::steady_clock::time_point next_client_check_;
  /// The statement at hand was ended because the client left.
  bool is_abandoned_ = false;
  std::vector<Statement*> running_;
  /// Most recently used first. A statement in use is not in the list.
  std::list<std::unique_ptr<Statement>> cache_;
  std::size_t most_cached_;
  /// SQLite's picture of the schema may be old: it looks only when a statement runs.
  bool schema_may_be_old_ = false;
};

/// Runs "begin" and, at the end of its life, "rollback": everything read in between agrees. Inside
/// of another one it does nothing.
class ReadTransaction {
 public:
  explicit ReadTransaction(Connection& connection);
  ~ReadTransaction();
  ReadTransaction(const ReadTransaction&) = delete;
  ReadTransaction& operator=(const ReadTransaction&) = delete;

 private:
  Connection& connection_;
  bool begun_ = false;
};

}  // namespace tapedeck::sqlite
