#pragma once

#include "fcgi/watchdog.hpp"
#include "http/request.hpp"
#include "instance/instance.hpp"

namespace tapedeck::fcgi {

/// The answers to requests that the watchdog ends. Made while the process still has time for it: at
/// its start. `front` kNginx: FastCGI records of request 1, with a break-off; else head and body in
/// CGI form.
[[nodiscard]] Watchdog::Answers overdue_answers(instance::Instance& instance, http::Front front);

}  // namespace tapedeck::fcgi
