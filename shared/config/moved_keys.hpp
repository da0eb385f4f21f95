#pragma once

#include <string>
#include <vector>

#include <boost/json.hpp>

namespace tapedeck::config {

/// What move_keys() did that somebody may not have expected; dotted paths in document order.
struct MovedKeys {
  /// Moved here, though Datasette would have left them without effect.
  std::vector<std::string> beyond_datasette;
  /// Stood in both files with different values.
  std::vector<std::string> conflicts;
};

/// Moves keys with an effect from `metadata` to the same place in `config` and removes objects that
/// this leaves empty. Both have passed check_keys().
///
/// As Datasette, the metadata's value replacing that of config: `plugins`, `allow`; in tables
/// hidden sort sort_desc size sortable_columns label_column facets fts_table fts_pk searchmode.
/// Beyond it, the value in config staying (`queries`, `settings` and `permissions`: name by name):
/// every other key with an effect.
MovedKeys move_keys(boost::json::object& metadata, boost::json::object& config);

}  // namespace tapedeck::config
