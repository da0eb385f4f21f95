#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sqlite/value.hpp"

struct sqlite3_stmt;

namespace tapedeck::sqlite {

class Connection;

/// Whether a statement has one deadline for everything, or a new one for each row, so that a stream
/// can last as long as rows come.
enum class Pace { kWhole, kStream };

/// One prepared statement. Lives on the thread of its Connection and must not outlive it.
class Statement {
 public:
  /// Throws sqlite::Error when `sql` does not compile, holds no statement, or more than one.
  Statement(Connection& connection, std::string_view sql);
  ~Statement();
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;

  /// Parameter `index` from 1. REQUIRES: not running.
  void bind(int index, const Value& value);
  /// All of `params` in order from ?1.
  void bind_all(const Params& params);
  [[nodiscard]] int parameter_count() const;
  /// Name of parameter `index` from 1 with its ":", "@" or "$"; "" for a plain "?".
  [[nodiscard]] std::string_view parameter_name(int index) const;

  /// Moves to the next row; false when done. The time limit of the connection counts from the first
  /// step. Throws sqlite::Interrupted past it, sqlite::Abandoned when the client has left,
  /// sqlite::Error otherwise.
  bool step();
  /// Makes the statement ready to run again and unbinds everything. Never throws.
  void reset() noexcept;
  void set_pace(Pace pace) { pace_ = pace; }

  [[nodiscard]] int column_count() const;
  [[nodiscard]] std::string column_name(int index) const;
  /// Result column `index`, from 0; text and blobs point into SQLite and live until the next
  /// step(). REQUIRES: the last step() returned true.
  [[nodiscard]] ValueView view(int index) const;

  [[nodiscard]] const std::string& sql() const { return sql_; }
  /// Whether the result is a function of the data: no clock, no random, no connection state. To be
  /// asked after the first step(), which compiles anew when the schema has changed.
  [[nodiscard]] bool is_deterministic() const { return deterministic_; }

 private:
  friend class Connection;
  struct Finalizer {
    void operator()(sqlite3_stmt* stmt) const noexcept;
  };

  Connection& connection_;
  std::string sql_;
  std::unique_ptr<sqlite3_stmt, Finalizer> stmt_;
  bool deterministic_ = true;
  bool running_ = false;
  Pace pace_ = Pace::kWhole;
  std::chrono::steady_clock::time_point started_;
  std::chrono::steady_clock::time_point deadline_;
};

/// A statement lent from the connection's cache; goes back, reset, when this is destroyed.
class CachedStatement {
 public:
  CachedStatement(Connection& connection, std::unique_ptr<Statement> statement)
      : connection_(&connection), statement_(std::move(statement)) {}
  CachedStatement(CachedStatement&&) = default;
  CachedStatement& operator=(CachedStatement&&) = delete;
  ~CachedStatement();

  Statement* operator->() const { return statement_.get(); }
  Statement& operator*() const { return *statement_; }

 private:
  Connection* connection_;
  std::unique_ptr<Statement> statement_;
};

}  // namespace tapedeck::sqlite
