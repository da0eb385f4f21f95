#include "commands/healthcheck.hpp"

#include <string>
#include <sys/socket.h>
#include <sys/un.h>
#include <thread>
#include <unistd.h>

#include <gtest/gtest.h>

#include "config/config_error.hpp"
#include "support/temporary_database.hpp"

namespace tapedeck::commands {
namespace {

/// Answers one connection on a Unix socket with `answer`, whatever was asked.
class OneAnswer {
 public:
  OneAnswer(const std::string& path, std::string answer)
      : descriptor_(socket(AF_UNIX, SOCK_STREAM, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.copy(address.sun_path, sizeof(address.sun_path) - 1);
    EXPECT_EQ(bind(descriptor_, reinterpret_cast<sockaddr*>(&address), sizeof(address)), 0);
    EXPECT_EQ(listen(descriptor_, 1), 0);
    thread_ = std::thread([this, answer = std::move(answer)] {
      const int connection = accept(descriptor_, nullptr, nullptr);
      char buffer[1000];
      const ssize_t got = read(connection, buffer, sizeof(buffer));
      asked_ = std::string(buffer, static_cast<std::size_t>(std::max(got, ssize_t{0})));
      EXPECT_EQ(write(connection, answer.data(), answer.size()),
                static_cast<ssize_t>(answer.size()));
      close(connection);
    });
  }
  ~OneAnswer() {
    join();
    close(descriptor_);
  }
  std::string asked() {
    join();
    return asked_;
  }

 private:
  void join() {
    if (thread_.joinable()) thread_.join();
  }
  int descriptor_;
  std::string asked_;
  std::thread thread_;
};

TEST(Healthcheck, OnlyAnAnswer200IsHealth) {
  const std::pair<const char*, int> cases[] = {{"HTTP/1.1 200 OK\r\n\r\n{}", 0},
                                               {"HTTP/1.0 200 OK\r\n", 0},
                                               {"HTTP/1.1 503 No\r\n\r\n", 1},
                                               {"HTTP/1.1 404 200\r\n\r\n", 1},
                                               {"", 1},
                                               {"SSH-2.0 200", 1}};
  for (const auto& [answer, status] : cases) {
    const support::TemporaryFolder folder;
    OneAnswer server(folder / "s", answer);
    EXPECT_EQ(healthcheck("unix:" + (folder / "s")), status) << answer;
    EXPECT_TRUE(server.asked().starts_with("GET /-/health HTTP/1.0\r\nHost: localhost\r\n"));
  }
}

TEST(Healthcheck, NobodyThereIsNoHealth) {
  EXPECT_EQ(healthcheck("unix:/no/such/socket"), 1);
  EXPECT_EQ(healthcheck("http://127.0.0.1:1/"), 1);
}

TEST(Healthcheck, WhatIsNoAddressIsAUsageError) {
  for (const auto* url : {"", "x", "https://a/", "ftp://a/", "http:///x", "unix:", "http://a b/"}) {
    EXPECT_THROW(static_cast<void>(healthcheck(url)), config::UsageError) << url;
  }
}

}  // namespace
}  // namespace tapedeck::commands
