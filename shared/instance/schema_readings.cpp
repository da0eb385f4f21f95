#include "instance/schema_readings.hpp"

#include <algorithm>

namespace tapedeck::instance {

bool SchemaReadings::begin(std::uint64_t schema, Time now) {
  using std::chrono::duration_cast;
  using std::chrono::nanoseconds;
  const std::int64_t time = duration_cast<nanoseconds>(now.time_since_epoch()).count();
  const auto known = std::ranges::find(
      readings_, schema, [](const Reading& reading) { return reading.schema.load(); });
  if (known != readings_.end()) {
    const nanoseconds age{time - known->started};
    // Another process reads it now, and may come to the end.
    if (age <= kLimit) return true;
    if (age <= kLimit + kRefusal) return false;
    known->started = time;
    return true;
  }
  // A free place, or else the oldest.
  const auto place = std::ranges::min_element(readings_, {}, [](const Reading& reading) {
    return reading.schema == 0 ? std::int64_t{0} : reading.started.load();
  });
  place->started = time;
  place->schema = schema;
  return true;
}

void SchemaReadings::end(std::uint64_t schema) {
  for (Reading& reading : readings_) {
    std::uint64_t expected = schema;
    reading.schema.compare_exchange_strong(expected, 0);
  }
}

}  // namespace tapedeck::instance
