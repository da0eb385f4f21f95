#include "auth/messages.hpp"

#include <optional>
#include <utility>

#include <boost/json.hpp>

#include "auth/actor.hpp"
#include "auth/json_text.hpp"
#include "base/json.hpp"
#include "base/signer.hpp"
#include "http/cookie.hpp"

namespace tapedeck::auth {

namespace {

namespace json = boost::json;

constexpr std::string_view kSalt = "messages";
/// Browsers keep cookies of 4 kB.
constexpr std::size_t kLongestCookie = 3800;

/// [TEXT, KIND]; nothing for anything else.
std::optional<Message> read_message(const json::value& value) {
  const json::array* pair = value.if_array();
  if (pair == nullptr || pair->size() != 2) return std::nullopt;
  const json::string* text = (*pair)[0].if_string();
  const json::value& kind = (*pair)[1];
  if (text == nullptr || !kind.is_int64()) return std::nullopt;
  const std::int64_t number = kind.get_int64();
  if (number < static_cast<int>(MessageKind::kInfo) ||
      number > static_cast<int>(MessageKind::kError)) {
    return std::nullopt;
  }
  return Message{std::string(*text), static_cast<MessageKind>(number)};
}

}  // namespace

std::string_view kind_name(MessageKind kind) {
  switch (kind) {
    case MessageKind::kInfo:
      return "info";
    case MessageKind::kWarning:
      return "warning";
    case MessageKind::kError:
      return "error";
  }
  return "info";
}

std::vector<Message> waiting_messages(const http::Request& request,
                                      const config::Configuration& configuration) {
  std::vector<Message> messages;
  const std::string cookie = http::cookie_value(request.headers.value("cookie"), kMessagesCookie);
  if (cookie.empty()) return messages;
  const auto text = base::Signer(configuration.secret, kSalt).unsign(cookie);
  const auto list = text ? parse_json(*text) : std::nullopt;
  if (!list || !list->is_array()) return messages;
  for (const json::value& item : list->get_array()) {
    if (auto message = read_message(item)) messages.push_back(*std::move(message));
  }
  return messages;
}

std::string add_messages_cookie(const http::Request& request,
                                const config::Configuration& configuration,
                                const std::vector<Message>& added) {
  std::vector<Message> messages = waiting_messages(request, configuration);
  messages.insert(messages.end(), added.begin(), added.end());
  const base::Signer signer(configuration.secret, kSalt);
  std::string value;
  do {
    json::array list;
    for (const Message& message : messages) {
      list.push_back(json::array{message.text, static_cast<int>(message.kind)});
    }
    value = signer.sign(base::to_json(list));
    if (!messages.empty()) messages.erase(messages.begin());
  } while (value.size() > kLongestCookie && !messages.empty());
  if (value.size() > kLongestCookie) value.clear();
  return set_cookie(configuration, request, kMessagesCookie, value);
}

}  // namespace tapedeck::auth
