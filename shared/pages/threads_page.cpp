#include "pages/threads_page.hpp"

#include <cstdint>
#include <string>
#include <utility>

#include "instance/scoreboard.hpp"
#include "pages/answer.hpp"
#include "pages/json_page.hpp"

namespace tapedeck::pages {

namespace {

using instance::Scoreboard;
using State = Scoreboard::State;

constexpr std::int64_t kNanosecondsPerMillisecond = 1'000'000;

std::string_view state_name(State state) {
  switch (state) {
    case State::kFree:
      return "free";
    case State::kStarting:
      return "starting";
    case State::kIdle:
      return "idle";
    case State::kReading:
      return "reading";
    case State::kRunning:
      return "running";
    case State::kResponding:
      return "responding";
    case State::kStreaming:
      return "streaming";
    case State::kSending:
      return "sending";
    case State::kOverdue:
      return "overdue";
  }
  return "";
}

bool has_request(State state) {
  return state != State::kFree && state != State::kStarting && state != State::kIdle;
}

std::int64_t elapsed_ms(const Scoreboard::Slot& slot) {
  const std::int64_t started = slot.started.load(std::memory_order_relaxed);
  // Another process may begin its request between the two looks at the clock.
  const std::int64_t elapsed = started == 0 ? 0 : Scoreboard::now() - started;
  return elapsed < 0 ? 0 : elapsed / kNanosecondsPerMillisecond;
}

struct Lists {
  boost::json::array threads;
  boost::json::array tasks;
};

void add_worker(const Scoreboard::Slot& slot, std::size_t number, bool shows_all, Lists& lists) {
  const State state = slot.state();
  const std::string name =
      std::string(instance::lane_name(slot.lane.load())) + "-" + std::to_string(number);
  boost::json::object thread{
      {"name", name},
      {"ident", shows_all ? std::int64_t{slot.pid.load()} : static_cast<std::int64_t>(number)},
      {"daemon", false},
      {"lane", instance::lane_name(slot.lane.load())},
      {"state", state_name(state)}};
  if (has_request(state)) {
    const std::int64_t elapsed = elapsed_ms(slot);
    thread["elapsed_ms"] = elapsed;
    std::string task =
        name + ": " + std::string(state_name(state)) + " for " + std::to_string(elapsed) + " ms";
    if (shows_all) {
      const std::string request = slot.method.load() + " " + slot.target.load();
      thread["request"] = request;
      thread["sql"] = slot.sql.load();
      task += ": " + request;
    }
    lists.tasks.emplace_back(task);
  }
  lists.threads.push_back(std::move(thread));
}

}  // namespace

http::Response threads_page(Call& call) {
  const bool shows_all = call.access.allows("permissions-debug");
  const bool is_public = call.settings().public_threads && !call.configuration().default_deny;
  if (!shows_all) {
    if (!is_public) throw http::RequestError(403, "permissions-debug");
    require_instance(call);
  }
  call.is_repeatable = false;
  Lists lists;
  if (const Scoreboard* scoreboard = call.instance.options().scoreboard) {
    std::size_t number = 0;
    for (const Scoreboard::Slot& slot : scoreboard->slots()) {
      ++number;
      if (slot.state() != State::kFree) add_worker(slot, number, shows_all, lists);
    }
  }
  const std::size_t threads = lists.threads.size();
  const std::size_t tasks = lists.tasks.size();
  http::Response response = json_page(call, "Threads",
                                      boost::json::object{{"ok", true},
                                                          {"num_threads", threads},
                                                          {"threads", std::move(lists.threads)},
                                                          {"num_tasks", tasks},
                                                          {"tasks", std::move(lists.tasks)}});
  response.headers.set("Cache-Control", "no-store");
  return response;
}

}  // namespace tapedeck::pages
