#include "pages/row_page.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/escape.hpp"
#include "base/text.hpp"
#include "http/percent.hpp"
#include "http/tilde.hpp"
#include "instance/paths.hpp"
#include "pages/answer.hpp"
#include "pages/export.hpp"
#include "pages/extras.hpp"
#include "pages/table_access.hpp"
#include "pages/table_model.hpp"
#include "render/cell.hpp"
#include "render/html_row.hpp"
#include "render/typed_cell.hpp"
#include "sqlite/error.hpp"

namespace tapedeck::pages {

namespace {

using http::RequestError;
using Clock = std::chrono::steady_clock;

/// One row request: key names and values, and the statement that reads it, in two parts.
struct RowRequest {
  FoundTable found;
  std::vector<std::string> keys;
  std::vector<std::string> values;
  /// "select …" and " from … where … limit 1".
  std::string select;
  std::string from_where;
  data::NamedParams params;
  data::RowCursor::Options options;
};

/// A column without a type keeps numbers, texts and BLOBs apart that have one and the same address.
bool takes_anything(const sqlite::Table& table, const std::string& key) {
  const sqlite::Column* column = table.find_column(key);
  return column != nullptr && (column->affinity == sqlite::Affinity::kBlob ||
                               base::equals_ignoring_case(column->declared_type, "any"));
}

bool is_number(const std::string& text) {
  const auto number = base::parse_double(text);
  return number.has_value() && std::isfinite(*number);
}

/// How SQL writes an infinite number, which it makes of no text; "" for all else and for columns
/// that hold none.
std::string_view infinity_in_sql(const sqlite::Table& table, const std::string& key,
                                 std::string_view text) {
  const sqlite::Column* column = table.find_column(key);
  if (column == nullptr || column->affinity == sqlite::Affinity::kText) return {};
  if (text == "inf") return "9e999";
  if (text == "-inf") return "-9e999";
  return {};
}

RowRequest plan_row(Call& call, FoundTable found, bool expand_labels) {
  RowRequest row{.found = std::move(found),
                 .keys = {},
                 .values = {},
                 .select = {},
                 .from_where = {},
                 .params = {},
                 .options = {}};
  const sqlite::Table& table = row.found.table;
  row.keys = table.primary_keys;
  if (table.uses_rowid) row.keys = {"rowid"};
  if (row.keys.empty()) throw RequestError(404, "Row not found");
  for (const std::string_view piece : base::split(call.row, ',')) {
    row.values.push_back(http::tilde_decode(piece));
  }
  if (row.values.size() != row.keys.size()) {
    throw RequestError(400, "URL row identifier does not match the primary key for this table");
  }
  std::string select;
  if (table.uses_rowid) {
    row.options.columns.push_back({.name = "rowid", .is_pk = true});
    row.options.key_columns.push_back(0);
    select = "rowid";
  }
  for (const sqlite::Column& column : table.columns) {
    if (column.hidden == 1) continue;  // as in "select *"
    data::ResultColumn result{.name = column.name, .column = &column};
    result.is_pk = column.pk_position > 0;
    if (expand_labels) result.foreign_key = table.reference_of(column.name);
    row.options.columns.push_back(std::move(result));
    select += (select.empty() ? "" : ", ") + sqlite::quote_identifier(column.name);
  }
  for (const std::string& key : table.primary_keys) {
    const auto& columns = row.options.columns;
    const auto found_key = std::ranges::find(columns, key, &data::ResultColumn::name);
    row.options.key_columns.push_back(static_cast<int>(found_key - columns.begin()));
  }
  drop_closed_foreign_keys(call, row.found, row.options.columns);
  row.options.page_size = 1;
  row.select = "select " + select;
  row.from_where = " from " + sqlite::quote_identifier(table.name) + " where ";
  std::vector<std::string> preferred;
  for (std::size_t i = 0; i < row.keys.size(); ++i) {
    if (i > 0) row.from_where += " and ";
    const std::string key = sqlite::force_quote_identifier(row.keys[i]);
    const std::string value = row.params.add(row.values[i]);
    row.from_where += key;
    const std::string_view infinity = infinity_in_sql(table, row.keys[i], row.values[i]);
    if (takes_anything(table, row.keys[i])) {
      std::vector<std::string> readings{value, "cast(" + value + " as blob)"};
      if (is_number(row.values[i])) readings.push_back("cast(" + value + " as numeric)");
      if (!infinity.empty()) readings.emplace_back(infinity);
      row.from_where += " in (" + base::join(readings, ", ") + ")";
      preferred.push_back("typeof(" + key + ") = 'text' desc");
    } else if (!infinity.empty()) {
      row.from_where += " in (" + value + ", " + std::string(infinity) + ")";
    } else {
      // Values are bound as text; the column's affinity makes numbers of them.
      row.from_where += "=" + value;
    }
  }
  if (!preferred.empty()) row.from_where += " order by " + base::join(preferred, ", ");
  // A key of NULLs or of a shadowed rowid can fit several rows; the page shows one.
  row.from_where += " limit 1";
  return row;
}

std::unique_ptr<data::RowCursor> open_row(Call& call, RowRequest& row, data::LabelLookup* labels) {
  data::RowCursor::Options options = std::move(row.options);
  options.labels = labels;
  return open_rows(call, row.found.database.connection(), row.select + row.from_where, row.params,
                   std::move(options));
}

/// What the rows that refer to this one by `key` hold, as text; nothing for NULL, to which none
/// can.
std::optional<std::string> referred_value(const RowRequest& row, const sqlite::ForeignKey& key) {
  if (key.column == row.keys.front()) return row.values.front();
  const sqlite::Table& table = row.found.table;
  const bool is_rowid = key.column == "rowid" && !table.rowid_name.empty();
  // The declaration may name what is not there.
  if (table.find_column(key.column) == nullptr && !is_rowid) return std::nullopt;
  const sqlite::CachedStatement statement = row.found.database.connection().prepare(
      "select " + sqlite::quote_identifier(key.column) + " from " +
      sqlite::quote_identifier(row.found.table.name) + " where " +
      sqlite::quote_identifier(row.keys.front()) + " = ?1");
  statement->bind(1, row.values.front());
  if (!statement->step() || statement->view(0).is_null()) return std::nullopt;
  return sqlite::to_text(statement->view(0));
}

/// Rows of other tables that refer to this one. A link whose count takes too long is left out.
std::vector<data::IncomingLink> incoming_links(Call& call, const RowRequest& row) {
  std::vector<data::IncomingLink> links;
  if (row.keys.size() != 1) return links;
  sqlite::Connection& connection = row.found.database.connection();
  const std::string& database = row.found.database.name();
  for (const sqlite::ForeignKey& key : row.found.table.incoming) {
    if (!call.access.may_view_table(row.found.database, key.other_table)) continue;
    const std::optional<std::string> value = referred_value(row, key);
    if (!value) continue;
    data::IncomingLink link;
    link.column = key.column;
    link.other_table = key.other_table;
    link.other_column = key.other_column;
    const sqlite::Table* other = row.found.database.catalogue().find(key.other_table);
    link.is_implicit =
        other != nullptr && std::ranges::any_of(other->references, [&](const auto& r) {
          return r.is_implicit && r.key.column == key.other_column;
        });
    try {
      link.count =
          connection
              .query_integer("select count(*) from " + sqlite::quote_identifier(key.other_table) +
                                 " where " + sqlite::force_quote_identifier(key.other_column) +
                                 " = ?1",
                             {*value})
              .value_or(0);
    } catch (const sqlite::Error&) {
      call.is_repeatable = false;
      continue;
    }
    const std::string argument =
        key.other_column.starts_with('_') ? key.other_column + "__exact" : key.other_column;
    link.path = instance::table_path(call.settings(), database, key.other_table) + "?" +
                http::form_encode(argument) + "=" +
                // A slash needs no encoding in a query string (RFC 3986 section 3.4).
                base::replace_all(http::form_encode(*value), "%2F", "/");
    links.push_back(std::move(link));
  }
  return links;
}

/// The statement as the peer writes it.
data::ShownQuery shown_query(const RowRequest& row) {
  std::string sql = row.found.table.uses_rowid ? "select rowid, *" : "select *";
  sql += " from " + sqlite::quote_identifier(row.found.table.name) + " where ";
  for (std::size_t i = 0; i < row.keys.size(); ++i) {
    if (i > 0) sql += " AND ";
    sql += sqlite::force_quote_identifier(row.keys[i]) + "=:" + row.params.pairs()[i].first;
  }
  return {.sql = std::move(sql), .params = row.params.pairs()};
}

/// What the extras of a row page are made of; refers to the arguments.
ExtraSource extra_source(Call& call, RowRequest& row,
                         const std::vector<data::ResultColumn>& columns) {
  return {.call = call,
          .database = row.found.database,
          .columns = columns,
          .query = [&row] { return shown_query(row); },
          .found = &row.found,
          .types = column_types(call, row.found),
          .primary_keys = &row.keys,
          .incoming_links = [&call, &row] { return incoming_links(call, row); }};
}

/// The extras that a row's document has; some of them stand in it anyway.
AskedExtras asked_extras(const Call& call) {
  AskedExtras asked(call, ExtraScope::kRow);
  for (const std::string_view name : {"database", "table", "primary_keys"}) asked.forget(name);
  return asked;
}

http::Response row_json(Call& call, RowRequest row) {
  const auto shape = parse_shape(call);
  render::JsonRowOptions options =
      json_arguments(call, shape ? *shape : render::JsonShape::kObjects);
  const AskedExtras asked = asked_extras(call);
  std::optional<sqlite::ReadTransaction> transaction;
  std::optional<render::TypedCells> typed_cells;
  if (asked.any()) transaction.emplace(row.found.database.connection());
  if (asked.wants("render_cell")) {
    typed_cells.emplace(row.options.columns, column_types(call, row.found));
    options.typed_cells = &*typed_cells;
  }
  const Clock::time_point start = Clock::now();
  const auto rows = open_row(call, row, nullptr);
  std::string rows_text;
  render::append_json_rows(rows_text, *rows, options);
  if (rows->rows_given() == 0) throw RequestError(404, "Row not found");
  // A row that is not there goes before what is wrong with the form of its answer.
  if (!shape) throw RequestError(400, shape.error().message());
  const bool is_document =
      options.shape == render::JsonShape::kObjects || options.shape == render::JsonShape::kArrays;
  if (!is_document) {
    http::Response response = json_answer(std::move(rows_text));
    if (options.lines) response.headers.set("Content-Type", "text/plain");
    return response;
  }
  std::string body = R"({"ok":true,"database":)";
  base::append_json_string(body, row.found.database.name());
  body += R"(,"table":)";
  base::append_json_string(body, row.found.table.name);
  body += R"(,"rows":)" + rows_text;
  const auto append_list = [&body](const std::vector<std::string>& texts) {
    body += '[';
    for (std::size_t i = 0; i < texts.size(); ++i) {
      if (i > 0) body += ',';
      base::append_json_string(body, texts[i]);
    }
    body += ']';
  };
  body += R"(,"primary_keys":)";
  append_list(row.keys);
  body += R"(,"primary_key_values":)";
  append_list(row.values);
  if (asked.any()) {
    ExtraSource extras = extra_source(call, row, rows->columns());
    if (typed_cells) extras.typed_cells = typed_cells->list();
    body += extra_members(asked, extras);
  }
  body += R"(,"query_ms":)";
  base::append_double(body,
                      std::chrono::duration<double, std::milli>(Clock::now() - start).count());
  body += R"(,"truncated":false})";
  return json_answer(std::move(body));
}

http::Response row_export(Call& call, RowRequest row) {
  sqlite::CachedStatement statement =
      row.found.database.connection().prepare(row.select + row.from_where);
  data::bind(row.params, *statement);
  const data::GeoColumns places = plan_places(call, row.options, nullptr);
  return export_rows(call,
                     {.statement = std::move(statement),
                      .options = std::move(row.options),
                      .labels = nullptr,
                      .blob_url = table_blob_url(call),
                      .places = places,
                      .file_name = table_segment(call)},
                     [](const data::RowCursor& rows, const http::Response& /*response*/) {
                       if (rows.rows_given() == 0) throw RequestError(404, "Row not found");
                     });
}

http::Response row_blob(Call& call, RowRequest row) {
  const std::string file_name_start =
      render::css_class(row.found.table.name) + "-" + call.row + "-";
  const auto rows = open_row(call, row, nullptr);
  return blob_answer(call, *rows, file_name_start);
}

/// The row's label if its table has one, else its key values.
std::string heading_of(const RowRequest& row) {
  std::string keys = base::join(row.values, ", ");
  const auto column = data::label_column(row.found.table, row.found.config);
  if (!column || row.found.table.find_column(*column) == nullptr) return keys;
  const sqlite::CachedStatement label = row.found.database.connection().prepare(
      "select " + sqlite::quote_identifier(*column) + row.from_where);
  data::bind(row.params, *label);
  if (!label->step()) throw RequestError(404, "Row not found");
  std::string text = sqlite::to_text(label->view(0));
  return text.empty() ? keys : text;
}

http::Response row_html(Call& call, RowRequest row) {
  const sqlite::ReadTransaction transaction(row.found.database.connection());
  const auto labels = make_label_lookup(call, row.found);
  const std::string& database = row.found.database.name();
  const std::string& table = row.found.table.name;
  if (!row.found.database.connection().query_integer(
          "select 1" + row.from_where, sqlite::Params(row.values.begin(), row.values.end()))) {
    throw RequestError(404, "Row not found");
  }
  data::RowPage page;
  page.database = database;
  page.database_path = instance::database_path(call.settings(), database);
  page.table = table;
  page.table_path = instance::table_path(call.settings(), database, table);
  page.row_path = call.row;
  page.primary_keys = row.keys;
  page.primary_key_values = row.values;
  page.heading = heading_of(row);
  page.metadata = data::read_page_metadata(call.configuration().table_metadata(database, table));
  page.columns = describe_columns(call, row.found, row.options.columns);
  page.foreign_table_paths = foreign_table_paths(call, row.found, row.options.columns);
  page.incoming_links = incoming_links(call, row);
  page.json_path = path_with_format(call, "json");
  page.rows = open_row(call, row, labels.get());

  const std::string database_css = render::css_class(database);
  const std::string table_css = render::css_class(table);
  render::PageFrame frame = make_frame(
      call, table + ": " + page.heading, "row db-" + database_css + " table-" + table_css,
      {"row-" + database_css + "-" + table_css + ".html", "row.html"});
  add_crumbs(call, frame, database, table);
  frame.is_private = call.access.is_private_table(row.found.database, table);
  const data::PageMetadata footer = footer_metadata(call, database, page.metadata);
  frame.footer_metadata = &footer;
  frame.alternate_json_url = page.json_path;
  std::string body = render::row_html(call.instance, frame, page);
  if (!labels->is_deterministic()) call.is_repeatable = false;
  return html_answer(call, std::move(body));
}

}  // namespace

http::Response row_page(Call& call) {
  FoundTable found = require_table(call);
  const instance::Database& database = found.database;
  const bool is_html = call.format.empty() || call.format == "html";
  RowRequest row = plan_row(call, std::move(found), /*expand_labels=*/is_html);
  http::Response response;
  if (is_html) {
    response = row_html(call, std::move(row));
  } else if (call.format == "json") {
    response = row_json(call, std::move(row));
  } else if (is_export(call)) {
    response = row_export(call, std::move(row));
    if (call.format == "csv") return response;  // the peer sends no Cache-Control here
  } else if (call.format == "blob") {
    response = row_blob(call, std::move(row));
  } else {
    throw RequestError(404, "Invalid format: " + call.format);
  }
  set_cache_control(call, database, response);
  return response;
}

}  // namespace tapedeck::pages
