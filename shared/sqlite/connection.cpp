#include "sqlite/connection.hpp"

#include <algorithm>
#include <new>
#include <utility>

#include <sqlite3.h>

#include "base/coarse_clock.hpp"
#include "base/log.hpp"
#include "base/utf8.hpp"
#include "sqlite/catalogue.hpp"
#include "sqlite/error.hpp"
#include "sqlite/extensions.hpp"
#include "sqlite/trace.hpp"

namespace tapedeck::sqlite {

namespace {

/// Statements kept compiled per connection; a table page uses about five.
constexpr std::size_t kCachedStatements = 200;
constexpr std::size_t kLongestCachedSql = 8192;
/// Statements of visitors differ from request to request.
constexpr std::size_t kCachedVisitorStatements = 20;
/// Virtual machine instructions between two looks at the clock: some tens of microseconds.
constexpr int kProgressInterval = 1000;
/// How often a running statement asks whether its client is still there.
constexpr std::chrono::milliseconds kClientCheckInterval{50};
/// How long a read waits for a writer that holds the file exclusively: the time of a large commit.
/// Not longer, since the waiting worker serves nobody else, and the watchdog ends what has run a
/// second past its limit.
constexpr int kBusyTimeoutMs = 800;
/// Address space only; pages are shared with the kernel's cache.
constexpr std::int64_t kMappedBytes = std::int64_t{1} << 30;

/// SQLite's own limit, as Debian builds it.
constexpr int kMostAttached = 10;
/// Bytes of a statement in the log of all of them, which is for reading statements.
constexpr std::size_t kLoggedSql = 4096;

/// Beginnings of messages about the text of a statement alone. "no such table" beside "access to
/// secret.name is prohibited", or "no such column", or "no such function" where the table was
/// found, would tell what there is.
constexpr std::string_view kHarmlessMessages[] = {"near \"", "incomplete input",
                                                  "unrecognized token", "interrupted"};

std::uint64_t statement_counter = 0;
std::chrono::nanoseconds total_time{0};
std::uint64_t timed_out = 0;

/// Path for a file: URI (sqlite.org/uri.html): everything but plain characters percent-encoded.
std::string encode_uri_path(std::string_view path) {
  static constexpr char kHex[] = "0123456789ABCDEF";
  std::string out;
  for (const char c : path) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '/' || c == '-' || c == '_' || c == '.' || c == '~';
    if (plain) {
      out += c;
    } else {
      out += '%';
      out += kHex[byte >> 4];
      out += kHex[byte & 15];
    }
  }
  return out;
}

enum class Locking { kNormal, kNone };

std::string uri_of(const std::string& path, OpenMode mode, Locking locking = Locking::kNormal) {
  std::string uri = "file:" + encode_uri_path(path);
  uri += mode == OpenMode::kImmutable ? "?mode=ro&immutable=1" : "?mode=ro";
  if (locking == Locking::kNone && mode == OpenMode::kReadOnly) uri += "&nolock=1";
  return uri;
}

void log_statement(std::string_view sql, std::chrono::nanoseconds duration) noexcept {
  const auto microseconds = std::chrono::duration_cast<std::chrono::microseconds>(duration).count();
  try {
    base::log(base::LogLevel::kDebug, "sql",
              {{"us", std::to_string(microseconds)}, {"sql", base::first_bytes(sql, kLoggedSql)}});
  } catch (const std::bad_alloc&) {
    return;  // a line less in the log
  }
}

}  // namespace

void initialise(std::int64_t heap_limit_bytes) {
  // Fails harmlessly when SQLite is already in use; every process calls this first.
  sqlite3_config(SQLITE_CONFIG_SINGLETHREAD);
  sqlite3_initialize();
  sqlite3_hard_heap_limit64(heap_limit_bytes);
}

void create_database(const std::string& path) {
  sqlite3* db = nullptr;
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOFOLLOW;
  int code = sqlite3_open_v2(path.c_str(), &db, flags, nullptr);
  // Until something is written the file has no length, and could be anything.
  if (code == SQLITE_OK) code = sqlite3_exec(db, "vacuum", nullptr, nullptr, nullptr);
  const std::string reason = db == nullptr ? sqlite3_errstr(code) : sqlite3_errmsg(db);
  sqlite3_close(db);
  if (code != SQLITE_OK) throw Error(code, reason);
}

std::uint64_t statements_run() {
  return statement_counter;
}

std::uint64_t statements_timed_out() {
  return timed_out;
}

