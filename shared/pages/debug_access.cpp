#include "pages/debug_access.hpp"

namespace tapedeck::pages {

bool may_debug(const Call& call) {
  return call.access.allows("permissions-debug");
}

}  // namespace tapedeck::pages
