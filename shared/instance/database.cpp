#include "instance/database.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

#include "base/digest.hpp"
#include "base/log.hpp"
#include "http/request_error.hpp"
#include "sqlite/error.hpp"
#include "sqlite/time_limit.hpp"

namespace tapedeck::instance {

namespace {

/// Reading a catalogue may take longer than a visitor's query: thousands of tables on a cold disk.
constexpr std::chrono::milliseconds kCatalogueTimeLimit = SchemaReadings::kLimit;

constexpr std::size_t kWalIndexHeader = 48;
/// Tries to open a file that is replaced again and again in that moment.
constexpr int kOpenAttempts = 5;

bool is_same_file(const Generation& one, const Generation& other) {
  return one.device == other.device && one.inode == other.inode;
}

[[noreturn]] void unavailable(const std::string& name, const std::string& reason) {
  http::RequestError error(503, "Database " + name + " is not available: " + reason);
  error.headers.set("Retry-After", "5");
  throw error;
}

[[noreturn]] void refuse(const std::string& name, const sqlite::Error& error) {
  base::log(base::LogLevel::kError, "database", {{"name", name}, {"error", error.what()}});
  switch (error.primary_code()) {
    case sqlite::Error::kNotADatabase:
      throw http::RequestError(
          500, "Database " + name + " cannot be read: " + error.what() + " (or it is encrypted)");
    case sqlite::Error::kCorrupt:
      throw http::RequestError(500, "Database " + name + " is damaged: " + error.what());
    case sqlite::Error::kReadOnly:
      if (error.code() != sqlite::Error::kReadOnlyRollback) break;
      unavailable(name,
                  "a program has left a transaction unfinished in it (see the file that ends in "
                  "-journal); let one that may write to it open it once");
    case sqlite::Error::kBusy:
    case sqlite::Error::kLocked:
      unavailable(name, "it is locked by another program");
    default:
      break;
  }
  unavailable(name, error.what());
}

/// Tells a file from another that took its place.
std::string inode_of(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return {};
  return std::to_string(status.st_dev) + '/' + std::to_string(status.st_ino);
}

/// Tells a file from another that took its place, and from itself after a change.
std::string identity_of(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return {};
  return std::to_string(status.st_dev) + '/' + std::to_string(status.st_ino) + '/' +
         std::to_string(status.st_size) + '/' + std::to_string(status.st_mtim.tv_sec) + '.' +
         std::to_string(status.st_mtim.tv_nsec);
}

/// As long as this lives, a schema is being read.
class SchemaReading {
 public:
  SchemaReading(SchemaReadings& readings, std::uint64_t schema)
      : readings_(readings), schema_(schema) {}
  ~SchemaReading() { readings_.end(schema_); }
  SchemaReading(const SchemaReading&) = delete;
  SchemaReading& operator=(const SchemaReading&) = delete;

