#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <sys/uio.h>

#include <fcgiapp.h>

#include "fcgi/watchdog.hpp"
#include "http/request.hpp"
#include "http/response.hpp"

namespace tapedeck::fcgi {

/// One FastCGI connection at a time: parameters -> Request, Response -> records.
///
/// libfcgi reads; the answer is written past its output stream, with one system call for a page
/// (libfcgi would make one of each 8 kB). Source of the record layout: FastCGI Specification 1.0,
/// section 3.3.
class FcgiExchange {
 public:
  FcgiExchange();
  /// Closes the connection.
  ~FcgiExchange();
  FcgiExchange(const FcgiExchange&) = delete;
  FcgiExchange& operator=(const FcgiExchange&) = delete;

  /// Takes over the accepted `descriptor` and reads a request from it. A body longer than
  /// `max_body_bytes` (0 = no limit) is read to its end, since a close before it would reach nginx
  /// as a reset, and dropped. False when what came is no request.
  [[nodiscard]] bool receive(int descriptor, std::size_t max_body_bytes, http::Request& request);
  /// Sends an answer with a body or, behind nginx, a file. False when the client has gone.
  bool send(const http::Response& response, http::Front front);
  /// Ends the connection.
  void close();

  [[nodiscard]] int descriptor() const { return request_.ipcFd; }
  [[nodiscard]] std::uint16_t request_id() const {
    return static_cast<std::uint16_t>(request_.requestId);
  }
  /// Bytes of content sent for this request.
  [[nodiscard]] std::uint64_t content_bytes() const { return content_bytes_; }
  void count_content(std::uint64_t bytes) { content_bytes_ += bytes; }

 private:
  bool read_body(std::size_t max_body_bytes, http::Request& request);

  FCGX_Request request_;
  std::string head_;
  std::uint64_t content_bytes_ = 0;
};

/// Writes a stream's content as STDOUT records, each piece at once and without copying it: who
/// makes the stream decides how long content is kept back.
class FcgiSink final : public http::BodySink {
 public:
  FcgiSink(FcgiExchange& exchange, Watchdog& watchdog);
  /// Keeps the head for the first piece; it does not count as content. A file's has its length.
  void begin(const http::Response& response, const http::Request& request);
  void write(std::string_view bytes) override;
  /// Sends the end of the request.
  void finish();
  /// Ends the answer so that the client sees an error (kBreakOffRecord).
  void break_off();

 private:
  void send(std::span<iovec> pieces);

  FcgiExchange& exchange_;
  Watchdog& watchdog_;
  /// Not yet sent.
  std::string head_;
  /// The first piece is to fill nginx's buffer, see filling_records().
  bool fills_buffer_ = false;
  /// At most so much of that buffer its cache takes.
  std::size_t cache_header_ = 0;
};

}  // namespace tapedeck::fcgi
