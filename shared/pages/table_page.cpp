#include "pages/table_page.hpp"

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/escape.hpp"
#include "base/text.hpp"
#include "data/facet_suggestions.hpp"
#include "data/shown_query.hpp"
#include "data/table_plan.hpp"
#include "http/tilde.hpp"
#include "http/url.hpp"
#include "instance/paths.hpp"
#include "pages/answer.hpp"
#include "pages/export.hpp"
#include "pages/extras.hpp"
#include "pages/filter_redirect.hpp"
#include "pages/main_query_limit.hpp"
#include "pages/query_page.hpp"
#include "pages/table_access.hpp"
#include "pages/table_model.hpp"
#include "render/cell.hpp"
#include "render/html_table.hpp"
#include "render/typed_cell.hpp"

namespace tapedeck::pages {

namespace {

using http::RequestError;

/// One table request on its way: found, planned, not yet read.
struct TableRequest {
  FoundTable found;
  sqlite::Connection& connection;
  data::TablePlan plan;
};

data::RowCursor::Options cursor_options(const TableRequest& table, data::LabelLookup* labels) {
  return {.columns = table.plan.columns,
          .page_size = table.plan.page_size,
          .key_columns = table.plan.key_columns,
          .sort_column = table.plan.sort_index,
          .rowid_column = table.plan.rowid_index,
          .keeps = {},
          .labels = labels};
}

/// Throws http::RequestError 403 for a way through a closed table.
std::vector<data::ThroughFilter> through_filters(const Call& call, const FoundTable& found) {
  std::vector<data::ThroughFilter> filters;
  for (data::Through& through : data::parse_through(call.request.query)) {
    refuse_if_closed(call, found.database, through.table);
    filters.push_back(data::find_way(found.database.catalogue(), found.table, std::move(through)));
  }
  return filters;
}

/// What the request searches.
struct SearchedTable {
  /// The one of `_fts_table`, the configured one, the one that was found; "" without one.
  std::string name;
  /// Null where there is no such table that may be searched.
  const sqlite::Table* table = nullptr;
};

/// Throws http::RequestError 403 where `_fts_table` names a closed table.
SearchedTable find_searched_table(const Call& call, const FoundTable& found) {
  SearchedTable searched;
  searched.name = call.request.query.value("_fts_table");
  const bool is_asked = !searched.name.empty();
  if (is_asked) {
    refuse_if_closed(call, found.database, searched.name);
  } else {
    searched.name = search_table(call, found);
  }
  searched.table = found.database.catalogue().find_ignoring_case(searched.name);
  if (is_asked && !call.access.may_view_table(found.database, searched.name)) {
    searched.table = nullptr;
  }
  return searched;
}

TableRequest plan_request(Call& call, FoundTable found) {
  const bool is_visitor_sql = call.request.query.has("_where");
  if (is_visitor_sql && !call.access.may_execute_sql(found.database.name())) {
    throw RequestError(403, "_where= is not allowed");
  }
  SearchedTable searched = find_searched_table(call, found);
  // A view over a closed table shows some of its rows: filters must not run on the others.
  const bool is_barrier =
      found.table.is_view() && call.access.unreadable_tables(found.database) != nullptr;
  sqlite::Connection& connection = is_visitor_sql || is_barrier
                                       ? visitor_connection(call, found.database)
                                       : found.database.connection();
  const WantedLabels labels(call);
  data::TablePlan plan = data::plan_table({.table = found.table,
                                           .config = found.config,
                                           .query = call.request.query,
                                           .settings = call.settings(),
                                           .expand_labels = labels.any(),
                                           .fts_table = std::move(searched.name),
                                           .fts = searched.table,
                                           .through = through_filters(call, found)},
                                          connection);
  labels.keep_wanted(plan.columns);
  drop_closed_foreign_keys(call, found, plan.columns);
  return {std::move(found), connection, std::move(plan)};
}

/// Whether there is a label to look up at all.
bool has_foreign_keys(const std::vector<data::ResultColumn>& columns) {
  return std::ranges::any_of(
      columns, [](const data::ResultColumn& column) { return column.foreign_key != nullptr; });
}

/// The `next` value and the path that leads to it, once the rows have been read.
struct NextPage {
  std::string token;
  std::string path;
};

std::optional<NextPage> next_page(const Call& call, const TableRequest& table,
                                  const data::RowCursor& rows) {
  const data::TablePlan& plan = table.plan;
  if (plan.page_size == 0 || !rows.has_more()) return std::nullopt;
  NextPage next;
  if (table.found.table.is_view()) {
    next.token = std::to_string(plan.offset + rows.rows_passed());
  } else {
    next.token = plan.next_token(rows);
  }
  http::QueryString query = call.request.query.without_blanks();
  query.remove("_next");
  query.add("_next", next.token);
  if (!plan.sort_column.empty() && !table.found.table.is_view()) {
    // A configured default sort becomes explicit.
    const std::string key = plan.sort_descending ? "_sort_desc" : "_sort";
    query.remove(key);
    query.add(key, plan.sort_column);
  }
  next.path = own_path_with(call, query);
  return next;
}

// ---- JSON -----------------------------------------------------------------------------------

/// `_shape` does not fit, which is said with the link that the page would have had.
[[noreturn]] void refuse_shape(const std::string& message, const std::string& next_url) {
  RequestError error(400, message);
  if (!next_url.empty()) set_next_link(error.headers, next_url);
  throw error;
}

/// What the extras of a table page are made of; refers to the arguments.
ExtraSource extra_source(Call& call, TableRequest& table) {
  return {.call = call,
          .database = table.found.database,
          .columns = table.plan.columns,
          .query = {},
          .found = &table.found,
          .primary_keys = &table.found.table.primary_keys,
          .plan = &table.plan,
          .connection = &table.connection};
}

http::Response table_json(Call& call, TableRequest table) {
  data::require_allowed_facets(call.request.query, call.settings());
  const auto shape = parse_shape(call);
  const AskedExtras asked(call, ExtraScope::kTable);
  render::JsonRowOptions options =
      json_arguments(call, shape ? *shape : render::JsonShape::kArrayFirst);
  ExtraSource extras = extra_source(call, table);
  std::optional<render::TypedCells> typed_cells;
  std::optional<sqlite::ReadTransaction> transaction;
  if (asked.any()) {
    transaction.emplace(table.connection);  // counts and facets agree with the rows
    extras.types = column_types(call, table.found);
    if (asked.wants("render_cell")) {
      typed_cells.emplace(table.plan.columns, extras.types);
      options.typed_cells = &*typed_cells;
    }
  }
  const auto labels =
      has_foreign_keys(table.plan.columns) ? make_label_lookup(call, table.found) : nullptr;
  std::optional<MainQueryLimit> limit(std::in_place, call, table.connection);
  const auto rows = open_rows(call, table.connection, table.plan.page_sql(), table.plan.params,
                              cursor_options(table, labels.get()));
  std::string body;
  std::string rows_text;
  const bool is_document =
      options.shape == render::JsonShape::kObjects || options.shape == render::JsonShape::kArrays;
  render::append_json_rows(is_document ? rows_text : body, *rows, options);
  limit.reset();
  if (labels && !labels->is_deterministic()) call.is_repeatable = false;
  const std::optional<NextPage> next = next_page(call, table, *rows);
  const std::string next_url = next ? absolute(call, next->path) : "";
  if (!shape) refuse_shape(shape.error().message(), next_url);
  if (options.shape == render::JsonShape::kObject && table.found.table.primary_keys.empty()) {
    refuse_shape("_shape=object not available for tables with no primary keys", next_url);
  }
  if (is_document) {
    body.reserve(rows_text.size() + 256 + 2 * next_url.size());
    body = R"({"ok":true,"next":)";
    if (next) {
      base::append_json_string(body, next->token);
      body += R"(,"next_url":)";
      base::append_json_string(body, next_url);
    } else {
      body += R"(null,"next_url":null)";
    }
    if (typed_cells) extras.typed_cells = typed_cells->list();
    body += extra_members(asked, extras);
    body += R"(,"rows":)";
    body += rows_text;
    body += R"(,"truncated":false})";
  }
  http::Response response = json_answer(std::move(body));
  if (options.lines) response.headers.set("Content-Type", "text/plain");
  if (next) set_next_link(response.headers, next_url);
  return response;
}

// ---- exports --------------------------------------------------------------------------------

http::Response table_export(Call& call, TableRequest table) {
  // Neither has an effect on rows alone, but a mistake is one here too.
  static_cast<void>(AskedExtras(call, ExtraScope::kTable));
  data::require_allowed_facets(call.request.query, call.settings());
  const bool is_stream = wants_stream(call);
  if (is_stream) refuse_next_in_stream(call);
  const MainQueryLimit limit(call, table.connection);
  data::RowCursor::Options options = cursor_options(table, nullptr);
  const data::GeoColumns places = plan_places(call, options, &table.plan);
  sqlite::CachedStatement statement =
      table.connection.prepare(is_stream ? table.plan.stream_sql() : table.plan.page_sql());
  data::bind(table.plan.params, *statement);
  return export_rows(call,
                     {.statement = std::move(statement),
                      .options = std::move(options),
                      .labels = make_label_lookup(call, table.found),
                      .blob_url = table_blob_url(call),
                      .places = places,
                      .file_name = table_segment(call),
                      .is_stream = is_stream,
                      .is_visitor_sql = table.plan.is_visitor_sql},
                     [&](const data::RowCursor& rows, http::Response& response) {
                       if (call.format == "csv") return;  // the peer sends no Link here
                       const std::optional<NextPage> next = next_page(call, table, rows);
                       if (next) set_next_link(response.headers, absolute(call, next->path));
                     });
}

// ---- HTML and blobs -------------------------------------------------------------------------

/// The statement of the page in the editor; "" for visitors who may not run SQL.
std::string edit_sql_path(const Call& call, const TableRequest& table) {
  const std::string& database = table.found.database.name();
  if (!call.access.may_execute_sql(database)) return "";
  const data::ShownQuery shown =
      data::shown_query(table.plan, table.found.table, call.request.query.value("_next"));
  http::QueryString arguments;
  arguments.add("sql", shown.sql);
  for (const auto& [name, value] : shown.params) {
    arguments.add(name, sqlite::to_text(sqlite::view_of(value)));
  }
  return http::with_query(instance::database_path(call.settings(), database) + "/-/query",
                          arguments);
}

/// Counts and facets. They come after the rows: where those take too long, nothing else is run.
void complete_page(Call& call, TableRequest& table, data::LabelLookup* labels,
                   data::TablePage& page) {
  page.count = count_if_wanted(call, table.found, table.plan, table.connection);
  page.count_truncated = page.count == data::kCountLimit;
  const data::FacetInput facets =
      facet_input(call, table.found, table.plan, table.connection, labels);
  page.facets = data::run_facets(facets);
  data::suggest_facets(facets, page.count, page.facets);
  for (const std::string& column : data::faceted_columns(facets)) {
    const auto heading = std::ranges::find(page.columns, column, &data::ColumnHeading::name);
    if (heading != page.columns.end()) heading->facet_path.clear();
  }
  if (!page.facets.timed_out.empty() || page.facets.is_incomplete) call.is_repeatable = false;
}

http::Response table_html(Call& call, TableRequest table) {
  const sqlite::ReadTransaction transaction(table.connection);
  const auto labels = make_label_lookup(call, table.found);
  data::TablePage page = describe_table(call, table.found, table.plan);
  page.edit_sql_path = edit_sql_path(call, table);
  std::optional<MainQueryLimit> limit(std::in_place, call, table.connection);
  page.rows = open_rows(call, table.connection, table.plan.page_sql(), table.plan.params,
                        cursor_options(table, labels.get()));

  const std::string& database = table.found.database.name();
  const std::string& name = table.found.table.name;
  const std::string database_css = render::css_class(database);
  const std::string table_css = render::css_class(name);
  const std::string title = page.metadata.title.empty() ? name : page.metadata.title;
  render::PageFrame frame =
      make_frame(call, database + ": " + title, "table db-" + database_css + " table-" + table_css,
                 {"table-" + database_css + "-" + table_css + ".html", "table.html"});
  add_crumbs(call, frame, database);
  frame.is_private = call.access.is_private_table(table.found.database, name);
  const data::PageMetadata footer = footer_metadata(call, database, page.metadata);
  frame.footer_metadata = &footer;
  frame.alternate_json_url = page.json_path;
  std::string body = render::table_html(call.instance, frame, page, [&] {
    limit.reset();
    const std::optional<NextPage> next = next_page(call, table, *page.rows);
    if (next) page.next_path = next->path;
    complete_page(call, table, labels.get(), page);
    // Tabs and histories tell pages apart by their titles.
    if (!page.human_description.empty()) frame.title += " " + page.human_description;
  });
  if (!labels->is_deterministic()) call.is_repeatable = false;
  http::Response response = html_answer(call, std::move(body));
  if (!page.next_path.empty()) set_next_link(response.headers, absolute(call, page.next_path));
  return response;
}

http::Response table_blob(Call& call, TableRequest table) {
  const MainQueryLimit limit(call, table.connection);
  const auto rows = open_rows(call, table.connection, table.plan.page_sql(), table.plan.params,
                              cursor_options(table, nullptr));
  return blob_answer(call, *rows, render::css_class(table.found.table.name) + "-");
}

/// The arguments that find the row of a path.
http::QueryString row_arguments(const sqlite::Table& table, std::string_view row_path) {
  if (table.is_view()) throw RequestError(400, "_row is not supported for views");
  std::vector<std::string> keys = table.primary_keys;
  if (keys.empty()) keys = {"rowid"};
  const std::vector<std::string_view> values = base::split(row_path, ',');
  if (values.size() != keys.size()) {
    throw RequestError(400, "_row does not match the primary key for this table");
  }
  http::QueryString query;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    query.add(keys[i] + "__exact", http::tilde_decode(values[i]));
  }
  return query;
}

http::Response rows_fragment(Call& call, FoundTable found) {
  TableRequest table = plan_request(call, std::move(found));
  const sqlite::ReadTransaction transaction(table.connection);
  const auto labels = make_label_lookup(call, table.found);
  data::TablePage page = describe_table(call, table.found, table.plan);
  const MainQueryLimit limit(call, table.connection);
  page.rows = open_rows(call, table.connection, table.plan.page_sql(), table.plan.params,
                        cursor_options(table, labels.get()));
  std::string body = render::table_rows_html(call.instance, page);
  if (!labels->is_deterministic()) call.is_repeatable = false;
  return http::text_response(200, "text/html; charset=utf-8", std::move(body));
}

}  // namespace

