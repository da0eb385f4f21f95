#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "config/configuration.hpp"
#include "http/request.hpp"

/// Messages that one answer leaves for the next page, in a signed cookie.
/// Source: spec/auth-permissions.md section 10.
namespace tapedeck::auth {

enum class MessageKind { kInfo = 1, kWarning = 2, kError = 3 };
/// "info", "warning", "error".
[[nodiscard]] std::string_view kind_name(MessageKind kind);

struct Message {
  std::string text;
  MessageKind kind = MessageKind::kInfo;
};

/// The messages in the request's cookie; none when it is not signed or not a list of messages.
[[nodiscard]] std::vector<Message> waiting_messages(const http::Request& request,
                                                    const config::Configuration& configuration);

/// Set-Cookie with the messages that wait already and these; the oldest go when a cookie could not
/// hold them all.
[[nodiscard]] std::string add_messages_cookie(const http::Request& request,
                                              const config::Configuration& configuration,
                                              const std::vector<Message>& added);

}  // namespace tapedeck::auth
