#pragma once

#include <string>
#include <string_view>

#include "config/settings.hpp"

/// Root-relative paths of this site's pages, with base_url once in front and names tilde-encoded.
namespace tapedeck::instance {

/// `rest` is what follows base_url, without a leading slash: "-/static/app.css".
[[nodiscard]] std::string site_path(const config::Settings& settings, std::string_view rest = {});
[[nodiscard]] std::string database_path(const config::Settings& settings,
                                        std::string_view database);
[[nodiscard]] std::string table_path(const config::Settings& settings, std::string_view database,
                                     std::string_view table);

}  // namespace tapedeck::instance
