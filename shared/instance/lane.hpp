#pragma once

#include <array>
#include <string_view>

namespace tapedeck::instance {

/// Kinds of work with workers of their own, so that slow work of one kind delays none of another.
enum class Lane { kRead, kQuery, kExport, kWrite };

inline constexpr std::array kLanes{Lane::kRead, Lane::kQuery, Lane::kExport, Lane::kWrite};

/// "read", "query", "export", "write": also the socket names and nginx's named locations.
[[nodiscard]] constexpr std::string_view lane_name(Lane lane) {
  constexpr std::array<std::string_view, 4> kNames{"read", "query", "export", "write"};
  return kNames.at(static_cast<std::size_t>(lane));
}

}  // namespace tapedeck::instance
