#include "fcgi/get.hpp"

#include <cerrno>
#include <cstdlib>
#include <ctime>
#include <memory>
#include <system_error>
#include <utility>

#include "auth/actor.hpp"
#include "auth/json_text.hpp"
#include "base/digest.hpp"
#include "base/text.hpp"
#include "config/configuration.hpp"
#include "fcgi/cgi_message.hpp"
#include "fcgi/installation.hpp"
#include "fcgi/single_request.hpp"

namespace tapedeck::fcgi {

namespace {

/// The head as a person reads it: a status line, and lines without carriage return.
std::string shown_head(const http::Response& response, std::optional<std::uint64_t> length) {
  std::string head;
  append_head(head, response, {.front = http::Front::kNone, .content_length = length});
  const std::string_view rest = std::string_view(head).substr(std::string_view("Status:").size());
  return "HTTP/1.1" + base::replace_all(rest, "\r\n", "\n");
}

void add_credentials(http::Request& request, const config::Configuration& configuration,
                     const GetCredentials& credentials) {
  if (credentials.token) request.headers.set("Authorization", "Bearer " + *credentials.token);
  if (!credentials.actor) return;
  const auto actor = auth::parse_object(*credentials.actor);
  if (!actor) throw config::UsageError("--actor should be a JSON object");
  const std::string cookie =
      auth::sign_in_cookie(configuration, request, *actor, std::time(nullptr));
  request.headers.set("Cookie", cookie.substr(0, cookie.find(';')));
}

}  // namespace

int get(const config::ServeOptions& options, const std::string& target, GetOutput output,
        const GetCredentials& credentials) {
  const Installation installation = find_installation();
  auto configuration = std::make_shared<config::Configuration>(config::load(options, &std::getenv));
  if (configuration->secret.empty()) configuration->secret = base::random_hex(kSecretBytes);
  configuration->root = false;
  http::Request request;
  request.set_target(target);
  add_credentials(request, *configuration, credentials);
  const SingleAnswer answer = answer_single(
      std::move(configuration), installation.assets, request,
      output == GetOutput::kHeadersAndBody ? HeadMaker(shown_head)
                                           : [](const auto&, auto) { return std::string(); });
  // A reader that has read enough (`| head`) needs no message.
  if (answer.write_error != 0 && answer.write_error != EPIPE) {
    throw std::system_error(answer.write_error, std::generic_category(), "standard output");
  }
  return answer.status == 200 && answer.write_error == 0 ? 0 : 1;
}

}  // namespace tapedeck::fcgi
