#pragma once

#include "pages/call.hpp"

/// Files of the program and of `--static` folders. nginx serves /-/static/ itself where it can;
/// these pages answer what is left and decide what may be handed out.
namespace tapedeck::pages {

/// GET /-/static/PATH; a file that is not the program's own is looked for in the mount called
/// "static", else in the only mount.
[[nodiscard]] http::Response bundled_file(Call& call);
/// GET /MOUNT/PATH. `mount` is the folder; call.rest the path in it.
[[nodiscard]] http::Response mounted_file(Call& call, const config::StaticMount& mount);
/// GET /favicon.ico
[[nodiscard]] http::Response favicon(Call& call);

}  // namespace tapedeck::pages
