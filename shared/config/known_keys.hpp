#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <boost/json.hpp>

namespace tapedeck::config {

enum class FileKind { kMetadata, kConfig };

/// A key that is kept although it is not known where it stands.
struct UnknownKey {
  std::string path;  ///< "databases.sample.tables.books.sise"
  /// The known key of this place that is spelled most like it; empty when none is near.
  std::string nearest;
};

/// Checks every known key of a metadata or configuration file, at the levels instance, database,
/// table and query, for the type of its value; null counts as absent. Keys with an effect are known
/// in both files (they move from metadata), `serve` in configuration only, descriptions of
/// instance, databases and tables in metadata only.
/// Throws ConfigError naming `source` (the file, or --setting) and the key. An allow block that is
/// a list, a string or a number other than 0 and 1 is such an error too.
[[nodiscard]] std::vector<UnknownKey> check_keys(const boost::json::object& root, FileKind kind,
                                                 std::string_view source);

/// The candidate that `name` was probably meant to be; empty when all differ too much.
[[nodiscard]] std::string nearest_name(std::string_view name,
                                       const std::vector<std::string_view>& candidates);

}  // namespace tapedeck::config
