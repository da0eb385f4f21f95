#include "support/site.hpp"

#include <fstream>
#include <iterator>

#include <gtest/gtest.h>

#include "app/dispatch.hpp"

namespace tapedeck::support {

namespace {

class TextSink : public http::BodySink {
 public:
  explicit TextSink(std::string& text) : text_(text) {}
  void write(std::string_view bytes) override { text_ += bytes; }

 private:
  std::string& text_;
};

}  // namespace

Site::Site() : configuration_(std::make_shared<config::Configuration>()) {
  configuration_->digest = "digest of the test's configuration";
}

void Site::add_database(const std::string& name, const std::string& sql, bool immutable) {
  const std::string path = folder_ / (name + ".db");
  run_sql(path, sql);
  configuration_->databases.push_back({.name = name, .path = path, .immutable = immutable});
}

void Site::configure(std::string_view json) {
  configuration_->config = boost::json::parse({json.data(), json.size()}).as_object();
}

void Site::describe(std::string_view metadata_json) {
  configuration_->metadata =
      boost::json::parse({metadata_json.data(), metadata_json.size()}).as_object();
}

instance::Instance& Site::instance() {
  if (!instance_) {
    instance_ = std::make_unique<instance::Instance>(
        configuration_,
        instance::Instance::Options{.lane = lane_,
                                    .assets = {.templates = TAPEDECK_SOURCE_DIR "/templates",
                                               .static_files = TAPEDECK_SOURCE_DIR "/static"},
                                    .monitor = nullptr,
                                    .scoreboard = nullptr});
  }
  return *instance_;
}

http::Response Site::get(std::string_view target, Fields headers) {
  return send("GET", target, headers);
}

http::Response Site::send(std::string_view method, std::string_view target, Fields headers) {
  last_request_ = std::make_unique<http::Request>(make_request(method, target, headers));
  return send(*last_request_);
}

http::Response Site::send(const http::Request& request) {
  return app::dispatch(instance(), request);
}

http::Request make_request(std::string_view method, std::string_view target, Site::Fields headers) {
  http::Request request;
  request.method = method;
  request.set_target(target);
  request.headers.set("Host", "site.example");
  for (const auto& [name, value] : headers) request.headers.set(name, value);
  request.remote_address = "192.0.2.1";
  return request;
}

std::string body_of(const http::Response& response) {
  if (response.file) {
    std::ifstream file(response.file->path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  if (!response.stream) return response.body;
  std::string text;
  TextSink sink(text);
  response.stream(sink);
  return text;
}

boost::json::value json_of(const http::Response& response) {
  boost::system::error_code error;
  boost::json::value document = boost::json::parse(response.body, error);
  EXPECT_FALSE(error) << response.status << ' ' << response.body.substr(0, 500);
  return document;
}

std::string error_of(const http::Response& response) {
  const boost::json::value document = json_of(response);
  const auto* object = document.if_object();
  const auto* message = object == nullptr ? nullptr : object->if_contains("error");
  return message != nullptr && message->is_string() ? std::string(message->get_string()) : "";
}

std::vector<std::string> rows_of(const boost::json::value& document) {
  std::vector<std::string> rows;
  const auto* object = document.if_object();
  const auto* list = object == nullptr ? nullptr : object->if_contains("rows");
  EXPECT_TRUE(list != nullptr && list->is_array()) << boost::json::serialize(document);
  if (list == nullptr || !list->is_array()) return rows;
  for (const boost::json::value& row : list->get_array()) {
    rows.push_back(boost::json::serialize(row));
  }
  return rows;
}

}  // namespace tapedeck::support