std::chrono::nanoseconds statements_time() {
  return total_time;
}

void Connection::Closer::operator()(sqlite3* db) const noexcept {
  sqlite3_close_v2(db);
}

Connection::Connection(const OpenOptions& options)
    : monitor_(options.monitor),
      sandbox_(options.profile),
      most_cached_(options.profile == Profile::kVisitor ? kCachedVisitorStatements
                                                        : kCachedStatements) {
  std::string uri = ":memory:";
  int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE | SQLITE_OPEN_URI;
  if (options.mode == OpenMode::kMemory) {
    flags |= SQLITE_OPEN_READWRITE | SQLITE_OPEN_MEMORY;
  } else {
    uri = uri_of(options.path, options.mode, options.nolock ? Locking::kNone : Locking::kNormal);
    flags |= SQLITE_OPEN_READONLY;
  }
  sqlite3* db = nullptr;
  const int code = sqlite3_open_v2(uri.c_str(), &db, flags, nullptr);
  db_.reset(db);
  if (code != SQLITE_OK) fail(code);
  sqlite3_busy_timeout(db, kBusyTimeoutMs);
  sqlite3_progress_handler(db, kProgressInterval, &Connection::progress, this);
  load_extensions(db);
  // The pragmas come before the sandbox, which forbids them to visitors.
  execute("pragma query_only = 1");
  execute("pragma cache_size = -" + std::to_string(options.cache_size_kb));
  execute("pragma cell_size_check = 1");
  if (options.map_file) execute("pragma mmap_size = " + std::to_string(kMappedBytes));
  cache_.clear();
  sandbox_.install(db);
}

Connection::~Connection() {
  cache_.clear();
}

CachedStatement Connection::prepare(std::string_view sql) {
  const auto found =
      std::ranges::find_if(cache_, [&](const auto& statement) { return statement->sql() == sql; });
  if (found != cache_.end()) {
    std::unique_ptr<Statement> statement = std::move(*found);
    cache_.erase(found);
    return {*this, std::move(statement)};
  }
  if (schema_may_be_old_) {
    execute("select 1 from sqlite_master limit 0");
    schema_may_be_old_ = false;
  }
  return {*this, std::make_unique<Statement>(*this, sql)};
}

void Connection::give_back(std::unique_ptr<Statement> statement) noexcept {
  // Long statements are hardly ever asked for again, and kept ones count against the heap limit.
  if (statement->sql().size() > kLongestCachedSql) return;
  statement->reset();
  statement->set_pace(Pace::kWhole);
  try {
    cache_.push_front(std::move(statement));
    if (cache_.size() > most_cached_) cache_.pop_back();
  } catch (const std::bad_alloc&) {
    return;  // the statement is simply not kept
  }
}

void Connection::execute(std::string_view sql) {
  const Sandbox::OwnSql own(sandbox_);
  // Not from the cache, where SQL of a stranger would find it.
  Statement statement(*this, sql);
  while (statement.step()) {
  }
}

void Connection::attach(std::string_view schema, const std::string& path, OpenMode mode,
                        int cache_size_kb) {
  const Sandbox::OwnSql own(sandbox_);
  // The sandbox leaves visitors no attached database at all; this is the only way to one.
  const int limit = sqlite3_limit(db_.get(), SQLITE_LIMIT_ATTACHED, kMostAttached);
  try {
    Statement statement(*this, "attach ?1 as ?2");
    statement.bind(1, uri_of(path, mode));
    statement.bind(2, std::string(schema));
    while (statement.step()) {
    }
  } catch (const Error&) {
    sqlite3_limit(db_.get(), SQLITE_LIMIT_ATTACHED, limit);
    throw;
  }
  sqlite3_limit(db_.get(), SQLITE_LIMIT_ATTACHED, limit);
  Statement cache(*this, "pragma " + force_quote_identifier(schema) + ".cache_size = -" +
                             std::to_string(cache_size_kb));
  cache.step();
}

std::optional<std::int64_t> Connection::query_integer(std::string_view sql, const Params& params) {
  const CachedStatement statement = prepare(sql);
  statement->bind_all(params);
  if (!statement->step()) return std::nullopt;
  return statement->view(0).integer;
}

void Connection::hide_tables(const UnreadableTables& tables) {
  if (sandbox_.hidden() == tables) return;
  cache_.clear();
  sandbox_.hide(db_.get(), tables);
}

