#pragma once

#include <string>
#include <vector>

#include "config/configuration.hpp"

namespace tapedeck::commands {

/// `tapedeck create-token ID`: prints a signed API token for the actor with that id.
///
///   --secret TEXT                    else TAPEDECK_SECRET or DATASETTE_SECRET
///   -e, --expires-after SECONDS      for ever without it
///   -a, --all ACTION                 allowed everywhere; this and the next two may be repeated,
///   and
///                                    with any of them the token may do nothing else
///   -d, --database DB ACTION         on one database and all that is in it
///   -r, --resource DB NAME ACTION    on one table, view or query
///   --debug                          prints the content as well
///   --plugins-dir DIR                accepted; actions of plugins are taken as they are written
///
/// An action that is not known is named on standard error, and the token made all the same.
/// `arguments` are those after "create-token". Returns the exit status. Throws config::UsageError.
int create_token(const std::vector<std::string>& arguments, const config::Environment& environment);

}  // namespace tapedeck::commands
