#include "fcgi/get.hpp"

#include <cstdlib>
#include <memory>
#include <utility>

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

}  // namespace

int get(const config::ServeOptions& options, const std::string& target, GetOutput output) {
  const Installation installation = find_installation();
  auto configuration = std::make_shared<config::Configuration>(config::load(options, &std::getenv));
  if (configuration->secret.empty()) configuration->secret = base::random_hex(kSecretBytes);
  http::Request request;
  request.set_target(target);
  const int status = answer_single(
      std::move(configuration), installation.assets, request,
      output == GetOutput::kHeadersAndBody ? HeadMaker(shown_head)
                                           : [](const auto&, auto) { return std::string(); });
  return status == 200 ? 0 : 1;
}

}  // namespace tapedeck::fcgi
