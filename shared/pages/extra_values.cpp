#include "pages/extra_values.hpp"

#include <algorithm>

#include <boost/json.hpp>

#include "base/escape.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "instance/paths.hpp"
#include "pages/answer.hpp"
#include "pages/query_parameters.hpp"
#include "pages/table_model.hpp"
#include "render/cell.hpp"
#include "render/json_rows.hpp"

namespace tapedeck::pages {

namespace {

boost::json::value text_or_null(const std::string& text) {
  if (text.empty()) return nullptr;
  return boost::json::value(text);
}

const boost::json::object* table_metadata(const ExtraRun& run) {
  return run.call().configuration().table_metadata(run.found().database.name(),
                                                   run.found().table.name);
}

// ---- columns --------------------------------------------------------------------------------

boost::json::object details_of(const sqlite::Column& column) {
  return {
      {"type", column.declared_type},    {"sqlite_type", sqlite::affinity_name(column.affinity)},
      {"notnull", column.not_null},      {"default", json_or_null(column.default_value)},
      {"is_pk", column.pk_position > 0}, {"pk_position", column.pk_position},
      {"hidden", column.hidden}};
}

/// Entry of `display_columns`; that of the key lacks what is only told of further columns.
boost::json::object display_column(const ExtraRun& run, const data::ColumnHeading& heading,
                                   bool leads_to_row) {
  const bool is_rowid = run.found().table.uses_rowid && heading.name == "rowid";
  boost::json::object entry{{"name", heading.name},
                            {"sortable", leads_to_row || heading.sortable},
                            {"is_pk", heading.is_pk},
                            {"type", is_rowid && heading.type.empty() ? "integer" : heading.type},
                            {"notnull", heading.not_null ? 1 : 0}};
  if (leads_to_row) return entry;
  entry["description"] = text_or_null(heading.description);
  const data::ColumnType* type = data::find_type(run.source().types, heading.name);
  entry["column_type"] = nullptr;
  entry["column_type_config"] = nullptr;
  if (type != nullptr) {
    entry["column_type"] = data::column_kind_name(type->kind);
    entry["column_type_config"] = type->config;
  }
  return entry;
}

boost::json::value label_column_of(const ExtraRun& run, const std::string& table_name) {
  instance::Database& database = run.found().database;
  const sqlite::Table* table = database.catalogue().find(table_name);
  if (table == nullptr) return nullptr;
  return json_or_null(
      data::label_column(*table, data::read_table_config(run.call().configuration().table_config(
                                     database.name(), table_name))));
}

}  // namespace

// ---- the statement behind the page ----------------------------------------------------------

void append_count_sql(ExtraRun& run, std::string& out) {
  base::append_json_string(out, data::shown_count_sql(run.plan()));
}

void append_human_description(ExtraRun& run, std::string& out) {
  base::append_json_string(out, run.plan().human_description);
}

void append_query(ExtraRun& run, std::string& out) {
  const data::ShownQuery query = run.source().plan == nullptr
                                     ? run.source().query()
                                     : data::shown_query(run.plan(), run.found().table,
                                                         run.call().request.query.value("_next"));
  out += R"({"sql":)";
  base::append_json_string(out, query.sql);
  out += R"(,"params":{)";
  for (const auto& [name, value] : query.params) {
    if (out.back() != '{') out += ',';
    base::append_json_string(out, name);
    out += ':';
    render::append_json_value(out, sqlite::view_of(value), /*keep_infinity=*/false);
  }
  out += "}}";
}

void append_render_cell(ExtraRun& run, std::string& out) {
  out += run.source().typed_cells;
}

// ---- columns and keys -----------------------------------------------------------------------

void append_columns(ExtraRun& run, std::string& out) {
  boost::json::array names;
  for (const data::ResultColumn& column : run.source().columns) names.emplace_back(column.name);
  base::append_json(out, names);
}

void append_all_columns(ExtraRun& run, std::string& out) {
  boost::json::array names;
  for (const sqlite::Column& column : run.found().table.columns) names.emplace_back(column.name);
  base::append_json(out, names);
}

void append_primary_keys(ExtraRun& run, std::string& out) {
  base::append_json(out, json_strings(*run.source().primary_keys));
}

void append_column_details(ExtraRun& run, std::string& out) {
  boost::json::object details;
  for (const sqlite::Column& column : run.found().table.columns) {
    details[column.name] = details_of(column);
  }
  base::append_json(out, details);
}

void append_display_columns(ExtraRun& run, std::string& out) {
  const sqlite::Table& table = run.found().table;
  const std::vector<data::ColumnHeading> headings =
      describe_columns(run.call(), run.found(), run.source().columns);
  const bool has_single_key = table.primary_keys.size() == 1;
  boost::json::array list;
  if (!has_single_key && !table.is_view()) {
    list.push_back({{"name", "Link"},
                    {"sortable", false},
                    {"is_pk", false},
                    {"type", ""},
                    {"notnull", 0},
                    {"is_special_link_column", true}});
  }
  for (const data::ColumnHeading& heading : headings) {
    if (has_single_key && heading.is_pk) list.push_back(display_column(run, heading, true));
  }
  for (const data::ColumnHeading& heading : headings) {
    if (!has_single_key || !heading.is_pk) list.push_back(display_column(run, heading, false));
  }
  base::append_json(out, list);
}

void append_column_types(ExtraRun& run, std::string& out) {
  boost::json::object types;
  for (const data::ColumnType& type : run.source().types) {
    types[type.column] = {{"type", data::column_kind_name(type.kind)}, {"config", type.config}};
  }
  base::append_json(out, types);
}

void append_set_column_type_ui(ExtraRun& /*run*/, std::string& out) {
  out += "null";  // nobody may set the type of a column from outside the configuration
}

void append_expandable_columns(ExtraRun& run, std::string& out) {
  boost::json::array list;
  for (const sqlite::Reference* reference : visible_references(run.call(), run.found())) {
    const sqlite::ForeignKey& key = reference->key;
    boost::json::object entry{{"column", key.column}, {"other_table", key.other_table}};
    entry["other_column"] = nullptr;
    if (!reference->is_implicit) entry["other_column"] = key.other_column;
    list.push_back(boost::json::array{entry, label_column_of(run, key.other_table)});
  }
  base::append_json(out, list);
}

void append_foreign_key_tables(ExtraRun& run, std::string& out) {
  boost::json::array list;
  for (const data::IncomingLink& link : run.source().incoming_links()) {
    boost::json::object entry{{"other_table", link.other_table}};
    entry["column"] = nullptr;
    if (!link.is_implicit) entry["column"] = link.column;
    entry["other_column"] = link.other_column;
    entry["count"] = link.count;
    entry["link"] = link.path;
    list.push_back(std::move(entry));
  }
  base::append_json(out, list);
}

// ---- table, database and configuration ------------------------------------------------------

void append_database(ExtraRun& run, std::string& out) {
  base::append_json_string(out, run.source().database.name());
}

void append_table(ExtraRun& run, std::string& out) {
  base::append_json_string(out, run.found().table.name);
}

void append_database_color(ExtraRun& run, std::string& out) {
  base::append_json_string(out, file_facts(run.call(), run.source().database).color);
}

void append_metadata(ExtraRun& run, std::string& out) {
  const ExtraSource& source = run.source();
  if (source.stored != nullptr) {
    boost::json::object query = source.stored->to_json();
    // What only the lists of queries tell.
    query.erase("source");
    query.erase("private");
    base::append_json(out, query);
    return;
  }
  if (source.found == nullptr) {
    base::append_json(
        out, metadata_texts(run.call().configuration().database_metadata(source.database.name())));
    return;
  }
  const boost::json::object* metadata = table_metadata(run);
  boost::json::object texts = metadata_texts(metadata);
  boost::json::object columns;
  const boost::json::value* described =
      metadata == nullptr ? nullptr : metadata->if_contains("columns");
  if (described != nullptr && described->is_object()) {
    for (const auto& member : described->get_object()) {
      columns[member.key()] = config::text_of(member.value());
    }
  }
  texts["columns"] = std::move(columns);
  base::append_json(out, texts);
}

void append_table_definition(ExtraRun& run, std::string& out) {
  const sqlite::Table& table = run.found().table;
  base::append_json(out, table.is_view() ? nullptr : text_or_null(definition_of(table)));
}

void append_view_definition(ExtraRun& run, std::string& out) {
  const sqlite::Table& table = run.found().table;
  base::append_json(out, table.is_view() ? text_or_null(definition_of(table)) : nullptr);
}

void append_is_view(ExtraRun& run, std::string& out) {
  out += run.found().table.is_view() ? "true" : "false";
}

void append_private(ExtraRun& run, std::string& out) {
  const ExtraSource& source = run.source();
  const auth::Access& access = run.call().access;
  const std::string& database = source.database.name();
  bool is_private = false;
  if (source.stored != nullptr) {
    is_private = access.is_private_query(database, source.stored->name);
  } else if (source.found != nullptr) {
    is_private = access.is_private_table(source.database, source.found->table.name);
  } else {
    is_private = access.is_private_sql(database);
  }
  out += is_private ? "true" : "false";
}

// ---- the request and the page ---------------------------------------------------------------

void append_debug(ExtraRun& run, std::string& out) {
  const Call& call = run.call();
  boost::json::object parts{{"database", call.database}};
  if (!call.table.empty()) parts["table"] = call.table;
  if (!call.row.empty()) parts["pks"] = call.row;
  parts["format"] = call.format;
  base::append_json(out, boost::json::object{{"url_vars", std::move(parts)}});
}

void append_request(ExtraRun& run, std::string& out) {
  const Call& call = run.call();
  const http::Request& request = call.request;
  boost::json::object args;
  for (const auto& [key, value] : request.query.pairs()) {
    boost::json::value& values = args[key];
    if (!values.is_array()) values = boost::json::array();
    values.get_array().emplace_back(value);
  }
  const auto append_member = [&out](std::string_view name, std::string_view text) {
    out += out.back() == '{' ? "\"" : ",\"";
    out += name;
    out += "\":";
    base::append_json_string(out, text);
  };
  out += '{';
  append_member("url", absolute(call, request.target()));
  append_member("path", request.raw_path);
  append_member("full_path", request.target());
  append_member("host", request.host());
  out += R"(,"args":)";
  base::append_json(out, args);
  out += '}';
}

void append_renderers(ExtraRun& run, std::string& out) {
  const bool has_labels = !visible_references(run.call(), run.found()).empty();
  base::append_json(
      out, boost::json::object{
               {"json", path_with_format(run.call(), "json", has_labels ? "_labels=on" : "")}});
}

void append_custom_table_templates(ExtraRun& run, std::string& out) {
  const std::string database = render::css_class(run.found().database.name());
  const std::string table = render::css_class(run.found().table.name);
  base::append_json(
      out, boost::json::array{"_table-" + database + "-" + table + ".html",
                              "_table-table-" + database + "-" + table + ".html", "_table.html"});
}

void append_form_hidden_args(ExtraRun& run, std::string& out) {
  boost::json::array list;
  for (const auto& [key, value] : hidden_args(run.call().request.query)) {
    list.push_back(boost::json::array{boost::json::value(key), boost::json::value(value)});
  }
  base::append_json(out, list);
}

}  // namespace tapedeck::pages
