#include "data/through.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#include <boost/json.hpp>

#include "http/request_error.hpp"

namespace tapedeck::data {

namespace {

using http::RequestError;
using sqlite::quote_identifier;

constexpr std::string_view kArgument = "_through";

std::string text_at(const boost::json::object& object, std::string_view key) {
  const boost::json::value* value = object.if_contains(key);
  if (value == nullptr || !value->is_string()) {
    throw RequestError(400, "_through: \"" + std::string(key) + "\" must be a text");
  }
  return std::string(value->get_string());
}

sqlite::Value value_at(const boost::json::object& object, std::string_view key) {
  const boost::json::value* value = object.if_contains(key);
  if (value != nullptr) {
    if (value->is_string()) return std::string(value->get_string());
    if (value->is_int64()) return value->get_int64();
    if (value->is_double()) return value->get_double();
    if (value->is_bool()) return std::int64_t{value->get_bool() ? 1 : 0};
    if (value->is_null()) return {};  // equals nothing
  }
  throw RequestError(400, "_through: \"" + std::string(key) + "\" must be a text or a number");
}

}  // namespace

std::vector<Through> parse_through(const http::QueryString& query) {
  std::vector<Through> list;
  for (const std::string_view text : query.get_all(kArgument)) {
    boost::system::error_code error;
    const boost::json::value document = boost::json::parse(text, error);
    const boost::json::object* object = error ? nullptr : document.if_object();
    if (object == nullptr) {
      throw RequestError(
          400, "_through must be a JSON object with table, column and value: " + std::string(text));
    }
    list.push_back(
        {text_at(*object, "table"), text_at(*object, "column"), value_at(*object, "value")});
  }
  return list;
}

std::string ThroughFilter::sql(NamedParams& params) const {
  return quote_identifier(our_column) + " in (select " + quote_identifier(their_column) + " from " +
         quote_identifier(through.table) + " where " + quote_identifier(through.column) + " = " +
         params.add(through.value) + ")";
}

std::string ThroughFilter::description() const {
  return through.table + "." + through.column + " = \"" +
         sqlite::to_text(sqlite::view_of(through.value)) + "\"";
}

ThroughFilter find_way(const sqlite::Catalogue& catalogue, const sqlite::Table& table,
                       Through through) {
  const sqlite::Table* other = catalogue.find(through.table);
  if (other != nullptr) {
    const auto way =
        std::ranges::find_if(other->references, [&table](const sqlite::Reference& reference) {
          return reference.key.other_table == table.name && !reference.key.other_column.empty();
        });
    if (way != other->references.end()) {
      // A quoted name that is no column would be a text to SQLite.
      const bool is_rowid = other->uses_rowid && through.column == "rowid";
      if (!is_rowid && other->find_column(through.column) == nullptr) {
        throw RequestError(400, "no such column: " + through.column);
      }
      return {std::move(through), way->key.column, way->key.other_column};
    }
  }
  throw RequestError(400, "Invalid _through - could not find corresponding foreign key");
}

}  // namespace tapedeck::data
