#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "config/configuration_file.hpp"
#include "config/yaml.hpp"

namespace {

int depth_of(const boost::json::value& value) {
  int deepest = 0;
  if (const auto* array = value.if_array()) {
    for (const auto& item : *array) deepest = std::max(deepest, depth_of(item));
  } else if (const auto* object = value.if_object()) {
    for (const auto& member : *object) deepest = std::max(deepest, depth_of(member.value()));
  }
  return deepest + 1;
}

}  // namespace

/// Neither parser throws, an error says something, and a value is no deeper than
/// parse_yaml() promises.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace config = tapedeck::config;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  static_cast<void>(config::parse_configuration(text));
  const auto value = config::parse_yaml(text);
  if (value && depth_of(*value) > config::kMaxYamlDepth) std::abort();
  if (!value && value.error().message().empty()) std::abort();
  return 0;
}
