#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "config/database_files.hpp"

namespace tapedeck::config {

/// One database of an inspect file, the output of `tapedeck inspect` (or `datasette inspect`).
struct InspectedDatabase {
  std::string name;
  /// SHA-256, 64 hexadecimal digits.
  std::string hash;
  std::int64_t size = 0;
  /// As it was given to inspect; "" in files of other making.
  std::string file;
  std::map<std::string, std::int64_t, std::less<>> counts;
};

/// Reads `{DB: {"hash", "size", "file", "tables": {T: {"count"}}}}`. A table whose count is null or
/// missing has none; other keys are ignored. Throws ConfigError naming the file and what is wrong.
[[nodiscard]] std::vector<InspectedDatabase> read_inspect_file(const std::string& path);

/// Gives hash and counts to the immutable databases of the same name. What does not fit (the file
/// has another size now) is logged as a warning and left out: it would be wrong.
void apply_inspect_data(const std::vector<InspectedDatabase>& inspected,
                        std::vector<DatabaseFile>& databases);

}  // namespace tapedeck::config
