#pragma once

#include <string>
#include <utility>
#include <vector>

#include "data/stored_query.hpp"
#include "pages/call.hpp"
#include "sqlite/statement.hpp"

/// Values of the parameters of SQL, from the request, the configuration and the surroundings.
namespace tapedeck::pages {

/// Binds every parameter of custom SQL: ":name" from the request or "", "$name" and "@name" from
/// the request. Throws http::RequestError 400 for one that nothing supplies.
void bind_custom(const Call& call, sqlite::Statement& statement);
/// The same for a stored query, with its defaults and magic parameters; those that read clock or
/// chance, or the visitor's request, make the answer not repeatable.
void bind_stored(Call& call, const data::StoredQuery& query, sqlite::Statement& statement);

/// Name and value, as it is bound, of each parameter that a query page offers; `query` is null for
/// custom SQL.
[[nodiscard]] std::vector<std::pair<std::string, sqlite::Value>> offered_parameters(
    const Call& call, const std::string& sql, const data::StoredQuery* query);

}  // namespace tapedeck::pages
