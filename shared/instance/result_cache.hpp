#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "sqlite/value.hpp"

namespace tapedeck::instance {

/// What has been counted in one database, by SQL and parameters. Holds as long as the database's
/// generation; a time-out is a result too (no number, no rows) and is kept for 60 seconds. Bound in
/// entries and in bytes, since keys hold what a visitor wrote and values what a table holds: when
/// it is full, all of it makes room.
class ResultCache {
 public:
  struct Count {
    std::optional<std::int64_t> count;
    std::chrono::steady_clock::time_point expires;
  };
  using Rows = std::vector<std::pair<sqlite::Value, std::int64_t>>;
  /// Values of a facet and their counts; no rows after a time-out.
  struct Counts {
    std::optional<Rows> rows;
    /// Some of it took too long: kept no longer than a time-out.
    bool is_complete = true;
    std::chrono::steady_clock::time_point expires;
  };

  /// Null when there is none.
  [[nodiscard]] const Count* count(const std::string& key) const;
  void keep_count(const std::string& key, std::optional<std::int64_t> count);
  [[nodiscard]] const Counts* counts(const std::string& key) const;
  /// What was kept; lives until the next call of a function that is not const. What is larger than
  /// the whole cache may be lives until begin_request() at most.
  const Counts& keep_counts(std::string key, std::optional<Rows> rows, bool is_complete = true);

  void begin_request() { large_counts_ = {}; }
  void clear();

 private:
  std::unordered_map<std::string, Count> count_by_key_;
  std::size_t count_bytes_ = 0;
  std::unordered_map<std::string, Counts> counts_by_key_;
  std::size_t counts_bytes_ = 0;
  /// The last one that is too large to be kept beyond its request.
  Counts large_counts_;
};

}  // namespace tapedeck::instance
