#include "render/openapi_parameters.hpp"

#include <set>
#include <utility>

#include "data/filter.hpp"

namespace tapedeck::render::openapi {

namespace {

namespace json = boost::json;

json::object enum_schema(json::array values) {
  return {{"type", "string"}, {"enum", std::move(values)}};
}

json::value example_of(const sqlite::Column& column) {
  switch (column.affinity) {
    case sqlite::Affinity::kInteger:
      return 1;
    case sqlite::Affinity::kReal:
    case sqlite::Affinity::kNumeric:
      return 1.5;
    default:
      return json::value("text");
  }
}

}  // namespace

json::array strings(std::initializer_list<std::string_view> texts) {
  json::array list;
  for (const std::string_view text : texts) list.emplace_back(text);
  return list;
}

json::object text_schema() {
  return {{"type", "string"}};
}

json::object query_parameter(std::string_view name, std::string_view description,
                             json::object schema) {
  return {
      {"name", name}, {"in", "query"}, {"description", description}, {"schema", std::move(schema)}};
}

json::object shared_parameters(int max_size) {
  json::object list;
  list["size"] = query_parameter(
      "_size", "Rows per page: 0 to " + std::to_string(max_size) + ", or max.",
      {{"anyOf",
        json::array{json::object{{"type", "integer"}, {"minimum", 0}, {"maximum", max_size}},
                    json::object{{"const", "max"}}}},
       {"examples", json::array{5}}});
  list["next"] = query_parameter("_next", "Token of the next page, from `next` of the one before.",
                                 text_schema());
  list["shape"] =
      query_parameter("_shape", "Form of the rows; see the manual.",
                      enum_schema(strings({"objects", "arrays", "array", "arrayfirst", "object"})));
  list["query_shape"] =
      query_parameter("_shape", "Form of the rows; see the manual.",
                      enum_schema(strings({"objects", "arrays", "array", "arrayfirst"})));
  list["extra"] = query_parameter(
      "_extra", "More about the rows, names joined by commas: count, facet_results, …",
      {{"type", "string"}, {"examples", json::array{"count"}}});
  list["facet"] =
      query_parameter("_facet", "Counts the values of a column; may be repeated.", text_schema());
  list["search"] = query_parameter("_search", "Full-text search.",
                                   {{"type", "string"}, {"examples", json::array{"text"}}});
  list["where"] = query_parameter("_where", "A condition in SQL; needs the permission execute-sql.",
                                  text_schema());
  list["stream"] = query_parameter("_stream", "`1`: every row instead of one page.",
                                   enum_schema(strings({"1"})));
  list["download"] = query_parameter("_dl", "`1`: as a download.", enum_schema(strings({"1"})));
  list["box"] =
      query_parameter("_bbox", "WEST,SOUTH,EAST,NORTH in degrees: rows inside the box alone.",
                      {{"type", "string"}, {"examples", json::array{"-180,-90,180,90"}}});
  list["timelimit"] =
      query_parameter("_timelimit", "Milliseconds that the SQL may run, below the site's limit.",
                      {{"type", "integer"}, {"minimum", 1}});
  return list;
}

std::vector<json::object> filter_parameters(const sqlite::Table& table) {
  std::vector<json::object> list;
  std::set<std::string, std::less<>> names;
  const auto add = [&](const std::string& name, const std::string& description,
                       const sqlite::Column& column) {
    if (!names.insert(name).second) return;
    list.push_back(query_parameter(
        name, description,
        {{"type", strings({"string", "number"})}, {"examples", json::array{example_of(column)}}}));
  };
  for (const sqlite::Column& column : table.columns) {
    if (column.hidden == 1) continue;
    add(data::equality_key(column.name),
        "Rows whose " + column.name +
            " equals the value. Other operators after `__`: not, gt, gte, lt, lte, contains, "
            "startswith, endswith, like, glob, in, isnull, notnull, …",
        column);
    const bool is_number = column.affinity == sqlite::Affinity::kInteger ||
                           column.affinity == sqlite::Affinity::kReal ||
                           column.affinity == sqlite::Affinity::kNumeric;
    if (is_number) {
      add(column.name + "__gte", "Rows whose " + column.name + " is at least the value.", column);
    } else {
      add(column.name + "__contains", "Rows whose " + column.name + " holds the value.", column);
    }
  }
  return list;
}

json::object sort_parameter(const sqlite::Table& table, std::string_view name,
                            std::string_view description) {
  json::array columns;
  for (const sqlite::Column& column : table.columns) {
    if (column.hidden != 1) columns.emplace_back(column.name);
  }
  return query_parameter(name, description, enum_schema(std::move(columns)));
}

}  // namespace tapedeck::render::openapi
