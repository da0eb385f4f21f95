#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// What can be told of SQL from its text alone. Source: spec/facets-csv-query.md section 3.
namespace tapedeck::data {

/// Why a stranger's statement may not even be tried: it is no SELECT, WITH or EXPLAIN of these, or
/// names a PRAGMA that is not on the list. Nothing when it may. The sandbox decides what it may do.
[[nodiscard]] std::optional<std::string> refuse_statement(std::string_view sql);

/// Names of `:name` parameters in order of appearance, each once; none inside strings, quoted
/// identifiers and comments.
[[nodiscard]] std::vector<std::string> named_parameters(std::string_view sql);

}  // namespace tapedeck::data
