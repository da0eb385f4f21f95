#include "fcgi/fcgi_exchange.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <optional>
#include <span>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>
#include <vector>

#include "fcgi/cgi_message.hpp"
#include "fcgi/records.hpp"

namespace tapedeck::fcgi {

namespace {

constexpr std::size_t kReadPiece = 65536;
constexpr std::array<char, 8> kPadding{};

iovec piece(const void* bytes, std::size_t size) {
  return {const_cast<void*>(bytes), size};  // iovec serves reading too; sendmsg only reads
}

/// What nginx's cache writes in front of an answer (ngx_http_file_cache_header_t, 336 bytes), and
/// of the key what stands beside host and address.
constexpr std::size_t kCacheHeader = 512;

/// Sends all of it, whatever it takes; false when nobody listens any more.
bool send_all(int descriptor, std::span<iovec> pieces) {
  while (!pieces.empty()) {
    msghdr message{};
    message.msg_iov = pieces.data();
    message.msg_iovlen = std::min<std::size_t>(pieces.size(), IOV_MAX);
    ssize_t sent = sendmsg(descriptor, &message, MSG_NOSIGNAL);
    if (sent < 0) {
      if (errno == EINTR) continue;
      return false;
    }
    while (!pieces.empty() && static_cast<std::size_t>(sent) >= pieces.front().iov_len) {
      sent -= static_cast<ssize_t>(pieces.front().iov_len);
      pieces = pieces.subspan(1);
    }
    if (sent > 0) {
      pieces.front().iov_base = static_cast<char*>(pieces.front().iov_base) + sent;
      pieces.front().iov_len -= static_cast<std::size_t>(sent);
    }
  }
  return true;
}

enum class Part { kMiddle, kLast };

/// Head and body in records without copying the body; behind the last part the end of the request.
/// The pieces point into the arguments and into this object.
class Records {
 public:
  Records(std::uint16_t request_id, std::string_view head, std::string_view body, Part part)
      : end_(end_records(request_id)) {
    // A record has a header, the rest of the head, a part of the body and padding.
    const std::size_t total = head.size() + body.size();
    const std::size_t records = total / kMaxRecordContent + 1;
    headers_.reserve(records);
    pieces_.reserve(records * 3 + 2);
    for (std::size_t done = 0; done < total;) {
      const std::size_t content = std::min(total - done, kMaxRecordContent);
      headers_.push_back(stdout_header(request_id, content));
      pieces_.push_back(piece(headers_.back().data(), kRecordHeaderSize));
      const std::size_t of_head = std::min(head.size(), content);
      if (of_head > 0) pieces_.push_back(piece(head.data(), of_head));
      head.remove_prefix(of_head);
      const std::size_t of_body = content - of_head;
      if (of_body > 0) pieces_.push_back(piece(body.data(), of_body));
      body.remove_prefix(of_body);
      done += content;
      if (padding_of(content) > 0) pieces_.push_back(piece(kPadding.data(), padding_of(content)));
    }
    if (part == Part::kLast) pieces_.push_back(piece(end_.data(), end_.size()));
  }
  Records(const Records&) = delete;
  Records& operator=(const Records&) = delete;
  ~Records() = default;

  [[nodiscard]] std::span<iovec> pieces() { return pieces_; }

