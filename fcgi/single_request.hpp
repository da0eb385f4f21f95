#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "config/configuration.hpp"
#include "http/request.hpp"
#include "http/response.hpp"
#include "instance/instance.hpp"

namespace tapedeck::fcgi {

/// Writes to standard output. Throws http::ClientGone when that takes no more.
class OutputSink final : public http::BodySink {
 public:
  void write(std::string_view bytes) override;
  /// errno of the write that failed; 0 when none did.
  [[nodiscard]] int error() const { return error_; }

 private:
  int error_ = 0;
};

struct SingleAnswer {
  /// 500 when the content broke off.
  int status = 500;
  /// errno when standard output did not take all of it, else 0.
  int write_error = 0;
};

/// One request answered by this process alone, for plain CGI and `--get`: the work of every lane,
/// under the same limits as in a worker, with the answer on standard output.
///
/// `head` makes what stands before the content; `content_length` is none for a stream. Ends the
/// process when the request runs past its limits.
using HeadMaker =
    std::function<std::string(const http::Response&, std::optional<std::uint64_t> content_length)>;
SingleAnswer answer_single(std::shared_ptr<const config::Configuration> configuration,
                           const instance::AssetPaths& assets, const http::Request& request,
                           const HeadMaker& head);

}  // namespace tapedeck::fcgi
