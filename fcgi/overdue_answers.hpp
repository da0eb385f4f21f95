#pragma once

#include <string>

#include "http/request.hpp"
#include "instance/instance.hpp"

namespace tapedeck::fcgi {

/// The answer of a request that the watchdog ends, head and body in CGI form, in the two forms that
/// an error by path takes. Made while the process still has time for it: at its start.
struct OverdueTexts {
  std::string json;
  std::string html;
};
[[nodiscard]] OverdueTexts overdue_texts(instance::Instance& instance, http::Front front);

}  // namespace tapedeck::fcgi
