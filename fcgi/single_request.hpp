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

/// Writes to standard output. Throws http::ClientGone when that is closed.
class OutputSink final : public http::BodySink {
 public:
  void write(std::string_view bytes) override;
};

/// One request answered by this process alone, for plain CGI and `--get`: the work of every lane,
/// under the same limits as in a worker, with the answer on standard output.
///
/// `head` makes what stands before the content; `content_length` is none for a stream. Returns the
/// status of the answer; 500 when the content broke off. Ends the process when the request runs
/// past its limits.
using HeadMaker =
    std::function<std::string(const http::Response&, std::optional<std::uint64_t> content_length)>;
int answer_single(std::shared_ptr<const config::Configuration> configuration,
                  const instance::AssetPaths& assets, const http::Request& request,
                  const HeadMaker& head);

}  // namespace tapedeck::fcgi
