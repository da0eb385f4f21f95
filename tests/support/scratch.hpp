#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <string_view>

#include <sqlite3.h>

/// What tests need to make database files, which the library itself never writes.
namespace tapedeck::test {

/// A new folder for the files of one test; gone with the object.
class Scratch {
 public:
  Scratch() {
    std::string name = std::filesystem::temp_directory_path() / "tapedeck-test-XXXXXX";
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("mkdtemp failed");
    path_ = std::filesystem::canonical(name);
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  ~Scratch() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }

  [[nodiscard]] std::string operator/(std::string_view name) const { return path_ / name; }
  [[nodiscard]] std::string path() const { return path_; }

  std::string write(std::string_view name, std::string_view bytes) const {
    const auto path = path_ / name;
    std::ofstream(path, std::ios::binary) << bytes;
    return path;
  }

 private:
  std::filesystem::path path_;
};

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
inline std::string make_database(const Scratch& scratch, std::string_view name,
                                 const std::string& sql) {
  const std::string path = scratch / name;
  Writer(path).run(sql);
  return path;
}

}  // namespace tapedeck::test
