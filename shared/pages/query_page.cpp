#include "pages/query_page.hpp"

#include <algorithm>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <boost/json.hpp>

#include "base/digest.hpp"
#include "base/text.hpp"
#include "data/arguments.hpp"
#include "data/query_page.hpp"
#include "data/query_text.hpp"
#include "http/percent.hpp"
#include "http/tilde.hpp"
#include "instance/paths.hpp"
#include "pages/answer.hpp"
#include "pages/error.hpp"
#include "pages/export.hpp"
#include "pages/extras.hpp"
#include "pages/main_query_limit.hpp"
#include "pages/query_parameters.hpp"
#include "pages/table_access.hpp"
#include "pages/table_model.hpp"
#include "pages/time_limit_error.hpp"
#include "render/cell.hpp"
#include "render/html_query.hpp"
#include "render/typed_cell.hpp"
#include "sqlite/error.hpp"

namespace tapedeck::pages {

namespace {

using http::ErrorForm;
using http::RequestError;

/// SQL to be run, whoever wrote it.
struct QueryRun {
  instance::Database& database;
  sqlite::Connection& connection;
  std::string sql;
  /// Null for custom SQL.
  const data::StoredQuery* stored = nullptr;
};

[[noreturn]] void refuse(const Call& call, const sqlite::Error& error) {
  if (const auto* full = dynamic_cast<const sqlite::OutOfMemory*>(&error)) throw *full;
  log_sql_error(call, error);
  RequestError refused(400, error.what(), ErrorForm::kFailedQuery);
  refused.title = "Invalid SQL";
  throw refused;
}

/// A statement ready to be read, and its columns.
struct Prepared {
  sqlite::CachedStatement statement;
  data::RowCursor::Options options;
};

Prepared prepare(Call& call, const QueryRun& run) {
  try {
    sqlite::CachedStatement statement = run.connection.prepare(run.sql);
    if (!statement->is_deterministic()) call.is_repeatable = false;
    if (run.stored == nullptr) {
      bind_custom(call, *statement);
    } else {
      bind_stored(call, *run.stored, *statement);
    }
    data::RowCursor::Options options;
    const int count = statement->column_count();
    for (int i = 0; i < count; ++i) options.columns.push_back({.name = statement->column_name(i)});
    options.page_size = call.settings().max_returned_rows;
    return {std::move(statement), std::move(options)};
  } catch (const sqlite::Interrupted&) {
    throw;
  } catch (const sqlite::Error& error) {
    refuse(call, error);
  }
}

/// Compiles and binds; rows are read by the caller.
std::unique_ptr<data::RowCursor> start(Call& call, const QueryRun& run) {
  Prepared prepared = prepare(call, run);
  return std::make_unique<data::RowCursor>(std::move(prepared.statement),
                                           std::move(prepared.options));
}

/// Runs `read`, with SQLite's errors as those of a failed query.
template <class Read>
auto read_rows(const Call& call, const Read& read) {
  try {
    return read();
  } catch (const sqlite::Interrupted&) {
    throw;
  } catch (const sqlite::Error& error) {
    refuse(call, error);
  }
}

// ---- JSON -----------------------------------------------------------------------------------

/// What the extras of a query are made of; refers to the arguments.
ExtraSource extra_source(Call& call, const QueryRun& run,
                         const std::vector<data::ResultColumn>& columns) {
  return {.call = call,
          .database = run.database,
          .columns = columns,
          .query =
              [&call, &run] {
                data::ShownQuery query{.sql = run.sql, .params = {}};
                query.params = offered_parameters(call, run.sql, run.stored);
                return query;
              },
          .stored = run.stored};
}

/// The extras of a query that gives no rows.
std::string extras_without_rows(Call& call, const QueryRun& run, const AskedExtras& asked) {
  const std::vector<data::ResultColumn> no_columns;
  return extra_members(asked, extra_source(call, run, no_columns));
}

/// Throws for a shape that is none, or one for tables.
render::JsonShape require_query_shape(const base::Result<render::JsonShape>& shape) {
  if (!shape) throw RequestError(400, shape.error().message());
  if (*shape == render::JsonShape::kObject) {
    throw RequestError(400, "_shape=object is only available on tables");
  }
  return *shape;
}

/// A stored query that writes runs on POST only; GET tells about it.
http::Response write_query_json(Call& call, const QueryRun& run) {
  const AskedExtras asked(call, ExtraScope::kQuery);
  const render::JsonShape shape = require_query_shape(parse_shape(call));
  if (shape == render::JsonShape::kArray || shape == render::JsonShape::kArrayFirst) {
    return json_answer(std::string("[]"));
  }
  return json_answer(R"({"ok":true,"rows":[])" + extras_without_rows(call, run, asked) +
                     R"(,"truncated":false})");
}

http::Response query_rows_json(Call& call, const QueryRun& run, render::JsonRowOptions options,
                               const AskedExtras& asked) {
  const auto rows = start(call, run);
  std::optional<render::TypedCells> typed_cells;
  if (asked.wants("render_cell")) {
    typed_cells.emplace(rows->columns(), std::vector<data::ColumnType>());
    options.typed_cells = &*typed_cells;
  }
  std::string text;
  read_rows(call, [&] { render::append_json_rows(text, *rows, options); });
  const bool is_document =
      options.shape == render::JsonShape::kObjects || options.shape == render::JsonShape::kArrays;
  if (is_document) {
    ExtraSource extras = extra_source(call, run, rows->columns());
    if (typed_cells) extras.typed_cells = typed_cells->list();
    text = R"({"ok":true,"rows":)" + text + extra_members(asked, extras) + R"(,"truncated":)" +
           (rows->has_more() ? "true}" : "false}");
  }
  http::Response response = json_answer(std::move(text));
  if (options.lines) response.headers.set("Content-Type", "text/plain");
  return response;
}

http::Response query_json(Call& call, const QueryRun& run) {
  const auto shape = parse_shape(call);
  const bool is_usable = shape && *shape != render::JsonShape::kObject;
  render::JsonRowOptions options =
      json_arguments(call, is_usable ? *shape : render::JsonShape::kObjects);
  options.keeps_duplicates = true;
  const AskedExtras asked(call, ExtraScope::kQuery);
  http::Response response;
  try {
    response = query_rows_json(call, run, std::move(options), asked);
  } catch (RequestError& error) {
    if (error.form == ErrorForm::kFailedQuery) {
      error.members = extras_without_rows(call, run, asked);
    }
    throw;
  }
  // What is wrong with the SQL goes before what is wrong with the form of its answer.
  (void)require_query_shape(shape);
  return response;
}

// ---- exports, pages and blobs ---------------------------------------------------------------

/// Path of this query's blobs, to which column and content are added.
std::string query_blob_path(const Call& call) {
  std::string path = own_path(call);
  const std::string extension = "." + call.format;
  if (path.ends_with(extension)) path.resize(path.size() - extension.size());
  path += ".blob?";
  if (!call.request.raw_query.empty()) path += call.request.raw_query + "&";
  return path;
}

/// Gives URLs of blobs by their content.
render::BlobUrl blob_url_behind(std::string start) {
  return [start = std::move(start)](const std::string& /*row_path*/, const std::string& column,
                                    std::string_view bytes) {
    return start + "_blob_column=" + http::form_encode(column) +
           "&_blob_hash=" + base::sha256_hex(bytes);
  };
}

http::Response query_export(Call& call, const QueryRun& run) {
  const bool is_stream = wants_stream(call);
  Prepared prepared = prepare(call, run);
  const data::GeoColumns places = plan_places(call, prepared.options, nullptr);
  render::BlobUrl blob_url = blob_url_behind(absolute(call, query_blob_path(call)));
  return read_rows(call, [&] {
    return export_rows(call,
                       {.statement = std::move(prepared.statement),
                        .options = std::move(prepared.options),
                        .labels = nullptr,
                        .blob_url = std::move(blob_url),
                        .places = places,
                        .file_name = run.stored == nullptr ? http::tilde_encode(run.database.name())
                                                           : table_segment(call),
                        .is_stream = is_stream,
                        .is_visitor_sql = run.stored == nullptr || !run.stored->is_trusted});
  });
}

std::string toggle_path(const Call& call, bool is_hidden, bool hides_by_default) {
  http::QueryString query = call.request.query.without_blanks();
  query.remove("_hide_sql");
  query.remove("_show_sql");
  if (is_hidden && hides_by_default) query.add("_show_sql", "1");
  if (!is_hidden && !hides_by_default) query.add("_hide_sql", "1");
  return own_path_with(call, query);
}

data::QueryPage describe(const Call& call, const QueryRun& run) {
  const data::StoredQuery* stored = run.stored;
  data::QueryPage page;
  page.database = run.database.name();
  page.database_path = instance::database_path(call.settings(), page.database);
  page.path = own_path(call);
  page.sql = run.sql;
  const bool hides_by_default = stored != nullptr && stored->hide_sql;
  const char* const toggle = hides_by_default ? "_show_sql" : "_hide_sql";
  const bool is_toggled = !call.request.query.value(toggle).empty();
  if (is_toggled) page.toggle_argument = toggle;
  page.is_sql_hidden = hides_by_default != is_toggled;
  if (!page.sql.empty()) {
    page.toggle_sql_path = toggle_path(call, page.is_sql_hidden, hides_by_default);
  }
  page.is_editable = stored == nullptr;
  page.is_write = stored != nullptr && stored->is_write;
  for (const auto& [name, value] : offered_parameters(call, run.sql, stored)) {
    page.parameters.emplace_back(name, sqlite::to_text(sqlite::view_of(value)));
  }
  page.json_path = path_with_format(call, "json");
  page.csv_path = path_with_format(call, "csv");
  page.truncate_cells = call.settings().truncate_cells_html;
  if (stored == nullptr) return page;
  page.query_name = stored->name;
  page.metadata.title = stored->title;
  page.metadata.description = stored->description;
  page.metadata.description_html = stored->description_html;
  const bool has_magic = std::ranges::any_of(
      data::named_parameters(run.sql), [](const auto& name) { return name.starts_with('_'); });
  const bool may_be_run = !has_magic && !data::refuse_statement(run.sql);
  if (may_be_run && !stored->is_write && call.access.may_execute_sql(page.database)) {
    http::QueryString query;
    query.add("sql", run.sql);
    for (const auto& [name, value] : page.parameters) query.add(name, value);
    page.edit_sql_path = page.database_path + "/-/query?" + query.encoded();
  }
  return page;
}

render::PageFrame query_frame(const Call& call, const data::QueryPage& page) {
  const std::string css = render::css_class(page.database);
  std::string title = page.database + ": ";
  std::string body_class = "query db-" + css;
  std::vector<std::string> templates = {"query-" + css + ".html", "query.html"};
  if (page.query_name.empty()) {
    title += page.sql.empty() ? "SQL" : page.sql.substr(0, 80);
  } else {
    title += page.metadata.title.empty() ? page.query_name : page.metadata.title;
    const std::string query_css = render::css_class(page.query_name);
    body_class += " query-" + query_css;
    templates.insert(templates.begin(), "query-" + css + "-" + query_css + ".html");
  }
  render::PageFrame frame = make_frame(call, title, body_class, std::move(templates));
  add_crumbs(call, frame, page.database);
  frame.is_private = page.query_name.empty()
                         ? call.access.is_private_sql(page.database)
                         : call.access.is_private_query(page.database, page.query_name);
  frame.alternate_json_url = path_with_format(call, "json");
  return frame;
}

/// A failed query is a page with the message above its form, so that nobody has to type it again.
http::Response failed_query_html(Call& call, const QueryRun& run, int status,
                                 const std::string& message) {
  data::QueryPage page = describe(call, run);
  page.error = message;
  call.is_repeatable = false;
  const data::PageMetadata footer = footer_metadata(call, page.database, page.metadata);
  render::PageFrame frame = query_frame(call, page);
  frame.footer_metadata = &footer;
  if (status == 200) {
    return html_answer(call, render::query_html(call.instance, frame, page, {}));
  }
  frame.noindex = true;
  frame.alternate_json_url.clear();
  return http::text_response(status, "text/html; charset=utf-8",
                             render::query_html(call.instance, frame, page, {}));
}

http::Response query_html(Call& call, const QueryRun& run) {
  data::QueryPage page = describe(call, run);
  const data::PageMetadata footer = footer_metadata(call, page.database, page.metadata);
  const bool has_rows = !run.sql.empty() && !page.is_write;
  try {
    if (has_rows) {
      page.rows = start(call, run);
      page.stream_links = stream_links(call, page.rows->columns());
      for (const data::ResultColumn& column : page.rows->columns()) {
        data::ColumnHeading heading;
        heading.name = column.name;
        page.columns.push_back(std::move(heading));
      }
    }
    render::PageFrame frame = query_frame(call, page);
    frame.footer_metadata = &footer;
    const render::BlobUrl blob_url = blob_url_behind(query_blob_path(call));
    return html_answer(call, read_rows(call, [&] {
                         return render::query_html(call.instance, frame, page, blob_url);
                       }));
  } catch (const RequestError& error) {
    if (error.form != ErrorForm::kFailedQuery) throw;
    return failed_query_html(call, run, 200, error.message);
  } catch (const sqlite::Interrupted& error) {
    log_sql_error(call, error);
    return failed_query_html(call, run, 400, sql_time_limit_error().message);
  }
}

http::Response query_blob(Call& call, const QueryRun& run) {
  const auto rows = start(call, run);
  return read_rows(call, [&] { return blob_answer(call, *rows, ""); });
}

http::Response answer_data(Call& call, const QueryRun& run) {
  if (call.format == "json") return query_json(call, run);
  if (is_export(call)) return query_export(call, run);
  if (call.format == "blob") return query_blob(call, run);
  throw RequestError(404, "Invalid format: " + call.format);
}

bool is_html(const Call& call) {
  return call.format.empty() || call.format == "html";
}

http::Response answer_parameters(Call& call) {
  const instance::Database& database = known_database(call);
  if (!call.access.may_execute_sql(database.name())) {
    throw RequestError(403, "Permission denied: need execute-sql", ErrorForm::kJson);
  }
  std::vector<std::string> unknown;
  for (const auto& [key, value] : call.request.query.pairs()) {
    if (key != "sql" && std::ranges::find(unknown, key) == unknown.end()) unknown.push_back(key);
  }
  std::ranges::sort(unknown);
  if (!unknown.empty()) {
    throw RequestError(400, "Invalid keys: " + base::join(unknown, ", "), ErrorForm::kJson);
  }
  const std::vector<std::string> names = data::named_parameters(call.request.query.value("sql"));
  if (std::ranges::any_of(names, [](const auto& name) { return name.starts_with('_'); })) {
    throw RequestError(400, "Magic parameters are not allowed", ErrorForm::kJson);
  }
  return json_answer(boost::json::object{
      {"ok", true},
      {"unstable",
       "This API is not part of Datasette's stable interface and may change at any time"},
      {"parameters", json_strings(names)},
  });
}

}  // namespace

http::Response query_page(Call& call) {
  instance::Database& database = known_database(call);
  if (!call.access.may_execute_sql(database.name())) {
    throw RequestError(403, "execute-sql");
  }
  const std::string sql(call.request.query.value("sql"));
  if (sql.empty() && !is_html(call)) throw RequestError(400, "?sql= is required");
  const QueryRun run{
      .database = database, .connection = visitor_connection(call, database), .sql = sql};
  if (const auto refusal = data::refuse_statement(sql); refusal && !sql.empty()) {
    if (is_html(call)) return failed_query_html(call, run, 400, *refusal);
    throw RequestError(400, *refusal);
  }
  std::optional<MainQueryLimit> limit;
  if (!sql.empty()) limit.emplace(call, run.connection);
  return is_html(call) ? query_html(call, run) : answer_data(call, run);
}

http::Response query_parameters_page(Call& call) {
  // Read by the editor's script alone: never inside a frame, refusals included.
  http::Headers framing;
  framing.set("X-Frame-Options", "DENY");
  framing.set("Content-Security-Policy", "frame-ancestors 'none'");
  try {
    http::Response response = answer_parameters(call);
    for (const auto& [name, value] : framing.fields()) response.headers.set(name, value);
    return response;
  } catch (RequestError& error) {
    error.headers = framing;
    throw;
  }
}

std::optional<data::StoredQuery> stored_query_of_path(const Call& call) {
  auto query = data::find_stored_query(call.configuration(), call.database, call.table);
  instance::Database* database = query ? call.instance.find_database(call.database) : nullptr;
  if (database == nullptr) return std::nullopt;
  database->current();
  if (visible_table(call, *database) != nullptr) query.reset();
  return query;
}

http::Response stored_query_page(Call& call, const data::StoredQuery& query) {
  instance::Database& database = known_database(call);
  if (!call.access.may_view_query(database.name(), query.name)) {
    throw RequestError(403, "You do not have permission to view this query");
  }
  if (!query.is_trusted) {
    if (!call.access.may_execute_sql(database.name())) {
      throw RequestError(403, "execute-sql");
    }
    if (const auto refusal = data::refuse_statement(query.sql)) throw RequestError(400, *refusal);
  }
  const QueryRun run{
      .database = database,
      .connection = query.is_trusted ? database.connection() : visitor_connection(call, database),
      .sql = query.sql,
      .stored = &query};
  const MainQueryLimit limit(call, run.connection);
  http::Response response;
  if (is_html(call)) {
    response = query_html(call, run);
  } else if (query.is_write) {
    if (call.format != "json") {
      throw RequestError(400, "A query that writes gives no rows", ErrorForm::kHtml);
    }
    response = write_query_json(call, run);
  } else {
    response = answer_data(call, run);
  }
  if (response.status == 200) set_cache_control(call, database, response);
  return response;
}

}  // namespace tapedeck::pages
