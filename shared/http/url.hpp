#pragma once

#include <string>
#include <string_view>

#include "http/query_string.hpp"
#include "http/request.hpp"

/// Links to other pages of this site.
namespace tapedeck::http {

/// `path`, "?" and the encoded pairs; no "?" when there are none.
[[nodiscard]] std::string with_query(std::string_view path, const QueryString& query);
/// The same with a query string that is encoded.
[[nodiscard]] std::string with_query(std::string_view path, std::string_view query);
/// Scheme and Host of the request before `path` ("http://host/path"); "localhost" in place of a
/// Host that is not plausible, "http" in place of a scheme that is not "https".
[[nodiscard]] std::string absolute_url(const Request& request, std::string_view path,
                                       bool force_https);
/// A target for Location that cannot leave this site: a leading run of "/", "\", spaces and control
/// characters becomes one "/", which is put before anything else as well.
[[nodiscard]] std::string local_redirect_target(std::string_view path);
/// Whether a Host header is host[:port] of RFC 3986 characters, so that it can stand in a link.
[[nodiscard]] bool is_plausible_host(std::string_view host);

}  // namespace tapedeck::http
