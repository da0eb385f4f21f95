#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "data/size_limit.hpp"
#include "sqlite/catalogue.hpp"
#include "sqlite/connection.hpp"

namespace tapedeck::data {

/// A row that a typed text may mean.
struct Suggestion {
  /// One per column of the key.
  std::vector<sqlite::Value> key;
  /// Text of the label column; nothing where the table has none.
  std::optional<std::string> label;
};

struct AutocompleteInput {
  sqlite::Connection& connection;
  const sqlite::Table& table;
  std::optional<std::string> label_column;
  /// For the JSON of keys and labels.
  SizeBudget& budget;
};

/// At most 10 rows with `text` in a column of the key or in the label, in either case: exact keys
/// first, then labels that hold it or keys that begin with it, the shorter ones first, then by key.
/// Searching may take half a second; after that only keys that begin with the text are looked up,
/// and when that takes too long as well there are none. `timed_out` says that one of the two did.
/// Source: spec/urls.md section 9.
/// REQUIRES: the table has a key or a rowid.
[[nodiscard]] std::vector<Suggestion> autocomplete(const AutocompleteInput& input,
                                                   std::string_view text, bool& timed_out);
/// The 10 rows with the highest keys, for a text that has not begun.
[[nodiscard]] std::vector<Suggestion> first_suggestions(const AutocompleteInput& input);

}  // namespace tapedeck::data
