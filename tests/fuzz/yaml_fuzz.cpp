#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "config/configuration_file.hpp"
#include "config/yaml.hpp"

// Neither parser throws, and what parse_yaml() makes of a text has the bounds that it promises.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  static_cast<void>(tapedeck::config::parse_configuration(text));
  const auto value = tapedeck::config::parse_yaml(text);
  if (!value && value.error().message().empty()) std::abort();
  if (!value) return 0;
  // JSON is YAML but for texts that only look like one: what was read can be read again.
  const std::string written = boost::json::serialize(*value);
  const auto again = tapedeck::config::parse_yaml(written);
  if (written.size() < 1000 && !again) std::abort();
  return 0;
}
