#pragma once

#include <string_view>

#include "config/configuration.hpp"
#include "instance/database.hpp"

namespace tapedeck::auth {

/// What the one who makes a request may do; made once per request, and copied freely within it.
/// Actors and allow blocks are not read yet: whatever stands under an `allow` or `permissions` key
/// is closed to everybody, since nobody can be told apart, and with --default-deny everything is.
///
/// Lifetime: holds the configuration by reference.
class Access {
 public:
  explicit Access(const config::Configuration& configuration) : configuration_(&configuration) {}

  [[nodiscard]] bool may_view_instance() const;
  [[nodiscard]] bool may_view_database(std::string_view database) const;
  /// By its own name alone; also for views.
  [[nodiscard]] bool may_view_table(std::string_view database, std::string_view table) const;
  /// As it should be asked: a full-text index shares the verdict of the table whose content it
  /// indexes, shadow tables that of their virtual table, and SQLite's own tables about tables
  /// (sqlite_sequence, sqlite_stat1) are closed as soon as any table is. Names compare without
  /// case.
  /// REQUIRES: database.current() in this request.
  [[nodiscard]] bool may_view_table(instance::Database& database, std::string_view table) const;
  [[nodiscard]] bool may_view_query(std::string_view database, std::string_view query) const;
  [[nodiscard]] bool may_execute_sql(std::string_view database) const;
  /// Offer and allow the download of a database file.
  [[nodiscard]] bool may_download(std::string_view database) const;

 private:
  const config::Configuration* configuration_;
};

}  // namespace tapedeck::auth
