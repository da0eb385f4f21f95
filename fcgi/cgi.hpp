#pragma once

namespace tapedeck::fcgi {

/// Whether a web server has started this process to answer one request as plain CGI (RFC 3875):
/// GATEWAY_INTERFACE is set, and descriptor 0 is no listening FastCGI socket.
[[nodiscard]] bool is_cgi();

/// Answers the request of the environment on standard output and returns the exit status.
///
/// The configuration is the file that TAPEDECK_CONFIG names; without it the answer is 500 and a log
/// line says why. The arguments are never looked at: a server may pass a query string as arguments
/// (RFC 3875 section 4.4), and `?-c+/etc/passwd` would be options.
[[nodiscard]] int answer_cgi();

}  // namespace tapedeck::fcgi
