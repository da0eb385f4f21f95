#pragma once

#include <optional>
#include <string_view>

#include "config/configuration.hpp"

/// Who may view what. Actors and allow blocks are not read yet: whatever stands under an `allow` or
/// `permissions` key is closed to everybody, since nobody can be told apart.
namespace tapedeck::auth {

[[nodiscard]] bool may_view_instance(const config::Configuration& configuration);
[[nodiscard]] bool may_view_database(const config::Configuration& configuration,
                                     std::string_view database);
/// Also for views.
[[nodiscard]] bool may_view_table(const config::Configuration& configuration,
                                  std::string_view database, std::string_view table);
[[nodiscard]] bool may_view_query(const config::Configuration& configuration,
                                  std::string_view database, std::string_view query);
[[nodiscard]] bool may_execute_sql(const config::Configuration& configuration,
                                   std::string_view database);
/// Offer and allow the download of a database file.
[[nodiscard]] bool may_download(const config::Configuration& configuration,
                                std::string_view database);

}  // namespace tapedeck::auth
