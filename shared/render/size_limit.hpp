#pragma once

#include <cstddef>

#include "config/settings.hpp"

namespace tapedeck::render {

/// max_answer_mb in bytes.
[[nodiscard]] std::size_t max_answer_bytes(const config::Settings& settings);
/// Throws http::RequestError 400 when an answer that is built whole has grown beyond its limit.
void require_within(std::size_t bytes, std::size_t limit);

}  // namespace tapedeck::render
