#pragma once

#include "http/request.hpp"
#include "http/request_error.hpp"
#include "http/response.hpp"
#include "instance/instance.hpp"

namespace tapedeck::app {

/// Answers one request, from whatever entrance it came: route, lane, actor, permission, freshness,
/// page. Never throws: every error becomes an answer.
///
/// A worker of a lane that is not the one of the request runs nothing of it and answers with
/// X-Accel-Redirect to the right lane's named location, if nginx stands in front.
[[nodiscard]] http::Response dispatch(instance::Instance& instance, const http::Request& request);

/// The answer for an error in the form that it asks for (pages/error has the table). Also used for
/// the answers that the watchdog keeps ready.
[[nodiscard]] http::Response error_response(instance::Instance& instance,
                                            const http::Request& request,
                                            const http::RequestError& error);

}  // namespace tapedeck::app
