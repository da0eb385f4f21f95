#include "app/dispatch.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <ctime>
#include <exception>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "app/cors.hpp"
#include "app/cross_site.hpp"
#include "app/freshness.hpp"
#include "app/routes.hpp"
#include "app/traced.hpp"
#include "auth/access.hpp"
#include "auth/actor.hpp"
#include "base/log.hpp"
#include "base/text.hpp"
#include "http/etag.hpp"
#include "http/url.hpp"
#include "pages/answer.hpp"
#include "pages/custom_page.hpp"
#include "pages/error.hpp"
#include "pages/query_page.hpp"
#include "pages/static_pages.hpp"
#include "pages/table_page.hpp"
#include "pages/time_limit_error.hpp"
#include "sqlite/error.hpp"

namespace tapedeck::app {

namespace {

using http::RequestError;
using http::Response;

/// A proxy on this machine may say that its client came over https.
http::Request with_forwarded_scheme(const http::Request& request) {
  http::Request seen = request;
  if (request.headers.value("x-forwarded-proto") == "https") seen.scheme = "https";
  return seen;
}

bool has_forwarded_scheme(const http::Request& request) {
  return request.headers.has("x-forwarded-proto") && request.is_from_this_machine();
}

std::string path_below(const std::string& raw_path, const std::string& base_url) {
  if (base_url.size() > 1 && raw_path.starts_with(base_url)) {
    return "/" + raw_path.substr(base_url.size());
  }
  return raw_path;
}

// ---- finding the page -----------------------------------------------------------------------

const Route* find_route(pages::Call& call) {
  for (const Route& route : routes()) {
    if (match(route.pattern, call.path, call)) return &route;
  }
  return nullptr;
}

const config::StaticMount* find_mount(pages::Call& call) {
  for (const config::StaticMount& mount : call.configuration().static_mounts) {
    const std::string prefix = "/" + mount.mount + "/";
    if (call.path.starts_with(prefix)) {
      call.rest = call.path.substr(prefix.size());
      return &mount;
    }
  }
  return nullptr;
}

/// Where a path that leads nowhere may have meant to go: percent-encoded names in their tilde form,
/// trailing slashes dropped; base_url stands in front whether a proxy took it away or not.
/// Source: spec/urls.md sections 2 and 12.
std::optional<Response> redirect_for_missing(const pages::Call& call) {
  const http::Request& request = call.request;
  std::string target = call.path;
  if (target.find('%') != std::string::npos) {
    target = base::replace_all(target, "~", "~7E");
    target = base::replace_all(target, "%", "~");
    target = base::replace_all(target, ".", "~2E");
  } else if (target.size() > 1 && target.ends_with('/')) {
    target.resize(target.find_last_not_of('/') + 1);
  } else {
    return std::nullopt;
  }
  target.insert(0, call.settings().base_url, 0, call.settings().base_url.size() - 1);
  target = http::local_redirect_target(target);
  if (!request.raw_query.empty()) target += "?" + request.raw_query;
  if (target.size() > http::kLongestLocation) return std::nullopt;
  Response response = http::redirect_response(302, target);
  response.headers.set("Content-Type", "text/html; charset=utf-8");
  return response;
}

// ---- methods --------------------------------------------------------------------------------

bool is_read(std::string_view method) {
  return method == "GET" || method == "HEAD";
}

/// A stored query that the visitor may see stands at an address that looks like a table's.
bool is_visible_query(pages::Call& call, const Route* route) {
  if (route == nullptr || route->page != pages::table_page) return false;
  if (!call.access.may_view_query(call.database, call.table)) return false;
  return pages::stored_query_of_path(call).has_value();
}

RequestError method_not_allowed(const pages::Call& call, const Route* route) {
  const bool is_table = route != nullptr && route->page == pages::table_page;
  const bool wants_json =
      !is_table && (call.request.raw_path.ends_with(".json") ||
                    call.request.headers.value("content-type") == "application/json");
  RequestError error(405, "Method not allowed",
                     wants_json ? http::ErrorForm::kJson : http::ErrorForm::kPlainText);
  // Where a POST itself is refused, it is for its body.
  const bool takes_post = call.request.method != "POST" && route != nullptr &&
                          (route->post != nullptr || route->form != nullptr);
  error.headers.set("Allow", takes_post ? "GET, HEAD, OPTIONS, POST" : "GET, HEAD, OPTIONS");
  return error;
}

Response options_answer(pages::Call& call, const Route* route) {
  Response response = http::text_response(200, "text/plain; charset=utf-8", "ok");
  if (route != nullptr && !route->allow.empty()) response.headers.set("Allow", route->allow);
  if (is_visible_query(call, route)) response.headers.set("Allow", "HEAD, GET, POST");
  return response;
}

// ---- errors ---------------------------------------------------------------------------------

/// What an error of SQLite that no page has dealt with means to the client.
RequestError from_sqlite(const sqlite::Error& error) {
  if (dynamic_cast<const sqlite::OutOfMemory*>(&error) != nullptr) {
    return {503, std::string("There is not enough memory for this now: ") + error.what()};
  }
  switch (error.primary_code()) {
    case sqlite::Error::kBusy:
    case sqlite::Error::kLocked:
    case sqlite::Error::kPermission:
    case sqlite::Error::kIoError:
    case sqlite::Error::kCannotOpen:
    case sqlite::Error::kProtocol:
      return {503, std::string("The database cannot be read now: ") + error.what()};
    case sqlite::Error::kCorrupt:
    case sqlite::Error::kNotADatabase:
      return {500, std::string("The database is damaged: ") + error.what()};
    default: {
      RequestError bad(400, error.what());
      bad.title = "Invalid SQL";
      return bad;
    }
  }
}

/// What is wrong with a database is told to those alone who may see it. Behind a 403 no cache hands
/// out an old copy either.
bool hides_trouble(const pages::Call& call, const RequestError& error) {
  if (error.status < 500 || call.instance.find_database(call.database) == nullptr) return false;
  if (call.access.may_view_database(call.database)) return false;
  return call.table.empty() || !(call.access.may_view_table(call.database, call.table) ||
                                 call.access.may_view_query(call.database, call.table));
}

Response answer_error(pages::Call& call, const RequestError& error) {
  if (error.status >= 500) {
    base::log(base::LogLevel::kError, "error",
              {{"path", call.request.raw_path}, {"error", error.message}});
  }
  if (hides_trouble(call, error)) {
    return pages::error_page(call, {403, "You do not have permission to view this database"});
  }
  return pages::error_page(call, error);
}

// ---- the order of steps ---------------------------------------------------------------------

std::optional<Response> other_lane(const Route& route, const pages::Call& call) {
  const auto own = call.instance.options().lane;
  if (!own || call.request.front != http::Front::kNginx) return std::nullopt;
  const instance::Lane lane = lane_of(route, call);
  if (lane == *own) return std::nullopt;
  Response response;
  response.headers.set("X-Accel-Redirect", "@" + std::string(instance::lane_name(lane)));
  return response;
}

/// Runs the page of a route and tells what SQL it ran: never the same twice.
Response run_traced(const Route& route, pages::Call& call) {
  const sqlite::Trace trace;
  const auto start = std::chrono::steady_clock::now();
  Response response = route.page(call);
  add_trace(call, trace, start, response);
  call.is_repeatable = false;
  return response;
}

/// Runs the page of a route, or answers 304 before any SQL.
Response run_route(const Route& route, pages::Call& call) {
  if (wants_trace(call)) return run_traced(route, call);
  // A stream has none: it is never the same bytes as a page.
  const bool is_stream = lane_of(route, call) == instance::Lane::kExport;
  // Nor has what is meant for one visitor alone.
  const bool has_etag = !is_stream && !auth::is_personal(call.request);
  const std::optional<std::string> etag = has_etag ? etag_of(route, call) : std::nullopt;
  const std::string_view known = call.request.headers.value("if-none-match");
  // "*" asks whether there is anything at all, which only the page knows.
  if (etag && base::trim(known) != "*" && http::if_none_match(known, *etag)) {
    Response response;
    response.status = 304;
    response.headers.set("ETag", *etag);
    response.headers.set("X-Accel-Expires", "1");
    return response;
  }
  Response response = route.page(call);
  if (etag && call.is_repeatable && response.status == 200 && !response.stream) {
    response.headers.set("ETag", *etag);
    response.headers.set("X-Accel-Expires", "1");
  }
  return response;
}

/// The page that answers a POST, if the route has one for such a body. Throws 415 for a form that
/// cannot be read: its page would take every field for left out.
pages::Page post_page(const Route* route, const http::Request& request) {
  if (route == nullptr || request.method != "POST") return nullptr;
  const std::string type = base::to_lower(request.headers.value("content-type"));
  if (type.starts_with("application/json")) return route->post;
  if (route->form != nullptr && !type.empty() &&
      !type.starts_with("application/x-www-form-urlencoded")) {
    throw RequestError(415, "Forms are read as application/x-www-form-urlencoded alone");
  }
  return route->form;
}

void require_body_in_bounds(const pages::Call& call) {
  if (!call.request.body_too_large) return;
  throw RequestError(413, "Request body exceeded maximum size of " +
                              std::to_string(call.settings().max_post_body_bytes) + " bytes");
}

Response answer(pages::Call& call) {
  const http::Request& request = call.request;
  const config::StaticMount* mount = find_mount(call);
  const Route* route = mount == nullptr ? find_route(call) : nullptr;
  call.instance.set_route(mount != nullptr ? kMountNumber : route_number(route));
  if (request.method == "OPTIONS") return options_answer(call, route);
  if (!is_read(request.method)) {
    require_body_in_bounds(call);
    const pages::Page page = post_page(route, request);
    if (page == nullptr) throw method_not_allowed(call, route);
    if (auto redirect = other_lane(*route, call)) return *std::move(redirect);
    return page(call);
  }
  if (mount != nullptr) return pages::mounted_file(call, *mount);
  if (route == nullptr) throw RequestError(404, "404");
  if (auto redirect = other_lane(*route, call)) return *std::move(redirect);
  return run_route(*route, call);
}

/// What depends on who asks must not be kept for anybody else, and neither must a refusal, which
/// somebody else would not have got.
void keep_private(const pages::Call& call, Response& response) {
  const bool is_refusal = response.status == 401 || response.status == 403;
  const bool depends_on_actor = call.depends_on_actor && auth::is_personal(call.request);
  if (!is_refusal && !depends_on_actor && !call.is_personal) return;
  response.headers.set("Cache-Control", "private, no-store");
  response.headers.set("X-Accel-Expires", "0");
  response.headers.remove("ETag");
}

void clear_shown_messages(const pages::Call& call, Response& response) {
  if (!call.shows_messages) return;
  response.headers.add("Set-Cookie", auth::set_cookie(call.configuration(), call.request,
                                                      auth::kMessagesCookie, ""));
}

/// Headers that do not depend on the page.
void add_common_headers(const pages::Call& call, Response& response) {
  http::Headers& headers = response.headers;
  if (headers.has("X-Accel-Redirect")) return;
  keep_private(call, response);
  if (!call.varies_by.empty()) headers.add("Vary", call.varies_by);
  if (call.configuration().no_cache_headers) {
    headers.set("X-Accel-Expires", "0");
    // What is private stays so.
    if (headers.value("cache-control").starts_with("max-age")) headers.remove("Cache-Control");
  }
  if (!headers.has("X-Accel-Expires")) headers.set("X-Accel-Expires", "0");
  headers.set("X-Content-Type-Options", "nosniff");
  headers.set("Referrer-Policy", "no-referrer");
  if (headers.value("content-type").starts_with("text/html")) {
    if (!headers.has("Content-Security-Policy")) {
      headers.set("Content-Security-Policy", call.instance.content_security_policy());
      headers.set("X-Frame-Options", "SAMEORIGIN");
    }
  }
  if (call.configuration().cors && call.allows_cors) {
    add_cors_headers(call.settings(), call.request, headers);
  }
}

/// An error page that cannot be made must not end the process either.
Response last_resort() {
  return http::text_response(500, "text/plain; charset=utf-8", "Internal error");
}

Response error_answer(pages::Call& call, const RequestError& error) {
  try {
    return answer_error(call, error);
  } catch (const std::exception& failure) {
    base::log(base::LogLevel::kError, "error_page_failed", {{"error", failure.what()}});
    return last_resort();
  }
}

/// A path that leads nowhere may have a page of the publisher's own.
Response custom_page_or_error(pages::Call& call, const RequestError& error) {
  try {
    if (is_read(call.request.method)) {
      if (auto page = pages::custom_page(call)) return *std::move(page);
    }
  } catch (const RequestError& not_found) {
    return error_answer(call, not_found);
  }
  return error_answer(call, error);
}

Response answer_or_error(pages::Call& call) {
  try {
    return answer(call);
  } catch (const RequestError& error) {
    if (error.status == 404 && error.form != http::ErrorForm::kBareHtml) {
      if (auto redirect = redirect_for_missing(call)) return *std::move(redirect);
      return custom_page_or_error(call, error);
    }
    return error_answer(call, error);
  } catch (const sqlite::Interrupted& error) {
    pages::log_sql_error(call, error);
    return error_answer(call, pages::sql_time_limit_error());
  } catch (const sqlite::Abandoned&) {
    throw http::ClientGone{};
  } catch (const sqlite::Error& error) {
    pages::log_sql_error(call, error);
    return error_answer(call, from_sqlite(error));
  } catch (const std::bad_alloc&) {
    return error_answer(call, RequestError(500, "out of memory"));
  } catch (const std::exception& error) {
    base::log(base::LogLevel::kError, "exception",
              {{"path", call.request.raw_path}, {"error", error.what()}});
    return error_answer(call, RequestError(500, "Internal error"));
  }
}

pages::Call make_call(instance::Instance& instance, const http::Request& request,
                      std::optional<auth::Actor> actor) {
  return {.instance = instance,
          .request = request,
          .access =
              auth::Access(instance.configuration(), std::move(actor), &instance.permission_log()),
          .path = path_below(request.raw_path, instance.settings().base_url),
          .database = {},
          .table = {},
          .row = {},
          .format = {},
          .rest = {}};
}

/// Who asks. Throws RequestError: 403 for a request that another site makes in somebody's name,
/// which is refused before anybody is looked at; 401 for a bad token, whatever it asks for.
std::optional<auth::Actor> identify(instance::Instance& instance, const http::Request& request) {
  const bool is_safe = is_read(request.method) || request.method == "OPTIONS";
  if (!is_safe) require_same_origin(request, instance.settings().force_https_urls);
  return auth::actor_of(request, instance.configuration(), std::time(nullptr));
}

Response dispatch_seen(instance::Instance& instance, const http::Request& request) {
  try {
    pages::Call call = make_call(instance, request, identify(instance, request));
    Response response = answer_or_error(call);
    clear_shown_messages(call, response);
    add_common_headers(call, response);
    return response;
  } catch (const RequestError& error) {
    return error_response(instance, request, error);
  } catch (const std::exception& error) {
    // Whatever a page of errors, or of the publisher's own, may meet: the worker lives on.
    base::log(base::LogLevel::kError, "exception",
              {{"path", request.raw_path}, {"error", error.what()}});
    return error_response(instance, request, RequestError(500, "Internal error"));
  }
}

}  // namespace

http::Response dispatch(instance::Instance& instance, const http::Request& request) {
  instance.begin_request();
  if (has_forwarded_scheme(request)) {
    return dispatch_seen(instance, with_forwarded_scheme(request));
  }
  return dispatch_seen(instance, request);
}

http::Response error_response(instance::Instance& instance, const http::Request& request,
                              const http::RequestError& error) {
  pages::Call call = make_call(instance, request, std::nullopt);
  Response response = error_answer(call, error);
  add_common_headers(call, response);
  return response;
}

}  // namespace tapedeck::app