http::Response table_page(Call& call) {
  if (const auto query = stored_query_of_path(call)) {
    return stored_query_page(call, *query);
  }
  FoundTable found = require_table(call);
  if (const auto path = filter_redirect(call)) return redirect_with_preload(*path);
  const bool is_html = call.format.empty() || call.format == "html";
  if (!is_html && call.format != "json" && !is_export(call) && call.format != "blob") {
    throw RequestError(404, "Invalid format: " + call.format);
  }
  const instance::Database& database = found.database;
  TableRequest table = plan_request(call, std::move(found));
  http::Response response;
  if (call.format == "json") {
    response = table_json(call, std::move(table));
  } else if (is_export(call)) {
    response = table_export(call, std::move(table));
  } else if (call.format == "blob") {
    response = table_blob(call, std::move(table));
  } else {
    response = table_html(call, std::move(table));
  }
  set_cache_control(call, database, response);
  return response;
}

http::Response table_fragment_page(Call& call) {
  FoundTable found = require_table(call);
  const auto row = call.request.query.get("_row");
  if (!row || row->empty()) return rows_fragment(call, std::move(found));
  http::Request asked = call.request;
  asked.query = row_arguments(found.table, *row);
  asked.raw_query = asked.query.encoded();
  Call inner = call.with_request(asked);
  http::Response response = rows_fragment(inner, std::move(found));
  call.is_repeatable = inner.is_repeatable;
  return response;
}

}  // namespace tapedeck::pages
