#include "sqlite/extensions.hpp"

#include <algorithm>
#include <array>
#include <memory>

#include <sqlite3.h>

#include "base/text.hpp"
#include "sqlite/error.hpp"

namespace tapedeck::sqlite {
namespace {

/// Functions of well-known extensions (SQLite's own fileio, SpatiaLite, sqlean, sqlite-http) that
/// reach beyond the database.
constexpr auto kReachingOut = std::to_array<std::string_view>({
    "blobfromfile",
    "blobtofile",
    "define",
    "edit",
    "eval",
    "exec",
    "execsql",
    "getenv",
    "load_extension",
    "loadxml",
    "lsdir",
    "lsmode",
    "readfile",
    "setenv",
    "shell",
    "system",
    "undefine",
    "writefile",
});
constexpr auto kReachingOutPrefixes = std::to_array<std::string_view>({
    "define_",
    "export",
    "fileio_",
    "ftp_",
    "http_",
    "import",
    "proj_set",
    "sqlproc_",
    "xb_load",
    "xb_store",
    "zipfile_",
});

bool reaches_out(std::string_view name) {
  return std::ranges::find(kReachingOut, name) != kReachingOut.end() ||
         std::ranges::any_of(kReachingOutPrefixes,
                             [name](std::string_view prefix) { return name.starts_with(prefix); });
}

struct Closer {
  void operator()(sqlite3* db) const noexcept { sqlite3_close_v2(db); }
};
using Handle = std::unique_ptr<sqlite3, Closer>;

/// Of the whole process, as SQLite's own sqlite3_auto_extension() would be.
struct Loaded {
  std::vector<Extension> extensions;
  std::map<std::string, ExtensionFunction, std::less<>> functions;
  Handle keeper;
};

Loaded& loaded() {
  static Loaded all;
  return all;
}

void load(sqlite3* db, const std::vector<Extension>& extensions) {
  if (extensions.empty()) return;
  // For the C function alone; the sandbox closes it again.
  sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 1, static_cast<int*>(nullptr));
  for (const Extension& extension : extensions) {
    char* message = nullptr;
    const char* entry = extension.entry_point.empty() ? nullptr : extension.entry_point.c_str();
    const int code = sqlite3_load_extension(db, extension.path.c_str(), entry, &message);
    const std::string reason = message == nullptr ? sqlite3_errstr(code) : message;
    sqlite3_free(message);
    if (code != SQLITE_OK) throw Error(code, extension.path + ": " + reason);
  }
  sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, static_cast<int*>(nullptr));
}

std::map<std::string, ExtensionFunction, std::less<>> added_functions(sqlite3* db) {
  std::map<std::string, ExtensionFunction, std::less<>> functions;
  sqlite3_stmt* statement = nullptr;
  const int code =
      sqlite3_prepare_v2(db, "select name, flags from pragma_function_list where builtin = 0", -1,
                         &statement, nullptr);
  const std::unique_ptr<sqlite3_stmt, decltype(&sqlite3_finalize)> owner(statement,
                                                                         &sqlite3_finalize);
  if (code != SQLITE_OK) throw Error(code, sqlite3_errmsg(db));
  while (sqlite3_step(statement) == SQLITE_ROW) {
    const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement, 0));
    if (text == nullptr) continue;
    const std::string name = base::to_lower(text);
    ExtensionFunction& function = functions[name];
    const bool is_flagged = (sqlite3_column_int(statement, 1) & SQLITE_DETERMINISTIC) != 0;
    function.is_deterministic = function.is_deterministic && is_flagged;
    function.is_for_visitors = !reaches_out(name);
  }
  return functions;
}

}  // namespace

void use_extensions(const std::vector<Extension>& extensions) {
  Loaded next;
  if (!extensions.empty()) {
    sqlite3* db = nullptr;
    const int code = sqlite3_open_v2(":memory:", &db, SQLITE_OPEN_READWRITE, nullptr);
    next.keeper.reset(db);
    if (code != SQLITE_OK) throw Error(code, sqlite3_errstr(code));
    load(db, extensions);
    next.functions = added_functions(db);
    next.extensions = extensions;
  }
  loaded() = std::move(next);
}

void load_extensions(sqlite3* db) {
  load(db, loaded().extensions);
}

const std::map<std::string, ExtensionFunction, std::less<>>& extension_functions() {
  return loaded().functions;
}

}  // namespace tapedeck::sqlite
