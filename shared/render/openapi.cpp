#include "render/openapi.hpp"

#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "base/escape.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "data/size_limit.hpp"
#include "http/tilde.hpp"
#include "render/openapi_parameters.hpp"

namespace tapedeck::render {

namespace {

namespace json = boost::json;
using openapi::filter_parameters;
using openapi::query_parameter;
using openapi::shared_parameters;
using openapi::sort_parameter;
using openapi::strings;
using openapi::text_schema;

// ---- names --------------------------------------------------------------------------------------

/// A name for `components`: letters, digits, "-", "_" and "." with two digits for anything else.
std::string component_name(std::string_view name) {
  return base::replace_all(base::replace_all(http::tilde_encode(name), "~", "."), "+", ".20");
}

/// "Row_db..table": ".." stands in no encoded name.
std::string row_name(const ApiDatabase& database, const ApiTable& table) {
  return "Row_" + component_name(database.name) + ".." + component_name(table.table->name);
}

json::object reference(std::string_view kind, const std::string& name) {
  return {{"$ref", "#/components/" + std::string(kind) + "/" + name}};
}

// ---- columns ------------------------------------------------------------------------------------

/// STRICT stands after the last parenthesis of the statement.
bool is_strict(const sqlite::Table& table) {
  const std::string tail = base::to_lower(table.sql.substr(table.sql.rfind(')') + 1));
  return table.kind == sqlite::TableKind::kTable && tail.find("strict") != std::string::npos;
}

bool is_rowid_alias(const sqlite::Table& table, const sqlite::Column& column) {
  return table.kind == sqlite::TableKind::kTable && table.primary_keys.size() == 1 &&
         table.primary_keys.front() == column.name &&
         base::equals_ignoring_case(column.declared_type, "integer") &&
         base::to_lower(table.sql).find("without rowid") == std::string::npos;
}

json::array strict_types(const sqlite::Column& column) {
  const std::string type = base::to_lower(column.declared_type);
  json::array types;
  if (type == "int" || type == "integer") {
    types = strings({"integer"});
  } else if (type == "real") {
    types = strings({"number"});
  } else if (type == "text") {
    types = strings({"string"});
  } else if (type == "blob") {
    types = strings({"object"});
  } else {
    return strings({"string", "number", "object", "null"});
  }
  // JSON has no infinity: such a real number is null.
  if (!column.not_null || type == "real") types.emplace_back("null");
  return types;
}

/// What a column of this affinity may hold, likeliest first; "object" is a BLOB in base64.
json::array affinity_types(const sqlite::Column& column) {
  switch (column.affinity) {
    case sqlite::Affinity::kText:
      return column.not_null ? strings({"string", "object"})
                             : strings({"string", "null", "object"});
    case sqlite::Affinity::kInteger:
      return strings({"integer", "null", "number", "string", "object"});
    case sqlite::Affinity::kReal:
    case sqlite::Affinity::kNumeric:
      return strings({"number", "null", "string", "object"});
    case sqlite::Affinity::kBlob:
      break;
  }
  return strings({"string", "number", "object", "null"});
}

// ---- answers ------------------------------------------------------------------------------------

json::object json_content(json::object schema) {
  return {{"application/json", json::object{{"schema", std::move(schema)}}}};
}

json::object text_content(std::string_view media_type) {
  return {{media_type, json::object{{"schema", text_schema()}}}};
}

json::object responses(std::string_view description, json::object content) {
  return {{"200", json::object{{"description", description}, {"content", std::move(content)}}},
          {"400", reference("responses", "BadRequest")},
          {"403", reference("responses", "Forbidden")},
          {"404", reference("responses", "NotFound")}};
}

json::object operation(const std::string& id, std::string_view summary, std::string_view tag,
                       json::array parameters, json::object answers) {
  json::object made{{"operationId", id}, {"summary", summary}, {"tags", json::array{tag}}};
  if (!parameters.empty()) made["parameters"] = std::move(parameters);
  made["responses"] = std::move(answers);
  return made;
}

json::object array_of(json::object items) {
  return {{"type", "array"}, {"items", std::move(items)}};
}

/// Every form that `_shape` can give the rows of `row`.
json::object rows_schema(const json::object& row, json::object page) {
  json::object arrays = page;
  json::object& objects = page["properties"].as_object();
  objects["rows"] = array_of(row);
  arrays["properties"].as_object()["rows"] = array_of({{"type", "array"}});
  return {{"anyOf", json::array{page, arrays, array_of(row), array_of({}),
                                json::object{{"type", "object"}, {"additionalProperties", row}}}}};
}

json::object page_members(bool has_next) {
  json::object members{{"ok", json::object{{"const", true}}},
                       {"truncated", json::object{{"type", "boolean"}}}};
  if (has_next) {
    members["next"] = json::object{{"type", strings({"string", "null"})}};
    members["next_url"] = json::object{{"type", strings({"string", "null"})}};
  }
  return {{"type", "object"},
          {"required", has_next ? strings({"ok", "rows", "next", "next_url", "truncated"})
                                : strings({"ok", "rows", "truncated"})},
          {"properties", std::move(members)}};
}

json::object error_response(std::string_view description) {
  return {{"description", description}, {"content", json_content(reference("schemas", "Error"))}};
}

json::object shared_responses() {
  return {{"BadRequest", error_response("An argument or the SQL is wrong, or took too long.")},
          {"Forbidden", error_response("Not permitted.")},
          {"NotFound", error_response("No such database, table, query or row.")}};
}

json::object shared_schemas() {
  return {{"Error", json::object{{"type", "object"},
                                 {"required", strings({"ok", "error", "errors", "status"})},
                                 {"properties",
                                  json::object{{"ok", json::object{{"const", false}}},
                                               {"error", text_schema()},
                                               {"errors", array_of(text_schema())},
                                               {"status", json::object{{"type", "integer"}}}}}}},
          {"Document",
           json::object{{"type", "object"},
                        {"required", strings({"ok"})},
                        {"properties", json::object{{"ok", json::object{{"const", true}}}}}}},
          {"FeatureCollection",
           json::object{
               {"type", "object"},
               {"required", strings({"type", "features"})},
               {"properties", json::object{{"type", json::object{{"const", "FeatureCollection"}}},
                                           {"features", array_of({{"type", "object"}})}}}}},
          {"QueryRows", rows_schema({{"type", "object"}}, page_members(/*has_next=*/false))}};
}

// ---- paths --------------------------------------------------------------------------------------

/// Members of an object as text: of thousands of tables their trees would take four times as much.
class Members {
 public:
  Members() = default;
  explicit Members(const json::object& first) {
    for (const auto& member : first) add(member.key(), member.value());
  }

