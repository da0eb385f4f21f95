#pragma once

#include "pages/call.hpp"
#include "sqlite/time_limit.hpp"

namespace tapedeck::pages {

/// `_timelimit=MS`: as long as this lives, statements of the connection have that much time if it
/// is less than they had; 0 changes nothing. For a page's main query: counts and facets have limits
/// of their own.
class MainQueryLimit {
 public:
  /// Throws http::RequestError 400 for what is no number, and at once as for a query that took too
  /// long when the number is below 0.
  MainQueryLimit(const Call& call, sqlite::Connection& connection);

 private:
  sqlite::TimeLimit limit_;
};

}  // namespace tapedeck::pages
