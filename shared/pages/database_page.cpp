#include "pages/database_page.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "base/text.hpp"
#include "data/summaries.hpp"
#include "http/etag.hpp"
#include "http/percent.hpp"
#include "instance/paths.hpp"
#include "pages/answer.hpp"
#include "render/cell.hpp"
#include "render/html_database.hpp"

namespace tapedeck::pages {

namespace {

std::string file_name_of(const std::string& path) {
  return path.substr(path.rfind('/') + 1);
}

boost::json::array foreign_keys(const std::vector<sqlite::ForeignKey>& keys) {
  boost::json::array list;
  const auto column = [](const std::string& name) {
    return name.empty() ? boost::json::value() : boost::json::value(name);
  };
  for (const sqlite::ForeignKey& key : keys) {
    list.push_back(boost::json::object{{"other_table", key.other_table},
                                       {"column", column(key.column)},
                                       {"other_column", column(key.other_column)}});
  }
  return list;
}

boost::json::object table_entry(const data::TableSummary& table) {
  boost::json::object entry = table_facts(table);
  entry["count_truncated"] = table.count_truncated;
  entry["foreign_keys"] = boost::json::object{{"incoming", foreign_keys(table.incoming)},
                                              {"outgoing", foreign_keys(table.outgoing)}};
  return entry;
}

/// For the SQL editor's completion: columns by table, sorted; views without theirs.
boost::json::object table_columns(const data::DatabasePage& page) {
  boost::json::object columns;
  for (const data::TableSummary& table : page.tables) {
    std::vector<std::string> names = table.columns;
    std::ranges::sort(names);
    columns[table.name] = json_strings(names);
  }
  for (const data::ViewSummary& view : page.views) columns[view.name] = boost::json::array{};
  return columns;
}

http::Response database_json(const data::DatabasePage& page, const std::string& path) {
  boost::json::array tables;
  for (const data::TableSummary& table : page.tables) tables.push_back(table_entry(table));
  boost::json::array views;
  for (const data::ViewSummary& view : page.views) {
    views.push_back(boost::json::object{{"name", view.name}, {"private", view.is_private}});
  }
  boost::json::array queries;
  for (const data::StoredQuery& query : page.queries) {
    if (queries.size() < data::kShownQueries) queries.push_back(query.to_json());
  }
  return json_answer(boost::json::object{
      {"ok", true},
      {"database", page.name},
      {"private", page.is_private},
      {"path", path},
      {"size", json_or_null(page.size)},
      {"tables", std::move(tables)},
      {"hidden_count", page.hidden_count},
      {"views", std::move(views)},
      {"queries", std::move(queries)},
      {"queries_more", page.queries.size() > data::kShownQueries},
      {"queries_count", page.queries.size()},
      {"allow_execute_sql", page.allow_execute_sql},
      {"table_columns", page.allow_execute_sql ? table_columns(page) : boost::json::object{}},
      {"metadata", page.metadata_json},
  });
}

http::Response redirect_to_query(const Call& call, const instance::Database& database) {
  std::string path = instance::database_path(call.settings(), database.name()) + "/-/query";
  if (!call.format.empty()) path += "." + call.format;
  path += "?" + call.request.raw_query;
  return http::redirect_response(302, path);
}

}  // namespace

http::Response database_page(Call& call) {
  instance::Database& database = require_database(call);
  if (!base::trim(call.request.query.value("sql")).empty())
    return redirect_to_query(call, database);
  if (!call.format.empty() && call.format != "json" && call.format != "html") {
    throw http::RequestError(404, "Invalid format: " + call.format);
  }
  data::DatabasePage page = data::read_database_page(
      call.instance, database, [&](std::string_view /*database*/, std::string_view table) {
        return call.access.may_view_table(database, table);
      });
  for (data::StoredQuery& query : data::stored_queries(call.configuration(), database.name())) {
    if (!call.access.may_view_query(database.name(), query.name)) continue;
    query.hidden_from_public = call.access.is_private_query(database.name(), query.name);
    page.queries.push_back(std::move(query));
  }
  const FileFacts facts = file_facts(call, database);
  page.size = facts.size;
  page.color = facts.color;
  page.is_private = call.access.is_private_database(database.name());
  for (data::TableSummary& table : page.tables) {
    table.is_private = call.access.is_private_table(database, table.name);
  }
  for (data::ViewSummary& view : page.views) {
    view.is_private = call.access.is_private_table(database, view.name);
  }
  page.allow_execute_sql = call.access.may_execute_sql(database.name());
  page.show_hidden = !call.request.query.value("_show_hidden").empty();
  page.metadata_json = metadata_texts(call.configuration().database_metadata(database.name()));
  if (database.is_immutable() && !database.is_memory() &&
      call.access.may_download(database.name())) {
    page.download_name = file_name_of(database.path());
  }
  const bool lacks_count = std::ranges::any_of(
      page.tables, [](const data::TableSummary& table) { return !table.count.has_value(); });
  if (lacks_count) call.is_repeatable = false;
  if (call.format == "json") return database_json(page, page.path);

  const std::string title = page.metadata.title.empty() ? page.name : page.metadata.title;
  const std::string css = render::css_class(page.name);
  render::PageFrame frame =
      make_frame(call, title, "db db-" + css, {"database-" + css + ".html", "database.html"});
  add_crumbs(call, frame);
  const data::PageMetadata footer =
      data::with_fallback(page.metadata, data::read_page_metadata(&call.configuration().metadata));
  frame.footer_metadata = &footer;
  frame.is_private = page.is_private;
  frame.alternate_json_url = path_with_format(call, "json");
  call.allows_cors = false;
  return html_answer(call, render::database_html(call.instance, frame, page));
}

http::Response download_page(Call& call) {
  instance::Database* found = call.instance.find_database(call.database);
  if (found == nullptr) throw http::RequestError(404, "Invalid database");
  instance::Database& database = require_database(call);
  if (database.is_memory()) {
    throw http::RequestError(404, "Cannot download in-memory databases");
  }
  if (!database.is_immutable() || !call.access.may_download(database.name())) {
    throw http::RequestError(403, "Database download is forbidden");
  }
  call.is_repeatable = false;  // the ETag is the file's own
  const std::string etag = '"' + database.hash().value_or("") + '"';
  http::Response response;
  response.headers.set("ETag", etag);
  if (http::if_none_match(call.request.headers.value("if-none-match"), etag)) {
    response.status = 304;
    return response;
  }
  const std::string name = file_name_of(database.path());
  response.headers.set("Content-Type", "application/octet-stream");
  response.headers.set("Content-Disposition",
                       "attachment; filename=\"" + base::replace_all(name, "\"", "%22") + "\"");
  response.file = http::FileBody{database.path(), database.file_size()};
  return response;
}

}  // namespace tapedeck::pages
