#include "data/summaries.hpp"

#include <algorithm>
#include <chrono>
#include <map>
#include <tuple>
#include <utility>

#include "data/count.hpp"
#include "data/table_config.hpp"
#include "http/request_error.hpp"
#include "instance/paths.hpp"
#include "sqlite/error.hpp"

namespace tapedeck::data {

namespace {

using Clock = std::chrono::steady_clock;

/// One count on the index and on the database page.
constexpr std::chrono::milliseconds kIndexCountLimit{10};
constexpr std::chrono::milliseconds kDatabaseCountLimit{100};
/// All counts of one database together; the tables after it go without.
constexpr std::chrono::milliseconds kAllCountsLimit{1000};

struct Counting {
  std::chrono::milliseconds limit;
  Clock::time_point deadline = Clock::now() + kAllCountsLimit;
};

/// Foreign keys of all tables as the lists name them: to tables that are there, and without column
/// where the declaration names none.
struct ListedKeys {
  std::map<std::string_view, std::vector<sqlite::ForeignKey>> incoming;
  std::map<std::string_view, std::vector<sqlite::ForeignKey>> outgoing;
};

ListedKeys list_keys(const sqlite::Catalogue& catalogue) {
  ListedKeys listed;
  for (const auto& [name, table] : catalogue.tables) {
    for (const sqlite::Reference& reference : table.references) {
      const sqlite::Table* other = catalogue.find(reference.key.other_table);
      if (other == nullptr) continue;
      sqlite::ForeignKey key = reference.key;
      if (reference.is_implicit) key.other_column.clear();
      listed.incoming[other->name].push_back({name, key.other_column, key.column});
      listed.outgoing[name].push_back(std::move(key));
    }
  }
  return listed;
}

/// Those of `keys` whose other table the visitor may see, sorted.
std::vector<sqlite::ForeignKey> visible_keys(const std::vector<sqlite::ForeignKey>& keys,
                                             const std::string& database, const MayView& may_view) {
  std::vector<sqlite::ForeignKey> visible;
  std::ranges::copy_if(keys, std::back_inserter(visible), [&](const sqlite::ForeignKey& key) {
    return may_view(database, key.other_table);
  });
  std::ranges::sort(visible);
  return visible;
}

TableSummary summarise_table(instance::Instance& instance, instance::Database& database,
                             const sqlite::Table& table, ListedKeys& keys, const MayView& may_view,
                             const Counting& counting) {
  const config::Configuration& configuration = instance.configuration();
  TableSummary summary;
  summary.name = table.name;
  summary.path = instance::table_path(configuration.settings, database.name(), table.name);
  summary.title =
      read_page_metadata(configuration.table_metadata(database.name(), table.name)).title;
  for (const sqlite::Column& column : table.columns) summary.columns.push_back(column.name);
  summary.primary_keys = table.primary_keys;
  summary.hidden =
      table.hidden ||
      read_table_config(configuration.table_config(database.name(), table.name)).hidden;
  for (const std::string& fts : table.fts_tables) {
    if (!summary.fts_table && may_view(database.name(), fts)) summary.fts_table = fts;
  }
  summary.incoming = visible_keys(keys.incoming[table.name], database.name(), may_view);
  summary.outgoing = visible_keys(keys.outgoing[table.name], database.name(), may_view);
  summary.relationships = static_cast<int>(summary.incoming.size() + summary.outgoing.size());
  if (Clock::now() < counting.deadline) {
    summary.count = count_table(database, table.name, counting.limit);
  }
  summary.count_truncated = summary.count == kCountLimit;
  return summary;
}

/// Tables and views that the visitor may see.
void read_tables(instance::Instance& instance, instance::Database& database,
                 const MayView& may_view, const Counting& counting,
                 std::vector<TableSummary>& tables, std::vector<ViewSummary>& views) {
  const config::Configuration& configuration = instance.configuration();
  const sqlite::Catalogue& catalogue = database.catalogue();
  ListedKeys keys = list_keys(catalogue);
  const sqlite::ReadTransaction transaction(database.connection());
  for (const auto& [name, table] : catalogue.tables) {
    if (!may_view(database.name(), name)) continue;
    if (!table.is_view()) {
      tables.push_back(summarise_table(instance, database, table, keys, may_view, counting));
    } else {
      // The key `hidden` is for tables: views stand in the lists whatever it says.
      views.push_back(
          {name, instance::table_path(configuration.settings, database.name(), name),
           read_page_metadata(configuration.table_metadata(database.name(), name)).title,
           /*is_private=*/false});
    }
  }
}

}  // namespace

DatabaseSummary summarise_database(instance::Instance& instance, instance::Database& database,
                                   const MayView& may_view, bool by_relationships) {
  const config::Configuration& configuration = instance.configuration();
  DatabaseSummary summary;
  summary.name = database.name();
  summary.path = instance::database_path(configuration.settings, database.name());
  summary.metadata = read_page_metadata(configuration.database_metadata(database.name()));
  std::vector<TableSummary> all;
  try {
    database.current();
    read_tables(instance, database, may_view, {.limit = kIndexCountLimit}, all, summary.views);
  } catch (const http::RequestError& error) {
    summary.trouble = error.message;
    return summary;
  } catch (const sqlite::Error& error) {
    summary.trouble = error.what();
    return summary;
  }
  bool has_counts = false;
  for (TableSummary& table : all) {
    has_counts = has_counts || table.count.has_value();
    summary.lacks_counts = summary.lacks_counts || !table.count.has_value();
    bool& is_truncated = table.hidden ? summary.is_hidden_sum_truncated : summary.is_sum_truncated;
    is_truncated = is_truncated || table.count_truncated;
    if (table.hidden) {
      ++summary.hidden_tables_count;
      summary.hidden_table_rows_sum += table.count.value_or(0);
    } else {
      summary.table_rows_sum += table.count.value_or(0);
      summary.tables.push_back(std::move(table));
    }
  }
  summary.show_table_row_counts = has_counts || all.empty();
  const bool count_relationships = by_relationships || !summary.show_table_row_counts;
  for (TableSummary& table : summary.tables) {
    if (!count_relationships) table.relationships = 0;
  }
  std::ranges::sort(summary.tables, std::ranges::greater{}, [](const TableSummary& table) {
    return std::tuple(table.relationships, table.count.value_or(0), table.name);
  });
  return summary;
}

DatabasePage read_database_page(instance::Instance& instance, instance::Database& database,
                                const MayView& may_view) {
  const config::Configuration& configuration = instance.configuration();
  DatabasePage page;
  page.name = database.name();
  page.path = instance::database_path(configuration.settings, database.name());
  const boost::json::object* metadata = configuration.database_metadata(database.name());
  page.metadata = read_page_metadata(metadata);
  read_tables(instance, database, may_view, {.limit = kDatabaseCountLimit}, page.tables,
              page.views);
  std::ranges::sort(page.tables, {},
                    [](const TableSummary& table) { return std::tuple(table.hidden, table.name); });
  page.hidden_count =
      static_cast<int>(std::ranges::count(page.tables, true, &TableSummary::hidden));
  if (metadata != nullptr) page.metadata_json = *metadata;
  for (const std::string& name : database.attached()) {
    page.attached.push_back({name, instance::database_path(configuration.settings, name)});
  }
  return page;
}

}  // namespace tapedeck::data
