#pragma once

#include <string_view>

namespace tapedeck::base {

/// Writes `text` to standard output, whole and at once, so that a full disk is noticed where
/// somebody can still be told. Throws std::system_error ("standard output: No space left on
/// device").
void print(std::string_view text);

}  // namespace tapedeck::base
