#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "http/headers.hpp"

namespace tapedeck::http {

/// The client went away; thrown by BodySink::write() and left to fly to the entrance.
struct ClientGone {};

/// Where a stream writes its bytes.
class BodySink {
 public:
  virtual ~BodySink() = default;
  /// Sends or buffers `bytes`. Throws ClientGone when nobody listens any more.
  virtual void write(std::string_view bytes) = 0;
};

/// A file to be sent whole: handed to nginx when that stands in front, copied out otherwise.
struct FileBody {
  std::string path;
  std::int64_t size = 0;
};

/// One answer. Exactly one of `body`, `stream` and `file` carries the content.
struct Response {
  int status = 200;
  Headers headers;
  /// The whole content of an answer that is no stream; its length becomes Content-Length.
  std::string body;
  /// Set for streams: writes the content piece by piece and is called once, after the headers went
  /// out. An exception out of it breaks the stream off so that the client sees an error.
  std::function<void(BodySink&)> stream;
  std::optional<FileBody> file;
};

/// The reason phrase of a status ("Not Found"), "" for an unknown one.
[[nodiscard]] std::string_view reason_phrase(int status);

/// Answers with a body and its content type.
[[nodiscard]] Response text_response(int status, std::string_view content_type, std::string body);
/// nginx takes a whole answer's headers in 16 kB (fastcgi_buffer_size).
inline constexpr std::size_t kLongestLocation = 8192;
/// 3xx with Location and an empty text/plain body. Throws http::RequestError 414 for a target
/// beyond kLongestLocation.
[[nodiscard]] Response redirect_response(int status, std::string_view location);

}  // namespace tapedeck::http
