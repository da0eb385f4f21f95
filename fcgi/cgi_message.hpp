#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "http/request.hpp"
#include "http/response.hpp"

/// The CGI form of messages (RFC 3875), which FastCGI shares: variables make a request, and an
/// answer begins with a "Status" header.
namespace tapedeck::fcgi {

/// Takes over one variable; those that no request needs are passed over. CONTENT_TYPE becomes the
/// header Content-Type, HTTP_* the header of that name, REQUEST_URI the raw target (never
/// PATH_INFO or DOCUMENT_URI where REQUEST_URI is set: they have been decoded already).
void take_variable(http::Request& request, std::string_view name, std::string_view value);

/// Whether the front server sends the body of this method's requests on to a page; bodies of
/// others are read and forgotten.
[[nodiscard]] bool may_have_body(std::string_view method);

/// Whether an answer of that status carries content at all (RFC 9110 section 6.4.1).
[[nodiscard]] bool status_has_content(int status);

struct HeadOptions {
  http::Front front = http::Front::kNone;
  /// None for a stream.
  std::optional<std::uint64_t> content_length;
};
/// Appends the head of the answer with its closing empty line, for CGI and FastCGI.
///
/// A stream's head has no ETag, and behind nginx nothing is stored but what asks for it: an answer
/// without X-Accel-Expires of its own gets "X-Accel-Expires: 0". A file becomes X-Accel-Redirect.
void append_head(std::string& out, const http::Response& response, const HeadOptions& options);

/// Copies a file answer out where no nginx does it, in pieces. Throws std::system_error when it
/// cannot be read, std::runtime_error when it is shorter than announced.
/// REQUIRES: the file is not open in SQLite in this process, but for immutable ones, which have no
/// locks to lose (only those are ever handed out).
void copy_file(const http::FileBody& file, http::BodySink& sink);

}  // namespace tapedeck::fcgi
