#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <boost/json.hpp>

#include "sqlite/catalogue.hpp"

/// OpenAPI 3.1 out of what one visitor may see. Source: spec.openapis.org/oas/v3.1.0.
namespace tapedeck::render {

/// A table or view. Paths begin with "/" and have no base_url.
struct ApiTable {
  const sqlite::Table* table = nullptr;
  std::string path;
  std::string description;
  /// `_search` works.
  bool has_search = false;
  /// Its columns say where a row is: there is GeoJSON.
  bool has_places = false;
};

struct ApiQuery {
  std::string name;
  std::string path;
  std::string title;
  std::string description;
  /// Named parameters of the SQL.
  std::vector<std::string> parameters;
};

struct ApiDatabase {
  std::string name;
  std::string path;
  std::string description;
  /// `/-/query` is open.
  bool may_execute_sql = false;
  std::vector<ApiTable> tables;
  std::vector<ApiQuery> queries;
};

struct ApiDescription {
  std::string title;
  std::string description;
  std::string version;
  /// base_url without its last slash, "/" for none.
  std::string server;
  /// Largest `_size`.
  int max_size = 1000;
  /// Where the document grows beyond so many bytes, http::RequestError 400 is thrown.
  std::size_t max_bytes = SIZE_MAX;
  std::vector<ApiDatabase> databases;
};

/// The whole document. Columns have the types that SQLite guarantees: a declared type binds rows
/// only in STRICT tables and as INTEGER PRIMARY KEY; elsewhere it comes first in the list of types
/// and the other storage classes that its affinity lets through follow.
[[nodiscard]] std::string openapi_document(const ApiDescription& api);

/// The schema of one column's values. `sql` is the CREATE statement of its table.
[[nodiscard]] boost::json::object column_schema(const sqlite::Table& table,
                                                const sqlite::Column& column);

}  // namespace tapedeck::render
