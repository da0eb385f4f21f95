#pragma once

#include <algorithm>
#include <array>
#include <string_view>

namespace tapedeck::sqlite {

/// What an argument of a PRAGMA does.
enum class PragmaArgument { kNamesObject, kSetsValue };

/// A PRAGMA that visitors may read, as pragma_NAME() table-valued function.
struct VisitorPragma {
  std::string_view name;
  PragmaArgument argument;
};

/// In the order in which the message about any other names them.
/// Source: spec/facets-csv-query.md section 3.
inline constexpr auto kVisitorPragmas = std::to_array<VisitorPragma>({
    {"database_list", PragmaArgument::kSetsValue},
    {"foreign_key_list", PragmaArgument::kNamesObject},
    {"function_list", PragmaArgument::kSetsValue},
    {"index_info", PragmaArgument::kNamesObject},
    {"index_list", PragmaArgument::kNamesObject},
    {"index_xinfo", PragmaArgument::kNamesObject},
    {"page_count", PragmaArgument::kSetsValue},
    {"max_page_count", PragmaArgument::kSetsValue},
    {"page_size", PragmaArgument::kSetsValue},
    {"schema_version", PragmaArgument::kSetsValue},
    {"table_info", PragmaArgument::kNamesObject},
    {"table_xinfo", PragmaArgument::kNamesObject},
    {"table_list", PragmaArgument::kNamesObject},
});

/// By the lower-case name; null when visitors may not read it.
[[nodiscard]] constexpr const VisitorPragma* find_visitor_pragma(std::string_view name) {
  const auto* found = std::ranges::find(kVisitorPragmas, name, &VisitorPragma::name);
  return found == kVisitorPragmas.end() ? nullptr : found;
}

}  // namespace tapedeck::sqlite
