#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

#include <sqlite3.h>

#include "sqlite/connection.hpp"
#include "support/temporary_folder.hpp"

namespace tapedeck::support {

/// Runs statements on a database file, which is made when it is not there. Throws
/// std::runtime_error with SQLite's text.
inline void run_sql(const std::string& path, const std::string& sql) {
  // The library's own configuration comes before its first use, as in the program.
  sqlite::initialise(std::int64_t{128} * 1024 * 1024);
  sqlite3* db = nullptr;
  std::string error;
  if (sqlite3_open(path.c_str(), &db) != SQLITE_OK ||
      sqlite3_exec(db, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) {
    error = sqlite3_errmsg(db);
  }
  sqlite3_close(db);
  if (!error.empty()) throw std::runtime_error(error + " in " + sql.substr(0, 200));
}

}  // namespace tapedeck::support
