#pragma once

#include "pages/call.hpp"

/// What was configured, as the visitor may see it.
namespace tapedeck::pages {

/// GET /-/config[.json]      action: view-instance
/// The merged configuration; what stands under a key whose name holds secret, key, password, token,
/// hash or dsn (in either case) is "***". References to environment and files stay unresolved.
[[nodiscard]] http::Response config_page(Call& call);

/// GET /-/metadata[.json]    action: view-instance
/// The descriptions as a tree: instance, `databases` (each that is served, even without any),
/// `tables` and `queries`; without what the visitor may not see.
[[nodiscard]] http::Response metadata_page(Call& call);

/// GET /-/plugins[.json]     action: view-instance
///   all=1    also the parts of the program that do what plugins do
[[nodiscard]] http::Response plugins_page(Call& call);

}  // namespace tapedeck::pages
