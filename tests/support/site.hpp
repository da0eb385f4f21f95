#pragma once

#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/json.hpp>

#include "config/configuration.hpp"
#include "http/request.hpp"
#include "http/response.hpp"
#include "instance/instance.hpp"
#include "support/temporary_database.hpp"

namespace tapedeck::support {

/// A whole site in this process: databases in a folder of its own, the project's templates and
/// static files, app::dispatch as the only entrance.
class Site {
 public:
  using Fields = std::initializer_list<std::pair<std::string_view, std::string_view>>;

  Site();

  // What follows has to happen before the first request.

  /// Makes NAME.db of `sql` and serves it.
  void add_database(const std::string& name, const std::string& sql, bool immutable = false);
  /// The configuration as JSON text: what stands in datasette.yaml.
  void configure(std::string_view json);
  void describe(std::string_view metadata_json);
  [[nodiscard]] config::Configuration& configuration() { return *configuration_; }
  [[nodiscard]] config::Settings& settings() { return configuration_->settings; }
  void set_lane(instance::Lane lane) { lane_ = lane; }

  /// Answers a request; `target` is path and query string as they stand in the request line.
  http::Response get(std::string_view target, Fields headers = {});
  http::Response send(std::string_view method, std::string_view target, Fields headers = {});
  /// Answers this very object, which has to live until the answer has been read.
  http::Response send(const http::Request& request);

  [[nodiscard]] instance::Instance& instance();
  [[nodiscard]] const TemporaryFolder& folder() const { return folder_; }

 private:
  TemporaryFolder folder_;
  std::shared_ptr<config::Configuration> configuration_;
  std::optional<instance::Lane> lane_;
  std::unique_ptr<instance::Instance> instance_;
  /// Streams read their request after dispatch has returned.
  std::unique_ptr<http::Request> last_request_;
};

[[nodiscard]] http::Request make_request(std::string_view method, std::string_view target,
                                         Site::Fields headers = {});
/// The content, from wherever the answer takes it.
[[nodiscard]] std::string body_of(const http::Response& response);
/// Fails the test when the body is no JSON.
[[nodiscard]] boost::json::value json_of(const http::Response& response);
/// The message of a JSON error document.
[[nodiscard]] std::string error_of(const http::Response& response);
/// Rows of a JSON document (its "rows") as one text per row.
[[nodiscard]] std::vector<std::string> rows_of(const boost::json::value& document);

}  // namespace tapedeck::support
