#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/json.hpp>

#include "config/configuration.hpp"
#include "sqlite/value.hpp"

namespace tapedeck::data {

/// SQL named in the configuration. Source: spec/facets-csv-query.md section 4.
struct StoredQuery {
  std::string database;
  std::string name;
  std::string path;
  std::string sql;
  std::string title;
  std::string description;
  std::string description_html;
  std::string fragment;
  bool hide_sql = false;
  bool is_write = false;
  bool is_trusted = true;
  /// Only its owner may see it.
  bool is_private = false;
  /// Where it is stored: "config".
  std::string source = "config";
  /// Who stored it; "" for nobody.
  std::string owner_id;
  /// Whoever lists the queries may see it, and an anonymous visitor may not.
  bool hidden_from_public = false;
  /// Names of the parameters offered: `params` of the configuration.
  std::vector<std::string> parameters;
  /// Values of parameters that a request leaves out, with the type that the configuration gave
  /// them.
  std::vector<std::pair<std::string, sqlite::Value>> defaults;
  std::string on_success_message;
  std::string on_success_message_sql;
  std::string on_success_redirect;
  std::string on_error_message;
  std::string on_error_redirect;

  /// As it stands in the lists of queries.
  [[nodiscard]] boost::json::object to_json() const;
};

/// A JSON value as SQL gets it: booleans as 1 and 0, lists and objects as their text.
[[nodiscard]] sqlite::Value value_of(const boost::json::value& value);

/// The queries of a database, sorted by lower(title or name), then name.
[[nodiscard]] std::vector<StoredQuery> stored_queries(const config::Configuration& configuration,
                                                      std::string_view database);

/// One query by its exact name.
[[nodiscard]] std::optional<StoredQuery> find_stored_query(
    const config::Configuration& configuration, std::string_view database, std::string_view name);

}  // namespace tapedeck::data
