#include "instance/paths.hpp"

#include "http/tilde.hpp"

namespace tapedeck::instance {

std::string site_path(const config::Settings& settings, std::string_view rest) {
  std::string path = settings.base_url;
  path += rest;
  return path;
}

std::string database_path(const config::Settings& settings, std::string_view database) {
  std::string path = settings.base_url;
  http::append_tilde(path, database);
  return path;
}

std::string table_path(const config::Settings& settings, std::string_view database,
                       std::string_view table) {
  std::string path = database_path(settings, database);
  path += '/';
  http::append_tilde(path, table);
  return path;
}

}  // namespace tapedeck::instance
