#pragma once

#include <chrono>
#include <string_view>

namespace tapedeck::sqlite {

/// Who watches the statements of this process from outside: the worker's watchdog. A progress
/// handler cannot fire inside one function call, so it alone does not bound time.
class Monitor {
 public:
  virtual ~Monitor() = default;
  /// `sql` begins to run, or runs on after a pause, and has to be over at `deadline`.
  virtual void statement_begins(std::chrono::steady_clock::time_point deadline,
                                std::string_view sql) = 0;
  /// The statement in hand, a stream's, has given a row and has so long for the next one.
  virtual void statement_renews(std::chrono::steady_clock::time_point deadline) = 0;
  /// Nothing runs now: the statement is done, or waits for the client.
  virtual void statement_ends() = 0;
  /// Whether the client has gone; asked now and then by the progress handler.
  virtual bool client_left() = 0;
};

}  // namespace tapedeck::sqlite
