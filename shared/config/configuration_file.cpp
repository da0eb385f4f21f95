#include "config/configuration_file.hpp"

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <memory>
#include <sys/stat.h>

#include "base/text.hpp"
#include "config/config_error.hpp"
#include "config/repeated_key.hpp"
#include "config/yaml.hpp"

namespace tapedeck::config {
namespace {

namespace json = boost::json;

constexpr std::size_t kMaxJsonDepth = 100;

std::string position_of(std::string_view text, std::size_t offset) {
  const std::string_view before = text.substr(0, offset);
  const auto line = 1 + std::ranges::count(before, '\n');
  const std::size_t last_break = before.rfind('\n');
  const std::size_t column =
      last_break == std::string_view::npos ? offset + 1 : offset - last_break;
  return "line " + std::to_string(line) + ", column " + std::to_string(column);
}

/// Dotted in front of a key; "" for the document itself.
std::string inner_path(const std::string& path, std::string_view step) {
  return path.empty() ? std::string(step) : path + "." + std::string(step);
}

base::Result<json::value> parse_json(std::string_view text) {
  json::parse_options options;
  options.max_depth = kMaxJsonDepth;
  json::stream_parser parser({}, options);
  json::error_code error;
  const std::size_t consumed = parser.write(text.data(), text.size(), error);
  if (!error) parser.finish(error);
  if (error) return base::Error(position_of(text, consumed) + ": " + error.message());
  if (const auto repeated = find_repeated_key(text)) {
    return base::Error(position_of(text, repeated->offset) + ": the key \"" + repeated->name +
                       "\" stands here twice");
  }
  return parser.release();
}

base::Result<json::value> parse_either(std::string_view text) {
  auto from_json = parse_json(text);
  if (from_json) {
    if (const auto place = infinite_number(*from_json)) {
      return base::Error("\"" + *place + "\": the number is too large");
    }
    return from_json;
  }
  auto from_yaml = parse_yaml(text);
  if (from_yaml) return from_yaml;
  const std::string_view trimmed = base::trim(text);
  const bool looks_like_json = trimmed.starts_with('{') || trimmed.starts_with('[');
  return looks_like_json ? from_json : from_yaml;
}

}  // namespace

std::string read_text_file(const std::string& path) {
  struct Closer {
    void operator()(std::FILE* file) const noexcept {
      static_cast<void>(std::fclose(file));  // only read from: nothing can be lost
    }
  };
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) {
    throw ConfigError(path + ": " + std::strerror(errno));
  }
  // Read again on a reload, so a pipe cannot serve.
  if (!S_ISREG(status.st_mode)) throw ConfigError(path + ": is not a regular file");
  const std::unique_ptr<std::FILE, Closer> file(std::fopen(path.c_str(), "rb"));
  if (!file) throw ConfigError(path + ": " + std::strerror(errno));
  std::string text(kMaxConfigurationBytes + 1, '\0');
  text.resize(std::fread(text.data(), 1, text.size(), file.get()));
  if (std::ferror(file.get()) != 0) throw ConfigError(path + ": cannot be read");
  if (text.size() > kMaxConfigurationBytes) throw ConfigError(path + ": is larger than 10 MB");
  return text;
}

std::optional<std::string> infinite_number(const json::value& value, const std::string& path) {
  if (value.is_double() && !std::isfinite(value.get_double())) return path;
  if (const auto* object = value.if_object()) {
    for (const auto& [key, item] : *object) {
      if (auto found = infinite_number(item, inner_path(path, key))) return found;
    }
  } else if (const auto* array = value.if_array()) {
    for (std::size_t i = 0; i < array->size(); ++i) {
      if (auto found = infinite_number((*array)[i], inner_path(path, std::to_string(i)))) {
        return found;
      }
    }
  }
  return std::nullopt;
}

base::Result<json::object> parse_configuration(std::string_view text) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  auto value = parse_either(text);
  if (!value) return value.error();
  // A file of comments alone is a configuration yet to be written.
  if (value->is_null()) return json::object{};
  auto* object = value->if_object();
  if (object == nullptr) return base::Error("should hold an object (in YAML: a mapping)");
  return std::move(*object);
}

json::object read_configuration_file(const std::string& path) {
  auto object = parse_configuration(read_text_file(path));
  if (!object) throw ConfigError(path + ": " + object.error().message());
  return *std::move(object);
}

}  // namespace tapedeck::config
