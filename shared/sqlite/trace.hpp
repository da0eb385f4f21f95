#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sqlite/value.hpp"

namespace tapedeck::sqlite {

/// A statement that ran while a Trace was alive.
struct TracedStatement {
  /// File of the main database; "" for one in memory.
  std::string file;
  std::string sql;
  /// Names as in the SQL (":p0"; "?1" for those without) and values.
  std::vector<std::pair<std::string, Value>> params;
  std::chrono::steady_clock::time_point start;
  std::chrono::steady_clock::time_point end;
  /// SQLite's message; "" for a statement that did not fail.
  std::string error;
};

/// Collects the statements of this process as long as it lives, for `_trace`. Connections tell it
/// by themselves; with no Trace alive that costs one look at a pointer.
/// REQUIRES: one at a time.
class Trace {
 public:
  Trace() { active_ = this; }
  ~Trace() { active_ = nullptr; }
  Trace(const Trace&) = delete;
  Trace& operator=(const Trace&) = delete;

  /// The one that is alive, or null.
  [[nodiscard]] static Trace* active() { return active_; }
  /// In the order of their begin, at most kMost of them.
  [[nodiscard]] const std::vector<TracedStatement>& statements() const { return statements_; }
  /// All that ran.
  [[nodiscard]] std::size_t count() const { return count_; }

  // What connections call; `statement` only tells one statement from another.
  void bound(const void* statement, std::string name, const Value& value);
  void begins(const void* statement, std::string_view file, std::string_view sql);
  void fails(const void* statement, std::string_view message);
  void ends(const void* statement) noexcept;

  /// A page runs some dozens; the rest would only make the answer long.
  static constexpr std::size_t kMost = 500;

 private:
  TracedStatement* running(const void* statement);

  static Trace* active_;
  std::vector<TracedStatement> statements_;
  /// Place in statements_ of each that runs.
  std::vector<std::pair<const void*, std::size_t>> running_;
  std::vector<std::pair<const void*, std::pair<std::string, Value>>> bound_;
  std::size_t count_ = 0;
};

}  // namespace tapedeck::sqlite
