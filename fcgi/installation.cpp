#include "fcgi/installation.hpp"

#include <filesystem>

#include "config/configuration.hpp"

namespace tapedeck::fcgi {

Installation find_installation() {
  namespace fs = std::filesystem;
  std::error_code error;
  const fs::path folder = fs::read_symlink("/proc/self/exe", error).parent_path();
  const fs::path above = folder.parent_path();
  for (const fs::path& root : {above, above / "share" / "tapedeck"}) {
    if (!fs::is_directory(root / "templates", error) || !fs::is_directory(root / "nginx", error)) {
      continue;
    }
    // Built assets lie beside the program in a checkout.
    const bool was_built = root == above && fs::is_directory(folder / "static", error);
    const fs::path static_files = was_built ? folder / "static" : root / "static";
    return {.assets = {.templates = (root / "templates").string(),
                       .static_files = static_files.string()},
            .nginx = (root / "nginx").string()};
  }
  throw config::ConfigError("No templates found beside " + folder.string() + " nor in " +
                            (above / "share" / "tapedeck").string());
}

}  // namespace tapedeck::fcgi
