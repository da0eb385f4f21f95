#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

#include <sqlite3.h>

#include "support/temporary_folder.hpp"

/// What tests need to make database files, which the library itself never writes.
namespace tapedeck::support {

/// A plain connection that may write; refused SQL throws std::runtime_error with SQLite's text.
class Writer {
 public:
  explicit Writer(const std::string& path) {
    if (sqlite3_open(path.c_str(), &db_) != SQLITE_OK) throw std::runtime_error("open " + path);
  }
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;
  ~Writer() { sqlite3_close(db_); }

  void run(const std::string& sql) {
    const int code = try_run(sql);
    if (code != SQLITE_OK) throw std::runtime_error(sql + ": " + sqlite3_errmsg(db_));
  }
  /// SQLite's result code.
  int try_run(const std::string& sql) {
    return sqlite3_exec(db_, sql.c_str(), nullptr, nullptr, nullptr);
  }
  [[nodiscard]] sqlite3* handle() const { return db_; }

 private:
  sqlite3* db_ = nullptr;
};

/// Makes the database file NAME by `sql` and returns its path.
inline std::string make_database(const TemporaryFolder& folder, std::string_view name,
                                 const std::string& sql) {
  const std::string path = folder / name;
  Writer(path).run(sql);
  return path;
}

}  // namespace tapedeck::support
