#pragma once

#include <string_view>

namespace tapedeck::base {

/// This program's version, from CMakeLists.txt.
inline constexpr std::string_view kVersion = TAPEDECK_VERSION;
/// The version of Datasette whose URLs and JSON are spoken.
inline constexpr std::string_view kCompatibleVersion = "1.0a37";

}  // namespace tapedeck::base
