#include "fcgi/single_request.hpp"

#include <cerrno>
#include <chrono>
#include <exception>
#include <unistd.h>
#include <utility>

#include "app/dispatch.hpp"
#include "base/log.hpp"
#include "fcgi/cgi_message.hpp"
#include "fcgi/overdue_answers.hpp"
#include "fcgi/process_setup.hpp"
#include "fcgi/watchdog.hpp"
#include "instance/scoreboard.hpp"

namespace tapedeck::fcgi {

void OutputSink::write(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(STDOUT_FILENO, bytes.data(), bytes.size());
    if (written < 0 && errno != EINTR) {
      error_ = errno;
      throw http::ClientGone{};
    }
    if (written > 0) bytes.remove_prefix(static_cast<std::size_t>(written));
  }
}

namespace {

/// While a slow reader holds a piece up, the statement's time stands still.
class PausingSink final : public http::BodySink {
 public:
  PausingSink(OutputSink& output, Watchdog& watchdog) : output_(output), watchdog_(watchdog) {}
  void write(std::string_view bytes) override {
    watchdog_.send_begins();
    output_.write(bytes);
    watchdog_.send_ends();
  }

 private:
  OutputSink& output_;
  Watchdog& watchdog_;
};

}  // namespace

SingleAnswer answer_single(std::shared_ptr<const config::Configuration> configuration,
                           const instance::AssetPaths& assets, const http::Request& request,
                           const HeadMaker& head) {
  set_up_process(configuration->settings);
  instance::Scoreboard scoreboard(1);
  Watchdog watchdog(scoreboard.slots()[0]);
  instance::Instance instance(
      std::move(configuration),
      {.lane = std::nullopt, .assets = assets, .monitor = &watchdog, .scoreboard = &scoreboard});
  watchdog.start(overdue_answers(instance, request.front));
  watchdog.request_begins(STDOUT_FILENO);
  watchdog.runs({.method = request.method,
                 .target = request.raw_path,
                 .wants_json = std::string_view(request.raw_path).ends_with(".json"),
                 .limit = std::chrono::milliseconds(instance.settings().request_time_limit_ms)});
  OutputSink output;
  SingleAnswer answer;
  try {
    const http::Response response = app::dispatch(instance, request);
    const bool sends_content = request.method != "HEAD" && status_has_content(response.status);
    if (response.stream) {
      watchdog.stream_begins();
      PausingSink stream(output, watchdog);
      stream.write(head(response, std::nullopt));
      if (sends_content) response.stream(stream);
    } else if (response.file) {
      watchdog.responds();
      output.write(head(response, static_cast<std::uint64_t>(response.file->size)));
      if (sends_content) copy_file(*response.file, output);
    } else {
      watchdog.responds();
      output.write(head(response, response.body.size()));
      if (sends_content) output.write(response.body);
    }
    answer.status = response.status;
  } catch (const http::ClientGone&) {
    base::log(base::LogLevel::kDebug, "client_gone", {{"path", request.raw_path}});
  } catch (const std::exception& error) {
    base::log(base::LogLevel::kError, "stream_broken_off",
              {{"path", request.raw_path}, {"reason", error.what()}});
  }
  watchdog.request_ends();
  answer.write_error = output.error();
  return answer;
}

}  // namespace tapedeck::fcgi
