#pragma once

namespace tapedeck::fcgi {

/// Lets the client of a stream, or of a long page, see an error when its worker dies in the middle
/// (kill -9, SIGSEGV).
///
/// The kernel closes a dead process's connection, which nginx takes for the proper end of the
/// answer: a stream looks complete, and the client of a page waits for the rest until nginx ends
/// the idle connection. So the worker leaves a copy of the descriptor in flight in a socket pair
/// that master and worker both hold: it keeps the connection open past the worker's death, and the
/// master takes it out and breaks the answer off. Costs two system calls, and nothing for pages
/// that the socket takes in at once.
class StreamGuard {
 public:
  /// Throws std::system_error. The master makes one before each fork.
  StreamGuard();
  ~StreamGuard();
  StreamGuard(const StreamGuard&) = delete;
  StreamGuard& operator=(const StreamGuard&) = delete;

  /// Worker: a stream begins on that connection, or ends. False when no copy could be left.
  [[nodiscard]] bool arm(int connection);
  void disarm();
  /// Master, after the worker's death: breaks off the stream that it was in, if any. The writing is
  /// left to a short-lived child, since nginx may take a while to read what came before.
  void break_off();

 private:
  [[nodiscard]] int take();

  int inner_ = -1;
  int outer_ = -1;
};

}  // namespace tapedeck::fcgi
