#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

struct sqlite3;

namespace tapedeck::sqlite {

/// A shared object with SQL functions, virtual tables or collations.
struct Extension {
  std::string path;  ///< absolute: the dynamic linker looks elsewhere for other names
  /// Its initialisation function; "" for SQLite's usual ones.
  std::string entry_point;
};

/// From now on every new connection of this process gets these extensions, in place of those
/// before.
///
/// They are the operator's own choice, and code of theirs runs with the process's rights: call this
/// before the process locks itself in. One connection stays open for ever, so that the libraries
/// stay mapped and no later connection looks for their files. The SQL function load_extension()
/// stays closed. Throws Error naming the file and SQLite's reason.
void use_extensions(const std::vector<Extension>& extensions);

/// For Connection alone: gives a connection that has just been opened what use_extensions() named.
/// Throws Error.
void load_extensions(sqlite3* db);

/// What the authorizer has to know of a function that an extension added.
struct ExtensionFunction {
  /// Flagged SQLITE_DETERMINISTIC in all its forms.
  bool is_deterministic = true;
  /// Visitors may call it: it is not one of those that reach for files, the network or other SQL.
  bool is_for_visitors = true;
};
/// By name in lower case; a function of SQLite itself that an extension replaced is one of them.
[[nodiscard]] const std::map<std::string, ExtensionFunction, std::less<>>& extension_functions();

}  // namespace tapedeck::sqlite
