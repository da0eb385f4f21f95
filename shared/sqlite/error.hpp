#pragma once

#include <stdexcept>
#include <string>

#include "base/utf8.hpp"

namespace tapedeck::sqlite {

/// SQLite refused or failed; what() is SQLite's own text, as UTF-8 whatever it quotes from a file.
class Error : public std::runtime_error {
 public:
  /// Result codes that callers tell apart; sqlite3.h names them SQLITE_PERM and so on.
  enum Code : int {
    kPermission = 3,
    kBusy = 5,
    kLocked = 6,
    kReadOnly = 8,
    kIoError = 10,
    kCorrupt = 11,
    kCannotOpen = 14,
    kProtocol = 15,
    kNotADatabase = 26,
    kReadOnlyRollback = kReadOnly | 3 << 8,  ///< an extended one
  };

  Error(int code, const std::string& message)
      : std::runtime_error(base::to_valid_utf8(message)), code_(code) {}
  /// Extended result code (sqlite.org/rescode.html).
  [[nodiscard]] int code() const { return code_; }
  [[nodiscard]] int primary_code() const { return code_ & 0xff; }

 private:
  int code_;
};

/// The time limit of a statement ran out.
class Interrupted : public Error {
 public:
  using Error::Error;
};

/// A statement was ended because its client left: nobody waits for an answer, and nothing has been
/// learnt about the statement. No Error, so that nothing takes it for one.
class Abandoned : public std::runtime_error {
 public:
  Abandoned() : std::runtime_error("the client left") {}
};

/// Our own SQL (Profile::kTrusted) did not fit into the memory that SQLite may take: no fault of
/// the one who asks. With SQL of visitors this is a plain Error.
class OutOfMemory : public Error {
 public:
  using Error::Error;
};

}  // namespace tapedeck::sqlite