 private:
  EndRecords end_;
  std::vector<RecordHeader> headers_;
  std::vector<iovec> pieces_;
};

}  // namespace

FcgiExchange::FcgiExchange() {
  FCGX_InitRequest(&request_, /*sock=*/-1, /*flags=*/0);
}

FcgiExchange::~FcgiExchange() {
  close();
}

bool FcgiExchange::receive(int descriptor, std::size_t max_body_bytes, http::Request& request) {
  content_bytes_ = 0;
  // With a descriptor set libfcgi skips its own accept; keepConnection leaves the closing to us
  // (its own way asks the peer to close first, five system calls more).
  request_.ipcFd = descriptor;
  request_.keepConnection = 1;
  if (FCGX_Accept_r(&request_) != 0) {
    // libfcgi has closed the connection that it could not read, and failed to accept another
    // from socket -1.
    request_.ipcFd = -1;
    return false;
  }
  for (char** variable = request_.envp; *variable != nullptr; ++variable) {
    const std::string_view text(*variable);
    const std::size_t equals = text.find('=');
    if (equals == std::string_view::npos) continue;
    take_variable(request, text.substr(0, equals), text.substr(equals + 1));
  }
  return read_body(max_body_bytes, request);
}

bool FcgiExchange::read_body(std::size_t max_body_bytes, http::Request& request) {
  const bool keep = may_have_body(request.method);
  std::array<char, 512> small;
  std::vector<char> large;
  std::span<char> buffer = small;
  for (;;) {
    const int got = FCGX_GetStr(buffer.data(), static_cast<int>(buffer.size()), request_.in);
    if (got < 0) return false;
    if (keep && !request.body_too_large) {
      if (max_body_bytes != 0 &&
          request.body.size() + static_cast<std::size_t>(got) > max_body_bytes) {
        request.body_too_large = true;
        request.body = {};
      } else {
        request.body.append(buffer.data(), static_cast<std::size_t>(got));
      }
    }
    if (static_cast<std::size_t>(got) < buffer.size()) return FCGX_GetError(request_.in) == 0;
    if (large.empty()) {
      large.resize(kReadPiece);
      buffer = large;
    }
  }
}

bool FcgiExchange::send(const http::Response& response, http::Front front) {
  head_.clear();
  std::string_view body = response.body;
  if (response.file || !status_has_content(response.status)) body = {};
  append_head(head_, response, {.front = front, .content_length = body.size()});
  content_bytes_ = body.size();
  Records answer(request_id(), head_, body, Part::kLast);
  return send_all(descriptor(), answer.pieces());
}

void FcgiExchange::close() {
  const int descriptor = request_.ipcFd;
  FCGX_Free(&request_, /*close=*/0);
  request_.ipcFd = -1;
  if (descriptor >= 0) ::close(descriptor);
}

FcgiSink::FcgiSink(FcgiExchange& exchange, Watchdog& watchdog)
    : exchange_(exchange), watchdog_(watchdog) {
}

void FcgiSink::begin(const http::Response& response, const http::Request& request) {
  std::optional<std::uint64_t> length;
  if (response.file) length = static_cast<std::uint64_t>(response.file->size);
  append_head(head_, response, {.front = request.front, .content_length = length});
  fills_buffer_ = request.front == http::Front::kNginx;
  cache_header_ = kCacheHeader + request.target().size() + request.headers.value("host").size();
}

void FcgiSink::write(std::string_view bytes) {
  if (bytes.empty()) return;
  exchange_.count_content(bytes.size());
  if (fills_buffer_ && !head_.empty()) {
    std::string first = head_;
    first += bytes;
    const std::string records =
        filling_records(exchange_.request_id(), first, head_.size(), cache_header_);
    if (!records.empty()) {
      head_.clear();
      std::array<iovec, 1> pieces{piece(records.data(), records.size())};
      return send(pieces);
    }
  }
  Records records(exchange_.request_id(), head_, bytes, Part::kMiddle);
  send(records.pieces());
  head_.clear();
}

void FcgiSink::finish() {
  Records records(exchange_.request_id(), head_, {}, Part::kLast);
  send(records.pieces());
}

void FcgiSink::send(std::span<iovec> pieces) {
  watchdog_.send_begins();
  const bool sent = send_all(exchange_.descriptor(), pieces);
  watchdog_.send_ends();
  if (!sent) throw http::ClientGone{};
}

void FcgiSink::break_off() {
  watchdog_.send_begins();
  std::array<iovec, 1> record{piece(kBreakOffRecord.data(), kBreakOffRecord.size())};
  send_all(exchange_.descriptor(), record);
  watchdog_.send_ends();
}

}  // namespace tapedeck::fcgi
