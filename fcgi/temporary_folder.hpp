#pragma once

#include <string>

namespace tapedeck::fcgi {

/// A folder of this process alone (mode 0700, unguessable name), removed with its content at the
/// end of the object's life.
class TemporaryFolder {
 public:
  /// Made in `parent`. Throws config::ConfigError when that is not possible.
  explicit TemporaryFolder(const std::string& parent = default_parent());
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  [[nodiscard]] const std::string& path() const { return path_; }
  /// Leaves the folder to somebody else.
  void disown() { path_.clear(); }
  /// TMPDIR, or /tmp.
  [[nodiscard]] static std::string default_parent();

 private:
  std::string path_;
};

}  // namespace tapedeck::fcgi
