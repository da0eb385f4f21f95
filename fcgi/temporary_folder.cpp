#include "fcgi/temporary_folder.hpp"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <system_error>

#include "config/config_error.hpp"

namespace tapedeck::fcgi {

TemporaryFolder::TemporaryFolder(const std::string& parent) : path_(parent + "/tapedeck-XXXXXX") {
  if (mkdtemp(path_.data()) == nullptr) {
    throw config::ConfigError(parent +
                              ": cannot make a temporary folder here: " + std::strerror(errno));
  }
}

TemporaryFolder::~TemporaryFolder() {
  if (path_.empty()) return;
  std::error_code error;  // the process is ending; what cannot be removed stays
  std::filesystem::remove_all(path_, error);
}

std::string TemporaryFolder::default_parent() {
  const char* parent = std::getenv("TMPDIR");
  return parent == nullptr || *parent == '\0' ? "/tmp" : parent;
}

}  // namespace tapedeck::fcgi
