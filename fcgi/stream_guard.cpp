#include "fcgi/stream_guard.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <sys/socket.h>
#include <sys/uio.h>
#include <system_error>
#include <unistd.h>

#include "fcgi/records.hpp"

namespace tapedeck::fcgi {

namespace {

/// The worker may have died inside a record, whose rest nginx still waits for: more zeros than the
/// longest record has bytes fill it up, and the next header of zeros is an invalid one.
constexpr std::size_t kFill = 65535 + 255 + 2 * kRecordHeaderSize;
/// How long nginx may take to read what lies before the break.
constexpr int kPatienceSeconds = 60;

struct alignas(cmsghdr) ControlBuffer {
  std::array<char, CMSG_SPACE(sizeof(int))> bytes{};
};

/// A message of one byte with room for one descriptor. The pieces must outlive the message.
msghdr message_of(iovec& piece, char& byte, ControlBuffer& control) {
  piece = {&byte, 1};
  msghdr message{};
  message.msg_iov = &piece;
  message.msg_iovlen = 1;
  message.msg_control = control.bytes.data();
  message.msg_controllen = control.bytes.size();
  return message;
}

[[noreturn]] void fill_and_exit(int connection) {
  alarm(kPatienceSeconds);
  std::array<char, 4096> zeros{};
  for (std::size_t left = kFill; left > 0;) {
    const ssize_t sent = send(connection, zeros.data(), std::min(left, zeros.size()), MSG_NOSIGNAL);
    if (sent <= 0) break;
    left -= static_cast<std::size_t>(sent);
  }
  _exit(0);
}

}  // namespace

StreamGuard::StreamGuard() {
  std::array<int, 2> ends{};
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) {
    throw std::system_error(errno, std::generic_category(), "socketpair");
  }
  inner_ = ends[0];
  outer_ = ends[1];
}

StreamGuard::~StreamGuard() {
  ::close(inner_);
  ::close(outer_);
}

bool StreamGuard::arm(int connection) {
  iovec piece{};
  char byte = 0;
  ControlBuffer control;
  msghdr message = message_of(piece, byte, control);
  cmsghdr* header = CMSG_FIRSTHDR(&message);
  header->cmsg_level = SOL_SOCKET;
  header->cmsg_type = SCM_RIGHTS;
  header->cmsg_len = CMSG_LEN(sizeof(int));
  std::memcpy(CMSG_DATA(header), &connection, sizeof(int));
  return sendmsg(inner_, &message, MSG_NOSIGNAL | MSG_DONTWAIT) == 1;
}

int StreamGuard::take() {
  iovec piece{};
  char byte = 0;
  ControlBuffer control;
  msghdr message = message_of(piece, byte, control);
  if (recvmsg(outer_, &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC) != 1) return -1;
  const cmsghdr* header = CMSG_FIRSTHDR(&message);
  if (header == nullptr || header->cmsg_type != SCM_RIGHTS) return -1;
  int descriptor = -1;
  std::memcpy(&descriptor, CMSG_DATA(header), sizeof(int));
  return descriptor;
}

void StreamGuard::disarm() {
  const int copy = take();
  if (copy >= 0) ::close(copy);
}

void StreamGuard::break_off() {
  const int connection = take();
  if (connection < 0) return;
  const pid_t child = fork();
  if (child == 0) {
    // The master's signals are blocked and would stay so; the alarm must get through.
    std::signal(SIGALRM, SIG_DFL);
    sigset_t all;
    sigfillset(&all);
    sigprocmask(SIG_UNBLOCK, &all, nullptr);
    fill_and_exit(connection);
  }
  ::close(connection);
}

}  // namespace tapedeck::fcgi
