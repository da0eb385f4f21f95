#include "data/count.hpp"

#include "sqlite/error.hpp"
#include "sqlite/time_limit.hpp"

namespace tapedeck::data {

namespace {

std::optional<std::int64_t> counted(instance::Database& database, sqlite::Connection& connection,
                                    const std::string& sql, const NamedParams& params) {
  std::string key = sql;
  params.append_key(key);
  if (const auto* known = database.results().count(key)) return known->count;
  std::optional<std::int64_t> count;
  try {
    const sqlite::CachedStatement statement = connection.prepare(sql);
    bind(params, *statement);
    if (statement->step()) count = statement->view(0).integer;
  } catch (const sqlite::Interrupted&) {
    count.reset();
  }
  database.results().keep_count(key, count);
  return count;
}

}  // namespace

std::optional<std::int64_t> count_rows(instance::Database& database, sqlite::Connection& connection,
                                       const TablePlan& plan) {
  if (plan.where.empty()) {
    if (const auto known = database.inspected_count(plan.from)) return known;
  }
  return counted(database, connection, plan.count_sql(), plan.params);
}

std::optional<std::int64_t> count_table(instance::Database& database, std::string_view table,
                                        std::chrono::milliseconds limit) {
  const std::string quoted = sqlite::quote_identifier(table);
  if (const auto known = database.inspected_count(quoted)) return known;
  sqlite::Connection& connection = database.connection();
  const sqlite::TimeLimit time_limit(connection, limit);
  const std::string sql = "select count(*) from (select 1 from " + quoted + " limit " +
                          std::to_string(kCountLimit) + ")";
  try {
    return counted(database, connection, sql, {});
  } catch (const sqlite::Error& error) {
    // Nothing of the database can be read now.
    if (error.primary_code() == sqlite::Error::kBusy) throw;
    // A table whose module is missing, or a damaged one: its own page says so.
    return std::nullopt;
  }
}

}  // namespace tapedeck::data
