#include "pages/index_page.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "data/summaries.hpp"
#include "pages/answer.hpp"
#include "render/html_index.hpp"

namespace tapedeck::pages {

namespace {

/// Tables and views named for each database.
constexpr std::size_t kShownTables = 5;

void mark_private(const Call& call, instance::Database& database, data::DatabaseSummary& summary) {
  summary.is_private = call.access.is_private_database(database.name());
  for (data::TableSummary& table : summary.tables) {
    table.is_private = call.access.is_private_table(database, table.name);
  }
  for (data::ViewSummary& view : summary.views) {
    view.is_private = call.access.is_private_table(database, view.name);
  }
}

data::IndexPage read_index(Call& call) {
  data::IndexPage page;
  page.metadata = data::read_page_metadata(&call.configuration().metadata);
  const data::MayView may_view = [&call](std::string_view database, std::string_view table) {
    return call.access.may_view_table(*call.instance.find_database(database), table);
  };
  const bool by_relationships = call.request.query.value("_sort") == "relationships";
  for (const auto& database : call.instance.databases()) {
    if (!call.access.may_view_database(database->name())) continue;
    page.databases.push_back(
        data::summarise_database(call.instance, *database, may_view, by_relationships));
    data::DatabaseSummary& summary = page.databases.back();
    const FileFacts facts = file_facts(call, *database);
    summary.hash = facts.hash;
    summary.color = facts.color;
    mark_private(call, *database, summary);
    if (summary.trouble || summary.lacks_counts) call.is_repeatable = false;
  }
  std::ranges::sort(page.databases, {}, &data::DatabaseSummary::name);
  return page;
}

boost::json::object table_entry(const data::TableSummary& table) {
  boost::json::object entry = table_facts(table);
  entry["num_relationships_for_sorting"] = table.relationships;
  return entry;
}

boost::json::object database_entry(const data::DatabaseSummary& database) {
  boost::json::array shown;
  for (const data::TableSummary& table : database.tables) {
    if (shown.size() < kShownTables) shown.push_back(table_entry(table));
  }
  for (const data::ViewSummary& view : database.views) {
    if (shown.size() < kShownTables) {
      shown.push_back(boost::json::object{{"name", view.name}, {"private", view.is_private}});
    }
  }
  boost::json::object entry{
      {"name", database.name},
      {"hash", json_or_null(database.hash)},
      {"color", database.color},
      {"path", database.path},
      {"tables_and_views_truncated", std::move(shown)},
      {"tables_and_views_more", database.tables.size() + database.views.size() > kShownTables},
      {"tables_count", database.tables.size()},
      {"table_rows_sum", database.table_rows_sum},
      {"show_table_row_counts", database.show_table_row_counts},
      {"hidden_table_rows_sum", database.hidden_table_rows_sum},
      {"hidden_tables_count", database.hidden_tables_count},
      {"views_count", database.views.size()},
      {"private", database.is_private},
  };
  if (database.trouble) entry["error"] = *database.trouble;
  return entry;
}

http::Response index_json(Call& call, const data::IndexPage& page) {
  boost::json::array databases;
  for (const data::DatabaseSummary& database : page.databases) {
    databases.push_back(database_entry(database));
  }
  return json_answer(boost::json::object{
      {"ok", true},
      {"unstable",
       "This API is not part of Datasette's stable interface and may change at any time"},
      {"databases", std::move(databases)},
      {"metadata", metadata_texts(&call.configuration().metadata)},
  });
}

http::Response answer_index(Call& call, bool noindex) {
  require_instance(call);
  const data::IndexPage page = read_index(call);
  if (call.format == "json") return index_json(call, page);
  const std::string title = page.metadata.title.empty() ? "Tapedeck" : page.metadata.title;
  render::PageFrame frame =
      make_frame(call, title, "index", {noindex ? "default:index.html" : "index.html"});
  frame.footer_metadata = &page.metadata;
  frame.is_private = call.access.is_private_instance();
  frame.noindex = noindex;
  frame.alternate_json_url = path_with_format(call, "json");
  return html_answer(call, render::index_html(call.instance, frame, page));
}

}  // namespace

http::Response index_page(Call& call) {
  return answer_index(call, /*noindex=*/false);
}

http::Response plain_index_page(Call& call) {
  return answer_index(call, /*noindex=*/true);
}

}  // namespace tapedeck::pages
