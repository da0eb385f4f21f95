#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

#include "instance/lane.hpp"
#include "pages/call.hpp"

namespace tapedeck::app {

/// Of which content an answer is a function, and so what its ETag is made of.
enum class Freshness {
  kNone,           ///< no ETag from here (files have their own; health has none)
  kConfiguration,  ///< the configuration alone
  kDatabase,       ///< and the database in the path
  kAllDatabases,   ///< and every database
};

/// One row of the route table.
///
/// Pattern: text stands for itself; "{database}" and "{table}" take characters but "/" and "." (but
/// "/" alone in patterns with "{row}"), "{row}" characters but "/", "{path}" the rest. "[.json]"
/// may be missing;
/// "[.{format}]" is an optional extension of letters, digits and "_".
struct Route {
  std::string_view pattern;
  pages::Page page;
  Freshness freshness;
  instance::Lane lane = instance::Lane::kRead;
  /// The Allow header of an OPTIONS answer; "" for none.
  std::string_view allow = {};
  /// Answers a POST with a JSON body; null: 405.
  pages::Page post = nullptr;
  /// Answers a POST with any other body, as forms send it; null: 405.
  pages::Page form = nullptr;
};

/// In order; the first whose pattern fits wins.
[[nodiscard]] std::span<const Route> routes();

/// Numbers under which requests are counted: 0 for paths that no route fits, one for the files of
/// `--static` folders, then the routes in order.
inline constexpr std::size_t kMountNumber = 1;
/// `route` may be null. REQUIRES: one of routes().
[[nodiscard]] std::size_t route_number(const Route* route);
/// "/{database}[.{format}]", "static mount" or "no route".
[[nodiscard]] std::string_view route_name(std::size_t number);

/// Fills the parts of `call` from `path` when `pattern` fits it, and leaves it alone otherwise.
[[nodiscard]] bool match(std::string_view pattern, std::string_view path, pages::Call& call);

/// The lane that has to do the work: the route's, or that of a stranger's SQL, of a stored query,
/// or of a stream. Throws http::RequestError when the database cannot be read.
[[nodiscard]] instance::Lane lane_of(const Route& route, const pages::Call& call);

}  // namespace tapedeck::app
