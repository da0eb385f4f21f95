#pragma once

#include <optional>
#include <string_view>

#include "config/configuration.hpp"
#include "instance/database.hpp"

/// Who may view what. Actors and allow blocks are not read yet: whatever stands under an `allow` or
/// `permissions` key is closed to everybody, since nobody can be told apart, and with
/// --default-deny everything is.
namespace tapedeck::auth {

[[nodiscard]] bool may_view_instance(const config::Configuration& configuration);
[[nodiscard]] bool may_view_database(const config::Configuration& configuration,
                                     std::string_view database);
/// By its own name alone; also for views.
[[nodiscard]] bool may_view_table(const config::Configuration& configuration,
                                  std::string_view database, std::string_view table);
/// What visitors get to see: a full-text index shares the verdict of the table whose content it
/// indexes, shadow tables that of their virtual table, and SQLite's own tables about tables
/// (sqlite_sequence, sqlite_stat1) are closed as soon as any table is. Names compare without case.
/// REQUIRES: database.current() in this request.
[[nodiscard]] bool may_view_table(const config::Configuration& configuration,
                                  instance::Database& database, std::string_view table);
[[nodiscard]] bool may_view_query(const config::Configuration& configuration,
                                  std::string_view database, std::string_view query);
[[nodiscard]] bool may_execute_sql(const config::Configuration& configuration,
                                   std::string_view database);
/// Offer and allow the download of a database file.
[[nodiscard]] bool may_download(const config::Configuration& configuration,
                                std::string_view database);

}  // namespace tapedeck::auth