void Connection::clear_statements() {
  cache_.clear();
  schema_may_be_old_ = true;
}

bool Connection::read_file(std::int64_t offset, char* bytes, int count) {
  sqlite3_file* file = nullptr;
  const int code = sqlite3_file_control(db_.get(), "main", SQLITE_FCNTL_FILE_POINTER, &file);
  if (code != SQLITE_OK || file == nullptr || file->pMethods == nullptr) return false;
  return file->pMethods->xRead(file, bytes, count, offset) == SQLITE_OK;
}

void Connection::statement_begins(Statement& statement) {
  ++statement_counter;
  running_.push_back(&statement);
  statement.started_ = std::chrono::steady_clock::now();
  statement.deadline_ = statement.started_ + time_limit_;
  next_client_check_ = statement.started_ + kClientCheckInterval;
  is_abandoned_ = false;
  if (monitor_ != nullptr) monitor_->statement_begins(statement.deadline_, statement.sql());
  if (Trace* trace = Trace::active()) {
    const char* file = sqlite3_db_filename(db_.get(), "main");
    trace->begins(&statement, file == nullptr ? "" : file, statement.sql());
  }
}

void Connection::statement_renews(Statement& statement) {
  // The next look at the client stays where it is, or rows that come quickly would put it off for
  // ever.
  statement.deadline_ = base::coarse_now() + time_limit_;
  if (monitor_ != nullptr) monitor_->statement_renews(statement.deadline_);
}

void Connection::statement_ends(Statement& statement) noexcept {
  const auto duration = std::chrono::steady_clock::now() - statement.started_;
  total_time += duration;
  if (base::logs(base::LogLevel::kDebug)) log_statement(statement.sql(), duration);
  if (Trace* trace = Trace::active()) trace->ends(&statement);
  std::erase(running_, &statement);
  if (monitor_ == nullptr) return;
  if (running_.empty()) {
    monitor_->statement_ends();
  } else {
    // An inner statement is done; the outer one is in hand again.
    monitor_->statement_begins(running_.back()->deadline_, running_.back()->sql());
  }
}

int Connection::progress(void* self) noexcept {
  auto& connection = *static_cast<Connection*>(self);
  const auto now = std::chrono::steady_clock::now();
  if (now >= connection.deadline_) {
    ++timed_out;
    return 1;
  }
  if (connection.monitor_ != nullptr && now >= connection.next_client_check_) {
    connection.next_client_check_ = now + kClientCheckInterval;
    connection.is_abandoned_ = connection.monitor_->client_left();
    if (connection.is_abandoned_) return 1;
  }
  return 0;
}

void Connection::fail(int code) {
  // The heap limit is one for all connections of the process: what is kept must not starve the
  // rest.
  if ((code & 0xff) == SQLITE_NOMEM) cache_.clear();
  const int extended = db_ ? sqlite3_extended_errcode(db_.get()) : code;
  const std::string message = db_ ? sqlite3_errmsg(db_.get()) : sqlite3_errstr(code);
  if ((code & 0xff) == SQLITE_INTERRUPT) {
    if (std::exchange(is_abandoned_, false)) throw Abandoned();
    throw Interrupted(code, message);
  }
  if ((code & 0xff) == SQLITE_NOMEM && sandbox_.runs_own_sql()) throw OutOfMemory(code, message);
  throw Error((extended & 0xff) == (code & 0xff) ? extended : code, message);
}

void Connection::fail_to_compile(int code) {
  const std::string_view message = sqlite3_errmsg(db_.get());
  const bool names_nothing = std::ranges::any_of(
      kHarmlessMessages, [message](std::string_view start) { return message.starts_with(start); });
  const bool is_about_sql = (code & 0xff) == SQLITE_ERROR || (code & 0xff) == SQLITE_AUTH;
  if (is_about_sql && !names_nothing && sandbox_.hides_from_statement()) {
    throw Error(code, "no such table, view or column, or one that may not be read");
  }
  fail(code);
}

ReadTransaction::ReadTransaction(Connection& connection) : connection_(connection) {
  if (sqlite3_get_autocommit(connection_.db_.get()) == 0) return;
  connection_.execute("begin");
  begun_ = true;
}

ReadTransaction::~ReadTransaction() {
  if (!begun_) return;
  try {
    connection_.execute("rollback");
  } catch (const Error&) {
    // SQLite has ended the transaction by itself, after an I/O error or for want of memory.
    return;
  }
}

}  // namespace tapedeck::sqlite
