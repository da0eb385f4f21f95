#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include <boost/json.hpp>

#include "base/result.hpp"

namespace tapedeck::config {

/// Files of people are kilobytes; the bound keeps a wrong file name from filling the memory.
constexpr std::size_t kMaxConfigurationBytes = 10U << 20U;

/// A metadata or configuration file. JSON is tried first, then YAML, whatever the extension.
/// Throws ConfigError with one line: "FILE: line 3, column 7: ...", a file that is missing, no
/// regular file or larger than kMaxConfigurationBytes, a number beyond the largest double (integers
/// beyond 64 bits become the nearest double), or a document that is no object (an empty
/// file too: a file cut to nothing must not quietly lift every restriction that it held).
[[nodiscard]] boost::json::object read_configuration_file(const std::string& path);

/// A file as it is, read with the same care: for secrets and the like. Throws ConfigError.
[[nodiscard]] std::string read_text_file(const std::string& path);

/// The dotted path, behind `path`, of the first number in `value` that has overflown: JSON has no
/// way to write it out again.
[[nodiscard]] std::optional<std::string> infinite_number(const boost::json::value& value,
                                                         const std::string& path = {});

/// The same as the first for text in memory; the error names the position only.
[[nodiscard]] base::Result<boost::json::object> parse_configuration(std::string_view text);

}  // namespace tapedeck::config
