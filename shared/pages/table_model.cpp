#include "pages/table_model.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <utility>

#include "base/text.hpp"
#include "data/count.hpp"
#include "data/size_limit.hpp"
#include "instance/paths.hpp"
#include "pages/answer.hpp"
#include "pages/export.hpp"

namespace tapedeck::pages {

namespace {

/// Text of the metadata's description of a column; "" without.
std::string column_description(const boost::json::object* metadata, std::string_view column) {
  if (metadata == nullptr) return "";
  const boost::json::value* columns = metadata->if_contains("columns");
  if (columns == nullptr || !columns->is_object()) return "";
  const boost::json::value* text = columns->get_object().if_contains(column);
  return text == nullptr ? "" : config::text_of(*text);
}

/// Whether a column holds numbers to be compared by their size, by its declaration.
bool is_quantity(const sqlite::Table& table, const sqlite::Column& column) {
  using enum sqlite::Affinity;
  // The affinity NUMERIC is also that of "date", "boolean" and whatever else is no other's.
  const std::string type = base::to_lower(column.declared_type);
  const bool is_decimal =
      type.find("num") != std::string::npos || type.find("dec") != std::string::npos;
  const bool is_number = column.affinity == kInteger || column.affinity == kReal ||
                         (column.affinity == kNumeric && is_decimal);
  return is_number && table.reference_of(column.name) == nullptr &&
         std::ranges::find(table.primary_keys, column.name) == table.primary_keys.end();
}

std::string sort_path(const Call& call, const data::ColumnHeading& heading,
                      data::SortDirection direction) {
  http::QueryString query = call.request.query.without_blanks();
  for (const std::string_view key : {"_sort", "_sort_desc", "_next"}) query.remove(key);
  query.add(direction == data::SortDirection::kDescending ? "_sort_desc" : "_sort", heading.name);
  return own_path_with(call, query);
}

/// What a click on the heading does.
data::SortDirection next_direction(const data::ColumnHeading& heading) {
  return heading.sorted == data::SortDirection::kAscending ? data::SortDirection::kDescending
                                                           : data::SortDirection::kAscending;
}

enum class Place { kStay, kFirstPage };
/// This page with one more argument.
std::string path_adding(const Call& call, Place place, std::string key, std::string value) {
  http::QueryString query = call.request.query.without_blanks();
  if (place == Place::kFirstPage) query.remove("_next");
  query.add(std::move(key), std::move(value));
  return own_path_with(call, query);
}

/// "" when all columns are shown.
std::string show_all_path(const Call& call) {
  http::QueryString query = call.request.query.without_blanks();
  if (!query.has("_col") && !query.has("_nocol")) return "";
  query.remove("_col");
  query.remove("_nocol");
  return own_path_with(call, query);
}

std::string all_facet_values_path(const Call& call) {
  http::QueryString query = call.request.query.without_blanks();
  if (query.value("_facet_size") == "max") return "";
  query.set("_facet_size", "max");
  return own_path_with(call, query);
}

std::size_t bytes_of_links(const data::ColumnHeading& heading) {
  return heading.sort_path.size() + heading.sort_descending_path.size() +
         heading.facet_path.size() + heading.hide_path.size() + heading.show_all_path.size() +
         heading.not_blank_path.size();
}

void add_menu_links(const Call& call, const FoundTable& found,
                    std::vector<data::ColumnHeading>& headings, data::SizeBudget& budget) {
  const std::string show_all = show_all_path(call);
  for (data::ColumnHeading& heading : headings) {
    const std::string& name = heading.name;
    // Arguments without a value count as absent, so none can name a column without a name.
    const bool can_be_named = !name.empty();
    if (heading.sortable && can_be_named) {
      heading.sort_path = sort_path(call, heading, next_direction(heading));
      if (heading.sorted != data::SortDirection::kDescending) {
        heading.sort_descending_path = sort_path(call, heading, data::SortDirection::kDescending);
      }
    }
    if (call.settings().allow_facet && can_be_named) {
      heading.facet_path =
          path_adding(call, Place::kFirstPage, "_facet", data::facet_argument(name));
    }
    heading.show_all_path = show_all;
    // The key is always shown, and a rowid is no column that could be filtered like others.
    if (heading.is_pk || found.table.find_column(name) == nullptr) continue;
    if (can_be_named) heading.hide_path = path_adding(call, Place::kStay, "_nocol", name);
    const std::string not_blank = name + "__notblank";
    if (!call.request.query.has(not_blank)) {
      heading.not_blank_path = path_adding(call, Place::kFirstPage, not_blank, "1");
    }
    budget.spend(bytes_of_links(heading));
  }
}

void mark_sorted(const data::TablePlan& plan, std::vector<data::ColumnHeading>& headings) {
  for (data::ColumnHeading& heading : headings) {
    if (!plan.sort_column.empty()) {
      if (heading.name == plan.sort_column) {
        heading.sorted = plan.sort_descending ? data::SortDirection::kDescending
                                              : data::SortDirection::kAscending;
      }
    } else if (heading.is_pk && plan.key_columns.size() == 1) {
      heading.sorted = data::SortDirection::kAscending;
    }
  }
}

std::vector<data::FilterRow> filter_rows(const data::TablePlan& plan) {
  std::vector<data::FilterRow> rows;
  for (const data::Filter& filter : plan.filters) {
    const auto& operators = data::filter_operators();
    const bool takes_value = std::ranges::find(operators, std::string_view(filter.op),
                                               &data::FilterOperator::name) != operators.end();
    rows.push_back({filter.column, takes_value ? filter.op : filter.op + "__1",
                    takes_value ? filter.value : ""});
  }
  return rows;
}

}  // namespace

std::string definition_of(const sqlite::Table& table) {
  std::string text = table.sql.empty() ? "" : table.sql + ";";
  for (const std::string& index : table.index_sql) text += "\n" + index + ";";
  return text;
}

std::vector<std::pair<std::string, std::string>> hidden_args(const http::QueryString& query) {
  std::vector<std::pair<std::string, std::string>> args;
  std::map<std::string_view, std::size_t> places;
  for (const auto& [key, value] : query.pairs()) {
    const bool is_set_by_form =
        key == "_sort" || key == "_sort_desc" || key == "_search" || key == "_next";
    if (!key.starts_with('_') || key.find("__") != std::string::npos || is_set_by_form) continue;
    places.try_emplace(key, places.size());
    args.emplace_back(key, value);
  }
  // Values of one key stand together, where the first of them stood.
  std::ranges::stable_sort(args, {}, [&](const auto& pair) { return places.at(pair.first); });
  return args;
}

std::optional<std::int64_t> count_if_wanted(Call& call, const FoundTable& found,
                                            const data::TablePlan& plan,
                                            sqlite::Connection& connection) {
  if (!call.request.query.value("_nocount").empty()) return std::nullopt;
  const auto count = data::count_rows(found.database, connection, plan);
  if (!count) call.is_repeatable = false;  // it may come in time the next time
  return count;
}

data::FacetInput facet_input(const Call& call, const FoundTable& found, const data::TablePlan& plan,
                             sqlite::Connection& connection, data::LabelLookup* labels) {
  return {.database = found.database,
          .connection = connection,
          .table = found.table,
          .plan = plan,
          .config = found.config,
          .query = call.request.query,
          .settings = call.settings(),
          .labels = labels};
}

std::vector<data::ColumnHeading> describe_columns(const Call& call, const FoundTable& found,
                                                  const std::vector<data::ResultColumn>& columns) {
  const boost::json::object* metadata =
      call.configuration().table_metadata(found.database.name(), found.table.name);
  const std::vector<data::ColumnType> types = column_types(call, found);
  std::vector<data::ColumnHeading> headings;
  headings.reserve(columns.size());
  for (const data::ResultColumn& column : columns) {
    data::ColumnHeading heading;
    heading.name = column.name;
    heading.is_pk = column.is_pk;
    heading.sortable = data::is_sortable(found.table, found.config, column.name);
    if (column.column != nullptr) {
      heading.type = column.column->declared_type;
      heading.not_null = column.column->not_null;
      heading.is_numeric = is_quantity(found.table, *column.column);
    }
    if (const data::ColumnType* type = data::find_type(types, column.name)) {
      heading.kind = type->kind;
    }
    heading.description = column_description(metadata, column.name);
    headings.push_back(std::move(heading));
  }
  return headings;
}

data::TablePage describe_table(const Call& call, const FoundTable& found,
                               const data::TablePlan& plan) {
  const config::Configuration& configuration = call.configuration();
  const std::string& database = found.database.name();
  const boost::json::object* metadata = configuration.table_metadata(database, found.table.name);
  data::TablePage page;
  page.database = database;
  page.database_path = instance::database_path(call.settings(), database);
  page.table = found.table.name;
  page.path = instance::table_path(call.settings(), database, found.table.name);
  page.is_view = found.table.is_view();
  page.has_primary_key = !found.table.primary_keys.empty();
  page.metadata = data::read_page_metadata(metadata);
  page.human_description = plan.human_description;
  page.filters = filter_rows(plan);
  for (const sqlite::Column& column : found.table.columns) {
    page.filter_columns.push_back(column.name);
    if (data::is_sortable(found.table, found.config, column.name)) {
      page.sortable_columns.push_back(column.name);
    }
    std::string description = column_description(metadata, column.name);
    if (!description.empty()) {
      page.column_descriptions.emplace_back(column.name, std::move(description));
    }
  }
  page.sort_column = plan.sort_column;
  page.sort_descending = plan.sort_descending;
  page.supports_search = plan.fts_table.has_value();
  page.search = plan.search;
  page.hidden_args = hidden_args(call.request.query);
  // Each link holds the whole query string.
  data::SizeBudget links(data::max_answer_bytes(call.settings()));
  for (const std::string& where : plan.extra_wheres) {
    http::QueryString query = call.request.query.without_blanks();
    query.remove("_where", where);
    query.remove("_next");
    page.extra_wheres.push_back({where, own_path_with(call, query)});
    links.spend(page.extra_wheres.back().remove_path.size());
  }
  const bool has_labels = !visible_references(call, found).empty();
  page.json_path = path_with_format(call, "json", has_labels ? "_labels=on" : "");
  page.csv_path = path_with_format(call, "csv", has_labels ? "_labels=on&_size=max" : "_size=max");
  page.csv_stream_path = path_with_format(call, "csv", "_stream=on");
  page.stream_links = stream_links(call, plan.columns);
  page.wants_labels = base::parse_boolean(call.request.query.value("_labels")).value_or(false);
  page.facet_links = data::FacetLinks(call.request.query);
  page.all_facet_values_path = all_facet_values_path(call);
  page.definition = definition_of(found.table);
  page.columns = describe_columns(call, found, plan.columns);
  mark_sorted(plan, page.columns);
  add_menu_links(call, found, page.columns, links);
  page.truncate_cells = call.settings().truncate_cells_html;
  page.foreign_table_paths = foreign_table_paths(call, found, plan.columns);
  return page;
}

data::PageMetadata footer_metadata(const Call& call, std::string_view database,
                                   const data::PageMetadata& own) {
  const config::Configuration& configuration = call.configuration();
  const data::PageMetadata of_database =
      data::with_fallback(data::read_page_metadata(configuration.database_metadata(database)),
                          data::read_page_metadata(&configuration.metadata));
  return data::with_fallback(own, of_database);
}

}  // namespace tapedeck::pages
