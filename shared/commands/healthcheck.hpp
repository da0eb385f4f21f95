#pragma once

#include <string>

namespace tapedeck::commands {

/// `tapedeck healthcheck [URL]`: asks a running server whether it is well, so that a container
/// image needs no other program. `url` is http://HOST[:PORT][/PATH] (without a path /-/health), or
/// unix:SOCKET. Exit status 0 for an answer 200 within five seconds; else 1, and one line on
/// standard error that says why. Throws config::UsageError for what is no such address.
[[nodiscard]] int healthcheck(const std::string& url);

}  // namespace tapedeck::commands