  /// Of two members with one name the first stands.
  void add(const std::string& name, const json::value& value) {
    if (!names_.insert(name).second) return;
    if (!text_.empty()) text_ += ',';
    base::append_json_string(text_, name);
    text_ += ':';
    text_ += base::to_json(value);
  }
  [[nodiscard]] std::size_t size() const { return text_.size(); }
  [[nodiscard]] std::string object() && { return "{" + std::move(text_) + "}"; }

 private:
  std::string text_;
  std::set<std::string> names_;
};

/// The document while it grows.
struct Document {
  Members paths;
  Members schemas;
  Members parameters;
};

json::object get(json::object made) {
  return {{"get", std::move(made)}};
}

json::object row_schema(const sqlite::Table& table) {
  json::object columns;
  if (table.uses_rowid) columns["rowid"] = json::object{{"type", "integer"}};
  for (const sqlite::Column& column : table.columns) {
    if (column.hidden != 1) columns[column.name] = column_schema(table, column);
  }
  return {{"type", "object"}, {"properties", std::move(columns)}};
}

json::array table_parameters(const ApiTable& table, const std::string& row, Document& document) {
  json::array list;
  std::size_t number = 0;
  for (json::object& filter : filter_parameters(*table.table)) {
    const std::string name =
        "Filter_" + row.substr(row.find('_') + 1) + ".." + std::to_string(++number);
    document.parameters.add(name, std::move(filter));
    list.push_back(reference("parameters", name));
  }
  list.push_back(sort_parameter(*table.table, "_sort", "Sorts by a column."));
  list.push_back(sort_parameter(*table.table, "_sort_desc", "Sorts by a column, descending."));
  for (const char* name : {"size", "next", "facet", "where"}) {
    list.push_back(reference("parameters", name));
  }
  if (table.has_search) list.push_back(reference("parameters", "search"));
  return list;
}

void add_row_path(const ApiDatabase& database, const ApiTable& table, const std::string& row,
                  Document& document) {
  json::object page = page_members(/*has_next=*/false);
  page["required"] = strings({"ok", "rows", "primary_keys", "primary_key_values"});
  json::object& members = page["properties"].as_object();
  members["primary_keys"] = array_of(text_schema());
  members["primary_key_values"] = array_of(text_schema());
  json::array parameters{
      json::object{{"name", "row"},
                   {"in", "path"},
                   {"required", true},
                   {"description",
                    "Values of the primary key (or rowid), each tilde-encoded, joined by commas: " +
                        base::join(table.table->uses_rowid ? std::vector<std::string>{"rowid"}
                                                           : table.table->primary_keys,
                                   ",")},
                   {"schema", text_schema()}}};
  parameters.push_back(reference("parameters", "query_shape"));
  document.paths.add(
      table.path + "/{row}.json",
      get(operation("row." + row.substr(row.find('_') + 1), "A row of " + table.table->name,
                    database.name, std::move(parameters),
                    responses("The row.", json_content(rows_schema(reference("schemas", row),
                                                                   std::move(page)))))));
}

/// The formats that are written row by row: PATH.csv and its like. `kind` stands before the format
/// in the operation's id: "", "query_", "sql_".
void add_row_formats(const std::string& path, const std::string& kind, const std::string& id,
                     const std::string& title, const std::string& tag, json::array parameters,
                     bool has_places, Document& document) {
  parameters.push_back(reference("parameters", "stream"));
  parameters.push_back(reference("parameters", "download"));
  const auto add = [&](const std::string& extension, const std::string& name,
                       const json::array& arguments, json::object content) {
    document.paths.add(path + "." + extension,
                       get(operation(kind + extension + "." + id, title + " as " + name, tag,
                                     arguments, responses(name + ".", std::move(content)))));
  };
  json::object csv = text_content("text/plain");
  csv["text/csv"] = json::object{{"schema", text_schema()}};
  add("csv", "CSV", parameters, std::move(csv));
  add("tsv", "TSV", parameters, text_content("text/tab-separated-values"));
  add("ndjson", "NDJSON", parameters, text_content("application/x-ndjson"));
  if (!has_places) return;
  parameters.push_back(reference("parameters", "box"));
  add("geojson", "GeoJSON", parameters,
      {{"application/geo+json",
        json::object{{"schema", reference("schemas", "FeatureCollection")}}}});
}

void add_table(const ApiDatabase& database, const ApiTable& table, Document& document) {
  const std::string row = row_name(database, table);
  const std::string id = row.substr(row.find('_') + 1);
  document.schemas.add(row, row_schema(*table.table));
  json::array parameters = table_parameters(table, row, document);
  add_row_formats(table.path, "", id, "Rows of " + table.table->name, database.name, parameters,
                  table.has_places, document);
  parameters.push_back(reference("parameters", "shape"));
  parameters.push_back(reference("parameters", "extra"));
  json::object rows = operation(
      "rows." + id, "Rows of " + table.table->name, database.name, std::move(parameters),
      responses("A page of rows.", json_content(rows_schema(reference("schemas", row),
                                                            page_members(/*has_next=*/true)))));
  if (!table.description.empty()) rows["description"] = table.description;
  document.paths.add(table.path + ".json", get(std::move(rows)));
  if (table.table->uses_rowid || !table.table->primary_keys.empty()) {
    add_row_path(database, table, row, document);
  }
}

void add_query(const ApiDatabase& database, const ApiQuery& query, Document& document) {
  const std::string id = component_name(database.name) + ".." + component_name(query.name);
  json::array parameters;
  for (const std::string& name : query.parameters) {
    parameters.push_back(query_parameter(name, "Value of :" + name + ".", text_schema()));
  }
  const std::string title = query.title.empty() ? query.name : query.title;
  add_row_formats(query.path, "query_", id, title, database.name, parameters, /*has_places=*/false,
                  document);
  parameters.push_back(reference("parameters", "query_shape"));
  json::object made =
      operation("query." + id, title, database.name, std::move(parameters),
                responses("Rows.", json_content(reference("schemas", "QueryRows"))));
  if (!query.description.empty()) made["description"] = query.description;
  document.paths.add(query.path + ".json", get(std::move(made)));
}

json::object posted_sql() {
  return {{"required", true},
          {"content",
           json_content({{"type", "object"},
                         {"required", strings({"sql"})},
                         {"properties", json::object{{"sql", text_schema()},
                                                     {"params", json::object{{"type", "object"}}},
                                                     {"_shape", text_schema()}}}})}};
}

void add_sql(const ApiDatabase& database, Document& document) {
  json::object sql = query_parameter(
      "sql", "One read-only statement; its :name parameters are arguments of the same name.",
      {{"type", "string"}, {"examples", json::array{"select 1 as one"}}});
  sql["required"] = true;
  const std::string id = component_name(database.name);
  const auto rows = [] {
    return responses("Rows.", json_content(reference("schemas", "QueryRows")));
  };
  json::object post =
      operation("sql_post." + id, "Run SQL sent as JSON", database.name, {}, rows());
  post["requestBody"] = posted_sql();
  document.paths.add(database.path + "/-/query.json",
                     json::object{{"get", operation("sql." + id, "Run SQL", database.name,
                                                    {sql, reference("parameters", "query_shape"),
                                                     reference("parameters", "timelimit")},
                                                    rows())},
                                  {"post", std::move(post)}});
  add_row_formats(database.path + "/-/query", "sql_", id, "Result of SQL", database.name,
                  {sql, reference("parameters", "timelimit")}, /*has_places=*/false, document);
}

void add_document(const std::string& path, const std::string& id, std::string_view summary,
                  std::string_view tag, json::array parameters, Document& document) {
  document.paths.add(
      path, get(operation(id, summary, tag, std::move(parameters),
                          responses(summary, json_content(reference("schemas", "Document"))))));
}

void add_database(const ApiDatabase& database, Document& document, std::size_t max_bytes) {
  const std::string id = component_name(database.name);
  add_document(database.path + ".json", "database." + id, "Tables, views and queries",
               database.name, {}, document);
  add_document(database.path + "/-/schema.json", "schema." + id, "CREATE statements", database.name,
               {}, document);
  add_document(database.path + "/-/queries.json", "queries." + id, "Stored queries", database.name,
               {reference("parameters", "size"), reference("parameters", "next")}, document);
  if (database.may_execute_sql) add_sql(database, document);
  for (const ApiTable& table : database.tables) {
    add_table(database, table, document);
    data::require_within(
        document.paths.size() + document.schemas.size() + document.parameters.size(), max_bytes);
  }
  for (const ApiQuery& query : database.queries) add_query(database, query, document);
}

constexpr std::string_view kInstanceTag = "instance";

void add_instance(Document& document) {
  add_document("/.json", "index", "Databases with their largest tables", kInstanceTag, {},
               document);
  add_document("/-/databases.json", "databases", "Databases and their files", kInstanceTag, {},
               document);
  add_document("/-/metadata.json", "metadata", "Descriptions", kInstanceTag, {}, document);
  add_document("/-/versions.json", "versions", "Versions", kInstanceTag, {}, document);
  add_document("/-/jump.json", "jump", "Search by name", kInstanceTag,
               {query_parameter("q", "Words of a name.", text_schema())}, document);
}

}  // namespace

json::object column_schema(const sqlite::Table& table, const sqlite::Column& column) {
  json::object schema;
  if (table.kind != sqlite::TableKind::kTable) {
    schema["type"] = strings({"string", "number", "object", "null"});
  } else if (is_rowid_alias(table, column)) {
    schema["type"] = "integer";
  } else {
    schema["type"] = is_strict(table) ? strict_types(column) : affinity_types(column);
  }
  if (!column.declared_type.empty()) schema["x-sqlite-type"] = column.declared_type;
  return schema;
}

std::string openapi_document(const ApiDescription& api) {
  Document document{.paths = {},
                    .schemas = Members(shared_schemas()),
                    .parameters = Members(shared_parameters(api.max_size))};
  add_instance(document);
  json::array tags{json::object{{"name", kInstanceTag}}};
  for (const ApiDatabase& database : api.databases) {
    json::object tag{{"name", database.name}};
    if (!database.description.empty()) tag["description"] = database.description;
    // A database may bear the instance's tag's name; a tag may be declared once.
    if (database.name != kInstanceTag) tags.push_back(std::move(tag));
    add_database(database, document, api.max_bytes);
  }
  json::object info{{"title", api.title}, {"version", api.version}};
  if (!api.description.empty()) info["description"] = api.description;
  std::string text = base::to_json(json::object{
      {"openapi", "3.1.0"},
      {"info", std::move(info)},
      {"servers", json::array{json::object{{"url", api.server}}}},
      {"tags", std::move(tags)},
  });
  text.pop_back();
  text += R"(,"paths":)" + std::move(document.paths).object();
  text += R"(,"components":{"schemas":)" + std::move(document.schemas).object();
  text += R"(,"parameters":)" + std::move(document.parameters).object();
  return text + R"(,"responses":)" + base::to_json(shared_responses()) + "}}";
}

}  // namespace tapedeck::render
