#pragma once

#include <cstddef>
#include <string_view>

#include <boost/json.hpp>

#include "base/result.hpp"

namespace tapedeck::config {

/// One YAML 1.2 document as a JSON value.
///
/// Plain scalars: null as in the core schema; booleans in YAML 1.1's spellings
///          (yes no on off true false), since Datasette's manual writes `default_allow_sql: off`;
///          numbers as in the core schema (0x and 0o too); everything else is text, dates, .inf and
///          .nan included. A number beyond the largest double is an error; an integer beyond 64
///          bits becomes the nearest double. Quoted scalars are text. !!str !!int !!float !!bool
///          !!null are honoured.
/// Keys:    text as written; one key twice in a mapping is an error. `<<` merges mappings.
/// Limits:  nesting to kMaxYamlDepth; written out with its aliases a document may
///          take about kMaxYamlBytes of memory.
/// Errors:  "line 3, column 5: ...", both counted from 1. Never throws for any text.
[[nodiscard]] base::Result<boost::json::value> parse_yaml(std::string_view text);

/// The same bound as for JSON files: deeper than any configuration, shallow enough to recurse.
constexpr int kMaxYamlDepth = 100;
/// An alias repeats what it names, so nine lines could stand for 10^9 values.
constexpr std::size_t kMaxYamlBytes = 256U << 20U;

}  // namespace tapedeck::config
