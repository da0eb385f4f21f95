#pragma once

#include "http/request_error.hpp"

namespace tapedeck::pages {

/// A statement ran past sql_time_limit_ms.
[[nodiscard]] http::RequestError sql_time_limit_error();
/// A request that is no stream ran past request_time_limit_ms.
[[nodiscard]] http::RequestError request_time_limit_error();

}  // namespace tapedeck::pages
