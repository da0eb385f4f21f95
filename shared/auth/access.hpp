#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "auth/actor.hpp"
#include "auth/rules.hpp"
#include "config/configuration.hpp"
#include "instance/database.hpp"
#include "instance/permission_log.hpp"

namespace tapedeck::auth {

/// What the one who makes a request may do; made once per request, and copied freely within it
/// (copies share what one of them has worked out).
///
/// "Private" is what this actor may see and an anonymous visitor may not; pages mark it.
/// Lifetime: holds the configuration by reference.
class Access {
 public:
  /// Of `actor`, or of an anonymous visitor. What is asked goes into `log`, which may be null and
  /// must outlive the access.
  explicit Access(const config::Configuration& configuration,
                  std::optional<Actor> actor = std::nullopt,
                  instance::PermissionLog* log = nullptr);

  /// Null for anonymous visitors.
  [[nodiscard]] const Actor* actor() const;

  /// Any action by its name. REQUIRES: find_action(action).
  [[nodiscard]] bool allows(std::string_view action, std::string_view database = {},
                            std::string_view child = {}) const;

  [[nodiscard]] bool may_view_instance() const;
  [[nodiscard]] bool may_view_database(std::string_view database) const;
  /// By its own name alone; also for views.
  [[nodiscard]] bool may_view_table(std::string_view database, std::string_view table) const;
  /// As it should be asked: a full-text index shares the verdict of the table whose content it
  /// indexes, shadow tables that of their virtual table, and SQLite's own tables about tables
  /// (sqlite_stat1; sqlite_sequence where it counts a closed one) and tables of the words in an
  /// index are closed as soon as any table is. Names compare without case.
  /// REQUIRES: database.current() in this request.
  [[nodiscard]] bool may_view_table(instance::Database& database, std::string_view table) const;
  /// Whether a rule closes the tables of this name, in any case, be there one or not. What
  /// may_view_table() hides beyond that is hidden as if it were not there.
  [[nodiscard]] bool is_closed_by_rule(std::string_view database, std::string_view table) const;
  /// Whether `_search` may use the full-text index `fts` of a table that may be viewed: an index
  /// that is closed by a rule of its own is not used, one that merely lies outside of a token's
  /// restrictions is.
  [[nodiscard]] bool may_search(instance::Database& database, std::string_view fts) const;
  [[nodiscard]] bool may_view_query(std::string_view database, std::string_view query) const;
  [[nodiscard]] bool may_execute_sql(std::string_view database) const;
  /// Offer and allow the download of a database file: only to who may see all of its tables.
  [[nodiscard]] bool may_download(std::string_view database) const;

  [[nodiscard]] bool is_private_instance() const;
  [[nodiscard]] bool is_private_database(std::string_view database) const;
  [[nodiscard]] bool is_private_table(instance::Database& database, std::string_view table) const;
  [[nodiscard]] bool is_private_query(std::string_view database, std::string_view query) const;
  /// Whether no table of the database is closed by a rule.
  [[nodiscard]] bool sees_all_tables(std::string_view database) const;
  /// The page of custom SQL.
  [[nodiscard]] bool is_private_sql(std::string_view database) const;

  /// Lower-case names of the tables and views of a database that SQL of this actor may not read;
  /// null when it may read all. The same object for all who ask in one request.
  /// REQUIRES: database.current() in this request.
  [[nodiscard]] std::shared_ptr<const std::set<std::string, std::less<>>> unreadable_tables(
      instance::Database& database) const;

  [[nodiscard]] Asker asker() const;

 private:
  struct Memory;
  using Names = std::set<std::string, std::less<>>;
  /// Names that the configuration has something to say about, by their lower-case form.
  using ConfiguredNames = std::multimap<std::string, std::string>;

  [[nodiscard]] const Access* anonymous() const;
  [[nodiscard]] const std::shared_ptr<const Names>& hidden_in(instance::Database& database) const;
  [[nodiscard]] bool is_closed_by_rule(std::string_view database, std::string_view table,
                                       const ConfiguredNames& configured) const;
  [[nodiscard]] bool ask(const Action& action, Resource resource) const;

  std::shared_ptr<Memory> memory_;
};

}  // namespace tapedeck::auth
