#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "instance/database.hpp"

namespace tapedeck::data {

/// The CREATE statements of a database in the order in which they were made, joined by ";\n": those
/// of the tables and views that `may_view` admits, with their indexes and triggers.
/// REQUIRES: database.current() in this request.
[[nodiscard]] std::string schema_text(instance::Database& database,
                                      const std::function<bool(std::string_view table)>& may_view);

}  // namespace tapedeck::data
