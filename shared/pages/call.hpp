#pragma once

#include <chrono>
#include <string>

#include "auth/access.hpp"
#include "http/request.hpp"
#include "http/response.hpp"
#include "instance/instance.hpp"

namespace tapedeck::pages {

/// What a page function gets: the request, what the route found in its path, and what the page has
/// to tell dispatch about its answer.
struct Call {
  instance::Instance& instance;
  const http::Request& request;
  /// What the one who asks may do.
  auth::Access access;
  /// raw_path without base_url in front; begins with "/".
  std::string path;
  /// Parts of the path by the route's pattern; "" where the pattern has none. Names are decoded.
  std::string database;
  std::string table;
  /// Row path, still encoded.
  std::string row;
  /// The extension without its dot; "" for HTML.
  std::string format;
  /// What a pattern's "{path}" took: the rest, still encoded.
  std::string rest;

  /// sqlite::statements_time() before the page.
  std::chrono::nanoseconds sql_time_before = sqlite::statements_time();

  /// Cleared by pages whose answer is not a function of the data (clock, chance, a count that timed
  /// out): such an answer gets no ETag and is not cached.
  bool is_repeatable = true;
  /// Cleared by pages that are the same for everybody: the program's own files.
  bool depends_on_actor = true;
  /// Set when the answer holds a cookie of this very request: it is for nobody else.
  bool is_personal = false;
  /// Headers of the request that the answer depends on, for Vary.
  std::string varies_by = {};
  /// Set when a page shows the messages that wait in the visitor's cookie, which then goes.
  mutable bool shows_messages = false;
  /// Cleared by the pages that the peer leaves without CORS headers.
  bool allows_cors = true;

  [[nodiscard]] const config::Configuration& configuration() const {
    return instance.configuration();
  }
  [[nodiscard]] const config::Settings& settings() const { return instance.settings(); }

  /// The same call with other arguments; `other` must outlive it.
  [[nodiscard]] Call with_request(const http::Request& other) const {
    return {.instance = instance,
            .request = other,
            .access = access,
            .path = path,
            .database = database,
            .table = table,
            .row = row,
            .format = format,
            .rest = rest};
  }
};

using Page = http::Response (*)(Call&);

}  // namespace tapedeck::pages