 private:
  SchemaReadings& readings_;
  std::uint64_t schema_;
};

}  // namespace

/// A second descriptor of the -shm file beside SQLite's own.
struct Database::WalIndex {
  explicit WalIndex(const std::string& path)
      : descriptor(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {}
  ~WalIndex() {
    if (descriptor >= 0) ::close(descriptor);
  }
  WalIndex(const WalIndex&) = delete;
  WalIndex& operator=(const WalIndex&) = delete;

  /// Whether this is still the file of that name: the last connection of all programs to close
  /// deletes it, and the next makes another.
  [[nodiscard]] bool is_current(const std::string& path) const {
    struct stat mine {};
    struct stat named {};
    return ::fstat(descriptor, &mine) == 0 && ::stat(path.c_str(), &named) == 0 &&
           mine.st_dev == named.st_dev && mine.st_ino == named.st_ino;
  }

  int descriptor;
};

Database::Database(const config::DatabaseFile& file, const config::Settings& settings,
                   sqlite::Monitor* monitor, SchemaReadings* readings)
    : file_(file),
      sql_time_limit_(settings.sql_time_limit_ms),
      cache_size_kb_(file.cache_size_kb),
      monitor_(monitor),
      readings_(readings) {
  if (file.hash.empty()) return;
  // A hash without identity is that of an inspect file that fitted a moment ago.
  hash_ = {file.hash, file.hash_identity.empty() ? identity_of(file.path) : file.hash_identity};
  inspected_identity_ = hash_.identity;
  for (const auto& [table, count] : file.counts) {
    inspected_counts_.emplace(sqlite::quote_identifier(table), count);
  }
}

Database::~Database() {
  close();
}

std::int64_t Database::file_size() const {
  struct stat status {};
  if (is_memory() || ::stat(file_.path.c_str(), &status) != 0) return 0;
  return status.st_size;
}

std::optional<std::string> Database::hash() {
  if (!file_.immutable || is_memory()) return std::nullopt;
  const std::string identity = identity_of(file_.path);
  if (hash_.digest.empty() || hash_.identity != identity) {
    // Safe beside an open connection: SQLite takes no locks on an immutable file.
    const auto digest = base::sha256_hex_of_file(file_.path);
    if (!digest) return std::nullopt;
    hash_ = {*digest, identity};
  }
  return hash_.digest;
}

std::optional<std::int64_t> Database::inspected_count(std::string_view quoted_table) const {
  const auto found = inspected_counts_.find(std::string(quoted_table));
  if (found == inspected_counts_.end() || identity_of(file_.path) != inspected_identity_) {
    return std::nullopt;
  }
  return found->second;
}

const Generation& Database::refresh() {
  if (is_memory()) {
    if (!trusted_) open();
    trusted_->set_time_limit(sql_time_limit_);
    if (!generation_) generation_.emplace();
    is_fresh_ = true;
    return *generation_;
  }
  Generation now = look_at_file();
  refuse_foreign_log(now);
  // Left by an exception in the middle of opening: nobody knows which file that is.
  if (trusted_ && !generation_) close();
  if (trusted_) {
    // An immutable connection trusts its cached pages for ever, so a changed file needs a new one.
    const bool changed_under_immutable =
        mode_ == sqlite::OpenMode::kImmutable &&
        (now.size != generation_->size || now.mtime_ns != generation_->mtime_ns ||
         (!file_.immutable && has_log()));
    if (!is_same_file(now, *generation_) || changed_under_immutable) close();
  }
  for (int attempt = 1; !trusted_; ++attempt) {
    open();
    const Generation before = now;
    now = look_at_file();
    // Replaced in between: nobody knows which of the two files is open.
    if (!is_same_file(before, now) && attempt < kOpenAttempts) close();
  }
  trusted_->set_time_limit(sql_time_limit_);
  if (visitor_) visitor_->set_time_limit(sql_time_limit_);
  read_header(now);
  if (now.is_wal() && mode_ == sqlite::OpenMode::kReadOnly) read_wal_state(now);
  remember_log(now);
  if (generation_ != now) {
    generation_ = now;
    catalogue_checked_ = false;
    results_.clear();
    // What is known of a statement (Statement::is_deterministic) rests on the schema, which may be
    // another now.
    trusted_->clear_statements();
    if (visitor_) visitor_->clear_statements();
  }
  is_fresh_ = true;
  return *generation_;
}

void Database::attach(const std::vector<Database*>& others) {
  std::vector<Attachment> attachments;
  std::vector<std::string> names;
  std::string files;
  std::string generations;
  for (Database* other : others) {
    try {
      const Generation& generation = other->current();
      names.push_back(other->name());
      attachments.push_back({other->name(), other->file_.path, other->mode_});
      // What is read immutably is trusted for ever, so a change of it is another file.
      const bool is_immutable = other->mode_ == sqlite::OpenMode::kImmutable;
      files += other->name() + '/' + std::to_string(generation.device) + '/' +
               std::to_string(generation.inode) + '/' +
               (is_immutable
                    ? std::to_string(generation.size) + '/' + std::to_string(generation.mtime_ns)
                    : std::string()) +
               '\n';
      generations += other->name() + '\n';
      generation.append_to(generations);
    } catch (const http::RequestError&) {
      continue;  // its own pages tell what is wrong with it
    }
  }
  attachments_ = std::move(attachments);
  attached_names_ = std::move(names);
  if (attached_files_ != files) close();
  attached_files_ = std::move(files);
  // As after any change of a generation: what is known of a statement rests on the schema.
  if (attached_generations_ != generations && trusted_) trusted_->clear_statements();
  if (attached_generations_ != generations && visitor_) visitor_->clear_statements();
  attached_generations_ = std::move(generations);
}

sqlite::Connection& Database::visitor_connection() {
  if (!visitor_) {
    visitor_ = connect(sqlite::Profile::kVisitor);
    visitor_->set_time_limit(sql_time_limit_);
  }
  return *visitor_;
}

const sqlite::Catalogue& Database::catalogue() {
  if (catalogue_ && catalogue_checked_) return *catalogue_;
  const sqlite::TimeLimit limit(*trusted_, kCatalogueTimeLimit);
  try {
    const sqlite::ReadTransaction transaction(*trusted_);
    const std::int64_t version = trusted_->query_integer("pragma schema_version").value_or(0);
    if (!catalogue_ || version != catalogue_schema_version_) {
      trusted_->clear_statements();
      if (visitor_) visitor_->clear_statements();
      const std::uint64_t schema =
          base::fast_hash(inode_of(file_.path) + '/' + std::to_string(version));
      std::optional<SchemaReading> reading;
      if (readings_ != nullptr) {
        if (!readings_->begin(schema, std::chrono::steady_clock::now())) {
          unavailable(file_.name, "its schema takes too long to read");
        }
        reading.emplace(*readings_, schema);
      }
      catalogue_ = sqlite::read_catalogue(*trusted_);
      catalogue_schema_version_ = version;
    }
  } catch (const sqlite::Error& error) {
    refuse(file_.name, error);
  }
  catalogue_checked_ = true;
  return *catalogue_;
}

Generation Database::look_at_file() const {
  struct stat status {};
  if (::stat(file_.path.c_str(), &status) != 0) {
    unavailable(file_.name, errno == ENOENT ? "its file is gone" : std::strerror(errno));
  }
  if (!S_ISREG(status.st_mode)) unavailable(file_.name, "it is no regular file");
  if (status.st_size == 0) unavailable(file_.name, "its file is empty");
  Generation generation;
  generation.device = status.st_dev;
  generation.inode = status.st_ino;
  generation.size = status.st_size;
  generation.mtime_ns =
      std::int64_t{status.st_mtim.tv_sec} * 1'000'000'000 + status.st_mtim.tv_nsec;
  return generation;
}

bool Database::has_log() const {
  struct stat status {};
  return ::stat((file_.path + "-wal").c_str(), &status) == 0 && status.st_size > 0;
}

void Database::remember_log(const Generation& generation) {
  const bool has = generation.is_wal() && has_log();
  if (!has && !seen_log_) return;
  seen_log_.reset();
  if (has) seen_log_ = {inode_of(file_.path + "-wal"), generation.device, generation.inode};
}

/// A log outlives the file that it belongs to when that is replaced, and SQLite would lay the old
/// file's changes over the new one.
void Database::refuse_foreign_log(const Generation& now) {
  if (!seen_log_ || (seen_log_->device == now.device && seen_log_->inode == now.inode)) return;
  if (!has_log() || inode_of(file_.path + "-wal") != seen_log_->identity) {
    seen_log_.reset();
    return;
  }
  close();
  unavailable(file_.name,
              "the log beside it belongs to the file that was replaced: delete the files that end "
              "in -wal and -shm, or put the old file back");
}

std::unique_ptr<sqlite::Connection> Database::connect(sqlite::Profile profile) const {
  auto connection = std::make_unique<sqlite::Connection>(sqlite::OpenOptions{
      .path = file_.path,
      .mode = is_memory() ? sqlite::OpenMode::kMemory : mode_,
      .profile = profile,
      .map_file = file_.immutable && profile == sqlite::Profile::kTrusted,
      .nolock = file_.nolock,
      .cache_size_kb = cache_size_kb_,
      .monitor = monitor_,
  });
  for (const Attachment& other : attachments_) {
    connection->attach(other.name, other.path, other.mode, cache_size_kb_);
  }
  return connection;
}

void Database::open() {
  // The first statement shows whether the file can be read, and in WAL mode makes the wal-index.
  const auto connect_and_read = [this] {
    trusted_ = connect(sqlite::Profile::kTrusted);
    trusted_->set_time_limit(kCatalogueTimeLimit);
    trusted_->execute("pragma schema_version");
  };
  wants_new_process_ = false;
  mode_ = file_.immutable ? sqlite::OpenMode::kImmutable : sqlite::OpenMode::kReadOnly;
  try {
    connect_and_read();
  } catch (const sqlite::Error& error) {
    trusted_.reset();
    const int code = error.primary_code();
    const bool about_content = code == sqlite::Error::kNotADatabase ||
                               code == sqlite::Error::kCorrupt || code == sqlite::Error::kBusy;
    // A WAL file in a folder where no -shm can be made: readable as immutable as long as it has no
    // log, which is looked at again before every request.
    if (is_memory() || file_.immutable || about_content || has_log()) {
      wants_new_process_ = was_open_ && ::access(file_.path.c_str(), R_OK) != 0;
      refuse(file_.name, error);
    }
    mode_ = sqlite::OpenMode::kImmutable;
    bool readable = false;
    try {
      connect_and_read();
      // Never a file with a rollback journal: a crashed writer's half a transaction would be read.
      readable = opened_file_is_wal();
    } catch (const sqlite::Error&) {
      readable = false;
    }
    if (!readable) {
      trusted_.reset();
      wants_new_process_ = was_open_ && ::access(file_.path.c_str(), R_OK) != 0;
      refuse(file_.name, error);
    }
  }
  was_open_ = true;
}

bool Database::opened_file_is_wal() {
  std::array<char, 2> format{};
  return trusted_->read_file(18, format.data(), static_cast<int>(format.size())) &&
         (format[0] == 2 || format[1] == 2);
}

void Database::close() {
  is_fresh_ = false;
  trusted_.reset();
  visitor_.reset();
  wal_index_.reset();
  generation_.reset();
  catalogue_.reset();
  catalogue_schema_version_ = -1;
  catalogue_checked_ = false;
  results_.clear();
}

void Database::read_header(Generation& generation) {
  std::array<char, 10> bytes{};
  if (!trusted_->read_file(18, bytes.data(), static_cast<int>(bytes.size()))) {
    close();
    unavailable(file_.name, "its header cannot be read");
  }
  std::copy_n(bytes.begin(), 2, generation.format.begin());
  std::copy_n(bytes.begin() + 6, 4, generation.change_counter.begin());
}

void Database::read_wal_state(Generation& generation) {
  if (!has_log()) return;
  const std::string path = file_.path + "-shm";
  if (!wal_index_) {
    // The file may have become WAL only now: SQLite has to hold the -shm before we look at it, or
    // it could be deleted under us.
    trusted_->execute("pragma schema_version");
    wal_index_ = std::make_unique<WalIndex>(path);
  }
  if (!wal_index_->is_current(path)) {
    close();
    unavailable(file_.name, "its wal-index was replaced");
  }
  std::array<char, 2 * kWalIndexHeader> bytes{};
  // The header stands there twice; while a writer changes it the copies differ for a moment.
  for (int attempt = 0; attempt < 100; ++attempt) {
    const ssize_t got = ::pread(wal_index_->descriptor, bytes.data(), bytes.size(), 0);
    if (got != static_cast<ssize_t>(bytes.size())) {
      close();
      unavailable(file_.name, "its wal-index cannot be read");
    }
    if (std::equal(bytes.begin(), bytes.begin() + kWalIndexHeader,
                   bytes.begin() + kWalIndexHeader)) {
      break;
    }
  }
  constexpr std::size_t kFirst = 14;
  std::copy_n(bytes.begin() + kFirst, generation.wal.size(), generation.wal.begin());
}

namespace {

/// The hash of the file that `before` has worked out; "" when it has not, or the file is another.
std::string known_hash(const config::Configuration* before, const std::string& path,
                       const std::string& identity) {
  if (before == nullptr || identity.empty()) return "";
  const auto found = std::ranges::find(before->databases, path, &config::DatabaseFile::path);
  return found != before->databases.end() && found->hash_identity == identity ? found->hash : "";
}

}  // namespace

void hash_immutable_files(config::Configuration& configuration,
                          const config::Configuration* before) {
  for (config::DatabaseFile& file : configuration.databases) {
    if (!file.immutable || file.path.empty()) continue;
    std::string identity = identity_of(file.path);
    if (!file.hash.empty()) {  // told by an inspect file
      file.hash_identity = std::move(identity);
      continue;
    }
    if (const std::string known = known_hash(before, file.path, identity); !known.empty()) {
      file.hash = known;
      file.hash_identity = std::move(identity);
      continue;
    }
    const auto digest = base::sha256_hex_of_file(file.path);
    if (!digest) continue;
    file.hash = *digest;
    file.hash_identity = std::move(identity);
  }
}

}  // namespace tapedeck::instance
