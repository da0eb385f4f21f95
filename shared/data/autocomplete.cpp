#include "data/autocomplete.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "base/text.hpp"
#include "sqlite/error.hpp"
#include "sqlite/time_limit.hpp"

namespace tapedeck::data {

namespace {

constexpr std::chrono::milliseconds kTimeLimit{500};
constexpr std::string_view kLimit = " limit 10";

std::vector<std::string> key_columns(const sqlite::Table& table) {
  std::vector<std::string> columns;
  if (table.primary_keys.empty()) return {"rowid"};
  for (const std::string& name : table.primary_keys) {
    columns.push_back(sqlite::force_quote_identifier(name));
  }
  return columns;
}

/// "select KEYS, LABEL from TABLE"
std::string select_of(const AutocompleteInput& input, const std::vector<std::string>& keys) {
  std::string sql = "select " + base::join(keys, ", ");
  if (input.label_column) sql += ", " + sqlite::force_quote_identifier(*input.label_column);
  return sql + " from " + sqlite::quote_identifier(input.table.name);
}

std::vector<Suggestion> run(const AutocompleteInput& input, const std::vector<std::string>& keys,
                            const std::string& sql, const sqlite::Params& params) {
  const sqlite::TimeLimit limit(input.connection,
                                std::min(input.connection.time_limit(), kTimeLimit));
  const sqlite::CachedStatement rows = input.connection.prepare(sql);
  rows->bind_all(params);
  std::vector<Suggestion> found;
  while (rows->step()) {
    Suggestion suggestion;
    const int count = static_cast<int>(keys.size());
    // A control character takes six bytes in JSON.
    for (int i = 0; i < rows->column_count(); ++i) {
      input.budget.spend(6 * rows->view(i).bytes.size());
    }
    for (int i = 0; i < count; ++i) suggestion.key.push_back(sqlite::to_value(rows->view(i)));
    if (input.label_column) suggestion.label = sqlite::to_text(rows->view(count));
    found.push_back(std::move(suggestion));
  }
  return found;
}

std::string escape_like(std::string_view text) {
  std::string escaped = base::replace_all(text, "\\", "\\\\");
  escaped = base::replace_all(escaped, "%", "\\%");
  return base::replace_all(escaped, "_", "\\_");
}

std::string search_sql(const AutocompleteInput& input, const std::vector<std::string>& keys) {
  // ?1: the text, ?2: anywhere, ?3: at the beginning.
  std::vector<std::string> anywhere;
  std::vector<std::string> exact;
  std::vector<std::string> likely;
  for (const std::string& key : keys) {
    anywhere.push_back(key + " like ?2 escape '\\'");
    exact.push_back("cast(" + key + " as text) = ?1");
    likely.push_back(key + " like ?3 escape '\\'");
  }
  std::string length = "length(" + keys.front() + ")";
  if (input.label_column) {
    const std::string label = sqlite::force_quote_identifier(*input.label_column);
    anywhere.push_back(label + " like ?2 escape '\\'");
    likely.push_back(label + " like ?2 escape '\\'");
    length = "length(" + label + ")";
  }
  return select_of(input, keys) + " where " + base::join(anywhere, " or ") +
         " order by case when " + base::join(exact, " or ") + " then 0 when " +
         base::join(likely, " or ") + " then 1 else 2 end, " + length + ", " +
         base::join(keys, ", ") + std::string(kLimit);
}

/// Keys from `text` up to the last text that begins with it: an index does that in no time.
std::vector<Suggestion> keys_that_begin(const AutocompleteInput& input,
                                        const std::vector<std::string>& keys,
                                        std::string_view text) {
  const std::string sql = select_of(input, keys) + " where " + keys.front() + " >= ?1 and " +
                          keys.front() + " < ?2 order by " + base::join(keys, ", ") +
                          std::string(kLimit);
  return run(input, keys, sql, {std::string(text), std::string(text) + "\xF4\x8F\xBF\xBF"});
}

}  // namespace

std::vector<Suggestion> autocomplete(const AutocompleteInput& input, std::string_view text,
                                     bool& timed_out) {
  timed_out = false;
  const std::vector<std::string> keys = key_columns(input.table);
  try {
    const std::string escaped = escape_like(text);
    return run(input, keys, search_sql(input, keys),
               {std::string(text), "%" + escaped + "%", escaped + "%"});
  } catch (const sqlite::Interrupted&) {
    timed_out = true;
  }
  try {
    return keys_that_begin(input, keys, text);
  } catch (const sqlite::Interrupted&) {
    return {};
  }
}

std::vector<Suggestion> first_suggestions(const AutocompleteInput& input) {
  const std::vector<std::string> keys = key_columns(input.table);
  return run(input, keys,
             select_of(input, keys) + " order by " + base::join(keys, " desc, ") + " desc" +
                 std::string(kLimit),
             {});
}

}  // namespace tapedeck::data
