#include "pages/table_access.hpp"

#include <algorithm>
#include <utility>

#include "base/digest.hpp"
#include "base/log.hpp"
#include "base/text.hpp"
#include "data/filter.hpp"
#include "data/size_limit.hpp"
#include "http/percent.hpp"
#include "instance/paths.hpp"
#include "pages/answer.hpp"
#include "render/cell.hpp"

namespace tapedeck::pages {

namespace {

using http::RequestError;

[[noreturn]] void refuse_table() {
  throw RequestError(403, "You do not have permission to view this table");
}

}  // namespace

const sqlite::Table* visible_table(const Call& call, instance::Database& database) {
  const sqlite::Table* table = database.catalogue().find(call.table);
  return table != nullptr && call.access.may_view_table(database, table->name) ? table : nullptr;
}

void refuse_if_closed(const Call& call, const instance::Database& database,
                      std::string_view table) {
  if (call.access.is_closed_by_rule(database.name(), table)) refuse_table();
}

FoundTable require_table(Call& call) {
  instance::Database& database = known_database(call);
  const sqlite::Table* table = visible_table(call, database);
  if (table == nullptr) {
    // What is closed by a rule says so, there or not; and whoever may not see the database does not
    // learn the names in it.
    if (!call.access.may_view_database(database.name())) refuse_table();
    refuse_if_closed(call, database, call.table);
    throw RequestError(404, "Table not found");
  }
  if (!table->trouble.empty()) {
    RequestError error(400, table->trouble);
    error.title = "Invalid SQL";
    throw error;
  }
  // FTS5 shows a number of the connection's own there.
  const sqlite::Column* cursor_column = table->find_column(table->name);
  if (cursor_column != nullptr && cursor_column->hidden == 1) call.is_repeatable = false;
  return {database, *table,
          data::read_table_config(call.configuration().table_config(database.name(), table->name))};
}

std::string search_table(const Call& call, const FoundTable& found) {
  // An index over the content of a closed table would be a way to search that.
  const auto is_open = [&](const std::string& name) {
    return call.access.may_search(found.database, name);
  };
  const std::string& configured = found.config.fts_table;
  if (!configured.empty()) return is_open(configured) ? configured : "";
  const auto usable = std::ranges::find_if(found.table.fts_tables, is_open);
  return usable == found.table.fts_tables.end() ? "" : *usable;
}

std::unique_ptr<data::LabelLookup> make_label_lookup(const Call& call, FoundTable& found) {
  return std::make_unique<data::LabelLookup>(
      found.database.connection(), found.database.catalogue(),
      [&configuration = call.configuration(), access = call.access,
       &database = found.database](std::string_view table) -> std::optional<data::TableConfig> {
        if (!access.may_view_table(database, table)) return std::nullopt;
        return data::read_table_config(configuration.table_config(database.name(), table));
      });
}

WantedLabels::WantedLabels(const Call& call) {
  const http::QueryString& query = call.request.query;
  if (call.format.empty() || call.format == "html") {
    all_ = true;
    return;
  }
  for (const std::string_view column : query.get_all("_label")) {
    if (!column.empty()) columns_.push_back(column);
  }
  if (columns_.empty()) all_ = base::parse_boolean(query.value("_labels")).value_or(false);
}

void WantedLabels::keep_wanted(std::vector<data::ResultColumn>& columns) const {
  if (all_) return;
  for (data::ResultColumn& column : columns) {
    if (std::ranges::find(columns_, column.name) == columns_.end()) column.foreign_key = nullptr;
  }
}

void drop_closed_foreign_keys(const Call& call, const FoundTable& found,
                              std::vector<data::ResultColumn>& columns) {
  for (data::ResultColumn& column : columns) {
    if (column.foreign_key != nullptr &&
        !call.access.may_view_table(found.database, column.foreign_key->other_table)) {
      column.foreign_key = nullptr;
    }
  }
}

std::vector<const sqlite::Reference*> visible_references(const Call& call,
                                                         const FoundTable& found) {
  std::vector<const sqlite::Reference*> visible;
  for (const sqlite::Reference& reference : found.table.references) {
    if (call.access.may_view_table(found.database, reference.key.other_table)) {
      visible.push_back(&reference);
    }
  }
  return visible;
}

std::vector<data::ColumnType> column_types(const Call& call, const FoundTable& found) {
  const boost::json::object* keys =
      call.configuration().table_config(found.database.name(), found.table.name);
  for (const data::ColumnTypeMisfit& misfit : data::column_type_misfits(found.table, keys)) {
    const std::string key = "databases." + found.database.name() + ".tables." + found.table.name +
                            ".column_types." + misfit.column;
    if (!call.instance.is_news(key)) continue;
    base::log(base::LogLevel::kWarning, "column type left out",
              {{"key", key}, {"reason", misfit.reason}});
  }
  return data::column_types(found.table, keys);
}

std::vector<std::string> foreign_table_paths(const Call& call, const FoundTable& found,
                                             const std::vector<data::ResultColumn>& columns) {
  std::vector<std::string> paths;
  paths.reserve(columns.size());
  const sqlite::Catalogue& catalogue = found.database.catalogue();
  for (const data::ResultColumn& column : columns) {
    const sqlite::ForeignKey* key = column.foreign_key;
    const sqlite::Table* other =
        key == nullptr || key->other_column.empty() ? nullptr : catalogue.find(key->other_table);
    if (other == nullptr) {
      paths.emplace_back();
      continue;
    }
    std::string path =
        instance::table_path(call.settings(), found.database.name(), key->other_table);
    const bool is_key = other->uses_rowid ? key->other_column == "rowid"
                                          : other->primary_keys == std::vector{key->other_column};
    if (is_key) {
      path += '/';
    } else {
      path += '?' + http::form_encode(data::equality_key(key->other_column)) + '=';
    }
    paths.push_back(std::move(path));
  }
  return paths;
}

std::unique_ptr<data::RowCursor> open_rows(Call& call, sqlite::Connection& connection,
                                           const std::string& sql, const data::NamedParams& params,
                                           data::RowCursor::Options options) {
  sqlite::CachedStatement statement = connection.prepare(sql);
  if (!statement->is_deterministic()) call.is_repeatable = false;
  data::bind(params, *statement);
  return std::make_unique<data::RowCursor>(std::move(statement), std::move(options));
}

http::Response blob_answer(const Call& call, data::RowCursor& rows,
                           const std::string& file_name_start) {
  const std::string_view column = call.request.query.value("_blob_column");
  if (column.empty()) throw RequestError(400, "?_blob_column= is required");
  const auto found = std::ranges::find(rows.columns(), column, &data::ResultColumn::name);
  if (found == rows.columns().end()) {
    throw RequestError(400, std::string(column) + " is not a valid column");
  }
  const int index = static_cast<int>(found - rows.columns().begin());
  const std::string_view hash = call.request.query.value("_blob_hash");
  std::optional<std::string> bytes;
  while (!bytes && rows.next()) {
    const sqlite::ValueView value = rows.value(index);
    const bool is_blob = value.type == sqlite::ValueType::kBlob;
    if (hash.empty()) {
      bytes = is_blob ? std::string(value.bytes) : sqlite::to_text(value);
    } else if (is_blob && base::sha256_hex(value.bytes) == hash) {
      bytes = value.bytes;
    }
  }
  if (!bytes) {
    if (rows.rows_given() == 0) throw RequestError(404, "Row not found");
    throw RequestError(400,
                       "Link has expired - the requested binary content has changed or could not "
                       "be found.");
  }
  const std::string name = file_name_start + render::css_class(column) +
                           (hash.empty() ? "" : "-" + std::string(hash.substr(0, 6))) + ".blob";
  http::Response response = http::text_response(200, "application/binary", *std::move(bytes));
  response.headers.set("X-Content-Type-Options", "nosniff");
  response.headers.set("Content-Disposition",
                       "attachment; filename=\"" + base::replace_all(name, "\"", "%22") + "\"");
  return response;
}

render::BlobUrl table_blob_url(const Call& call) {
  const std::string table = instance::table_path(call.settings(), call.database, call.table);
  return [start = absolute(call, table + "/")](
             const std::string& row_path, const std::string& column, std::string_view /*bytes*/) {
    return start + row_path + ".blob?_blob_column=" + http::form_encode(column);
  };
}

std::string table_segment(const Call& call) {
  std::string_view path = std::string_view(call.path).substr(1);
  path.remove_prefix(std::min(path.find('/') + 1, path.size()));
  path = path.substr(0, path.find('/'));
  return std::string(path.substr(0, path.find('.')));
}

base::Result<render::JsonShape> parse_shape(const Call& call) {
  return render::parse_shape(call.request.query.get("_shape").value_or("objects"));
}

render::JsonRowOptions json_arguments(const Call& call, render::JsonShape shape) {
  const http::QueryString& query = call.request.query;
  render::JsonRowOptions options;
  options.shape = shape;
  options.max_bytes = data::max_answer_bytes(call.settings());
  if (const std::string_view infinity = query.value("_json_infinity"); !infinity.empty()) {
    const auto keep = base::parse_boolean(infinity);
    if (!keep) throw RequestError(400, "_json_infinity must be on, off, true, false, 1 or 0");
    options.keep_infinity = *keep;
  }
  options.lines = !query.value("_nl").empty() && options.shape == render::JsonShape::kArray;
  for (const std::string_view column : query.get_all("_json")) {
    options.json_columns.emplace_back(column);
  }
  return options;
}

}  // namespace tapedeck::pages
