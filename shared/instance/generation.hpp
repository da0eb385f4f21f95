#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>

namespace tapedeck::instance {

/// The state of a database's content. Two equal generations mean equal content, in every worker,
/// lane and restart; `PRAGMA data_version` is no part of it, since it counts per connection.
struct Generation {
  // Identity of the file: a replaced file differs in these.
  std::uint64_t device = 0;
  std::uint64_t inode = 0;
  std::int64_t size = 0;
  std::int64_t mtime_ns = 0;
  /// Bytes 18-19 (file format: 2 means WAL) and 24-27 (change counter) of the header.
  std::array<char, 2> format{};
  std::array<char, 4> change_counter{};
  /// In WAL mode with frames in the log, the part of the wal-index header that depends on the log's
  /// content alone: page size, mxFrame, nPage, frame checksum, salt (bytes 14-39 of
  /// sqlite.org/walformat.html section 2.1.1). The change counter before it starts anew with every
  /// recovery, so equal content could differ in it.
  std::array<char, 26> wal{};

  friend bool operator==(const Generation&, const Generation&) = default;
  [[nodiscard]] bool is_wal() const { return format[0] == 2 || format[1] == 2; }
  /// Appends a text for ETags: equal exactly for equal generations.
  void append_to(std::string& out) const;
};

}  // namespace tapedeck::instance
