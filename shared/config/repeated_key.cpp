#include "config/repeated_key.hpp"

#include <cstdint>
#include <set>
#include <utility>
#include <vector>

#include <boost/json/basic_parser_impl.hpp>

namespace tapedeck::config {

namespace {

namespace json = boost::json;

/// Hears a document and stops at the first key that its object has already.
class KeyListener {
 public:
  // What boost::json::basic_parser asks of its handler.
  static constexpr std::size_t max_object_size = -1;
  static constexpr std::size_t max_array_size = -1;
  static constexpr std::size_t max_key_size = -1;
  static constexpr std::size_t max_string_size = -1;

  bool on_object_begin(json::error_code& /*error*/) {
    keys_.emplace_back();
    return true;
  }
  bool on_object_end(std::size_t /*size*/, json::error_code& /*error*/) {
    keys_.pop_back();
    return true;
  }
  bool on_key_part(json::string_view part, std::size_t /*size*/, json::error_code& /*error*/) {
    key_ += part;
    return true;
  }
  bool on_key(json::string_view last_part, std::size_t /*size*/, json::error_code& error) {
    key_ += last_part;
    if (!keys_.back().insert(key_).second) {
      repeated_ = key_;
      error = json::error::syntax;
      return false;
    }
    key_.clear();
    return true;
  }

  static bool on_document_begin(json::error_code& /*error*/) { return true; }
  static bool on_document_end(json::error_code& /*error*/) { return true; }
  static bool on_array_begin(json::error_code& /*error*/) { return true; }
  static bool on_array_end(std::size_t /*size*/, json::error_code& /*error*/) { return true; }
  static bool on_string_part(json::string_view /*part*/, std::size_t /*size*/,
                             json::error_code& /*error*/) {
    return true;
  }
  static bool on_string(json::string_view /*part*/, std::size_t /*size*/,
                        json::error_code& /*error*/) {
    return true;
  }
  static bool on_number_part(json::string_view /*part*/, json::error_code& /*error*/) {
    return true;
  }
  static bool on_int64(std::int64_t /*number*/, json::string_view /*text*/,
                       json::error_code& /*error*/) {
    return true;
  }
  static bool on_uint64(std::uint64_t /*number*/, json::string_view /*text*/,
                        json::error_code& /*error*/) {
    return true;
  }
  static bool on_double(double /*number*/, json::string_view /*text*/,
                        json::error_code& /*error*/) {
    return true;
  }
  static bool on_bool(bool /*value*/, json::error_code& /*error*/) { return true; }
  static bool on_null(json::error_code& /*error*/) { return true; }
  static bool on_comment_part(json::string_view /*part*/, json::error_code& /*error*/) {
    return true;
  }
  static bool on_comment(json::string_view /*part*/, json::error_code& /*error*/) { return true; }

  [[nodiscard]] const std::optional<std::string>& repeated() const { return repeated_; }

 private:
  /// Of the objects around the place that is heard now, the innermost last.
  std::vector<std::set<std::string, std::less<>>> keys_;
  std::string key_;
  std::optional<std::string> repeated_;
};

}  // namespace

std::optional<RepeatedKey> find_repeated_key(std::string_view document) {
  json::parse_options options;
  options.max_depth = SIZE_MAX;
  json::basic_parser<KeyListener> parser(options);
  json::error_code error;
  const std::size_t offset = parser.write_some(false, document.data(), document.size(), error);
  const auto& name = parser.handler().repeated();
  if (!name) return std::nullopt;
  return RepeatedKey{.name = *name, .offset = offset};
}

}  // namespace tapedeck::config
