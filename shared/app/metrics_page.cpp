#include "app/metrics_page.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "app/routes.hpp"
#include "base/digest.hpp"
#include "base/text.hpp"
#include "base/version.hpp"
#include "http/request_error.hpp"
#include "instance/scoreboard.hpp"
#include "render/metrics_text.hpp"

namespace tapedeck::app {

namespace {

using instance::Lane;
using instance::Scoreboard;
using render::MetricsText;
using Counters = Scoreboard::Counters;
/// The counters of each lane, dead workers' included.
using LaneCounters = std::array<Counters, instance::kLanes.size()>;

constexpr double kMicrosecondsPerSecond = 1e6;
constexpr double kNanosecondsPerSecond = 1e9;
constexpr double kMillisecondsPerSecond = 1e3;
/// A number that a float holds exactly.
constexpr std::uint64_t kGenerationMask = (std::uint64_t{1} << 48U) - 1;

bool was_forwarded(const http::Request& request) {
  constexpr auto kFields =
      std::to_array<std::string_view>({"forwarded", "x-forwarded-for", "x-real-ip"});
  return std::ranges::any_of(kFields,
                             [&](std::string_view field) { return request.headers.has(field); });
}

std::uint64_t get(const std::atomic<std::uint64_t>& counter) {
  return counter.load(std::memory_order_relaxed);
}

double seconds(const std::atomic<std::uint64_t>& microseconds) {
  return static_cast<double>(get(microseconds)) / kMicrosecondsPerSecond;
}

/// Calls `each(name, counters)` for the lanes.
template <class Each>
void for_lanes(const LaneCounters& lanes, const Each& each) {
  for (const Lane lane : instance::kLanes) {
    each(instance::lane_name(lane), lanes.at(static_cast<std::size_t>(lane)));
  }
}

std::string status_label(std::size_t place) {
  return place < Scoreboard::kStatuses.size() ? std::to_string(Scoreboard::kStatuses.at(place))
                                              : "other";
}

void write_requests(MetricsText& text, const LaneCounters& lanes) {
  text.family("tapedeck_requests_total", "counter",
              "Requests answered by workers; what nginx answers from its cache is not among them.");
  for_lanes(lanes, [&](std::string_view lane, const Counters& counters) {
    for (std::size_t route = 0; route < counters.routes.size(); ++route) {
      for (std::size_t status = 0; status < counters.routes.at(route).size(); ++status) {
        const std::uint64_t count = get(counters.routes.at(route).at(status));
        if (count == 0) continue;
        text.sample(
            {{"lane", lane}, {"route", route_name(route)}, {"status", status_label(status)}},
            count);
      }
    }
  });
  text.family("tapedeck_response_bytes_total", "counter", "Bytes of answers' bodies.");
  for_lanes(lanes, [&](std::string_view lane, const Counters& counters) {
    text.sample({{"lane", lane}}, get(counters.bytes));
  });
}

void write_durations(MetricsText& text, const LaneCounters& lanes) {
  text.family("tapedeck_request_duration_seconds", "histogram",
              "From the connection to the last byte handed to nginx.");
  for_lanes(lanes, [&](std::string_view lane, const Counters& counters) {
    std::uint64_t total = 0;
    for (std::size_t i = 0; i < Scoreboard::kBucketMilliseconds.size(); ++i) {
      total += get(counters.buckets.at(i));
      std::string bound;
      base::append_double(bound, Scoreboard::kBucketMilliseconds.at(i) / kMillisecondsPerSecond);
      text.sample({{"lane", lane}, {"le", bound}}, total, "_bucket");
    }
    total += get(counters.buckets.back());
    text.sample({{"lane", lane}, {"le", "+Inf"}}, total, "_bucket");
    text.sample({{"lane", lane}}, seconds(counters.microseconds), "_sum");
    text.sample({{"lane", lane}}, total, "_count");
  });
}

void write_sql(MetricsText& text, const LaneCounters& lanes) {
  text.family("tapedeck_sql_seconds_total", "counter", "Time spent in SQL statements.");
  for_lanes(lanes, [&](std::string_view lane, const Counters& counters) {
    text.sample({{"lane", lane}}, seconds(counters.sql_microseconds));
  });
  text.family("tapedeck_sql_statements_total", "counter", "SQL statements run.");
  for_lanes(lanes, [&](std::string_view lane, const Counters& counters) {
    text.sample({{"lane", lane}}, get(counters.sql_statements));
  });
  text.family("tapedeck_sql_timeouts_total", "counter", "SQL statements ended at a time limit.");
  for_lanes(lanes, [&](std::string_view lane, const Counters& counters) {
    text.sample({{"lane", lane}}, get(counters.sql_timeouts));
  });
  text.family("tapedeck_requests_overdue_total", "counter",
              "Requests that the watchdog ended together with their worker.");
  for_lanes(lanes, [&](std::string_view lane, const Counters& counters) {
    text.sample({{"lane", lane}}, get(counters.overdue));
  });
}

bool is_busy(Scoreboard::State state) {
  return state != Scoreboard::State::kStarting && state != Scoreboard::State::kIdle;
}

void write_workers(MetricsText& text, const Scoreboard& scoreboard) {
  struct Numbers {
    std::uint64_t busy = 0;
    std::uint64_t idle = 0;
    std::uint64_t resident = 0;
  };
  std::array<Numbers, instance::kLanes.size()> lanes;
  for (const Scoreboard::Slot& slot : scoreboard.slots()) {
    const Scoreboard::State state = slot.state();
    if (state == Scoreboard::State::kFree) continue;
    Numbers& numbers = lanes.at(static_cast<std::size_t>(slot.lane.load()));
    ++(is_busy(state) ? numbers.busy : numbers.idle);
    numbers.resident += get(slot.resident_bytes);
  }
  text.family("tapedeck_workers", "gauge", "Live workers.");
  for (const Lane lane : instance::kLanes) {
    const Numbers& numbers = lanes.at(static_cast<std::size_t>(lane));
    text.sample({{"lane", instance::lane_name(lane)}, {"state", "busy"}}, numbers.busy);
    text.sample({{"lane", instance::lane_name(lane)}, {"state", "idle"}}, numbers.idle);
  }
  text.family("tapedeck_workers_resident_bytes", "gauge",
              "Memory of the workers that have answered something, shared pages counted by each.");
  for (const Lane lane : instance::kLanes) {
    text.sample({{"lane", instance::lane_name(lane)}},
                lanes.at(static_cast<std::size_t>(lane)).resident);
  }
  const Scoreboard::Header& header = scoreboard.header();
  text.family("tapedeck_worker_restarts_total", "counter", "Workers forked in place of dead ones.");
  text.sample({}, get(header.restarts));
  text.family("tapedeck_configuration_number", "gauge",
              "Configurations that came into force: 1 plus the reloads.");
  text.sample({}, std::uint64_t{header.configuration_number.load()});
  text.family("tapedeck_uptime_seconds", "gauge", "Age of the pool.");
  text.sample(
      {}, static_cast<double>(Scoreboard::now() - header.started.load()) / kNanosecondsPerSecond);
}

void write_databases(MetricsText& text, const instance::Instance& instance) {
  text.family("tapedeck_database_up", "gauge", "Whether the database can be read.");
  for (const auto& database : instance.databases()) {
    bool is_up = true;
    try {
      database->current();
    } catch (const http::RequestError&) {
      is_up = false;
    }
    text.sample({{"database", database->name()}}, std::uint64_t{is_up ? 1U : 0U});
  }
  text.family("tapedeck_database_generation", "gauge",
              "A number that changes with the content, and with it every cached page; no order.");
  for (const auto& database : instance.databases()) {
    try {
      std::string generation;
      database->current().append_to(generation);
      text.sample({{"database", database->name()}}, base::fast_hash(generation) & kGenerationMask);
    } catch (const http::RequestError&) {
      continue;  // it has none now
    }
  }
}

}  // namespace

http::Response metrics_page(pages::Call& call) {
  call.is_repeatable = false;
  const http::Request& request = call.request;
  const bool is_local = request.is_from_this_machine() && !was_forwarded(request);
  if (!is_local && !call.access.allows("permissions-debug"))
    throw http::RequestError(403, "permissions-debug");
  const Scoreboard* scoreboard = call.instance.options().scoreboard;
  if (scoreboard == nullptr) {
    throw http::RequestError(404, "This process belongs to no pool and counts nothing");
  }
  // Too large for the stack of a small thread, and there is one reader at a time.
  const auto lanes = std::make_unique<LaneCounters>();
  for (const Lane lane : instance::kLanes) {
    scoreboard->sum(lane, lanes->at(static_cast<std::size_t>(lane)));
  }
  MetricsText text;
  text.family("tapedeck_info", "gauge", "Version of the program.");
  text.sample({{"version", base::kVersion}}, std::uint64_t{1});
  write_requests(text, *lanes);
  write_durations(text, *lanes);
  write_sql(text, *lanes);
  write_workers(text, *scoreboard);
  write_databases(text, call.instance);
  http::Response response =
      http::text_response(200, "text/plain; version=0.0.4; charset=utf-8", text.take());
  response.headers.set("Cache-Control", "no-store");
  return response;
}

}  // namespace tapedeck::app
