#include "data/table_plan.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "base/text.hpp"
#include "data/arguments.hpp"
#include "http/request_error.hpp"
#include "sqlite/error.hpp"

namespace tapedeck::data {

namespace {

using http::RequestError;
using sqlite::quote_identifier;

std::string join_and(const std::vector<std::string>& conditions) {
  return base::join(conditions, " and ");
}

// ---- columns --------------------------------------------------------------------------------

std::vector<std::string> all_column_names(const sqlite::Table& table) {
  std::vector<std::string> names;
  names.reserve(table.columns.size());
  for (const sqlite::Column& column : table.columns) names.push_back(column.name);
  return names;
}

bool contains(const std::vector<std::string>& names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

/// Applies `_col` and `_nocol`.
std::vector<std::string> chosen_columns(const TablePlanInput& input) {
  const std::vector<std::string> all = all_column_names(input.table);
  const std::vector<std::string>& keys = input.table.primary_keys;
  std::vector<std::string> chosen = all;
  const auto wanted = input.query.get_all("_col");
  if (!wanted.empty()) {
    chosen = keys;
    std::vector<std::string> bad;
    for (const std::string_view name : wanted) {
      if (!contains(all, name)) {
        bad.emplace_back(name);
      } else if (!contains(chosen, name)) {
        chosen.emplace_back(name);
      }
    }
    if (!bad.empty()) {
      throw RequestError(400, "_col=" + base::join(bad, ", ") + " - invalid columns");
    }
  }
  std::vector<std::string> bad;
  for (const std::string_view name : input.query.get_all("_nocol")) {
    if (!contains(all, name) || contains(keys, name)) {
      bad.emplace_back(name);
    } else {
      std::erase(chosen, name);
    }
  }
  if (!bad.empty()) {
    throw RequestError(400, "_nocol=" + base::join(bad, ", ") + " - invalid columns");
  }
  return chosen;
}

/// The table has no key, and what it calls rowid is a column like any other.
bool has_rowid_column(const sqlite::Table& table) {
  return table.uses_rowid && table.find_column("rowid") != nullptr;
}

/// Whether several rows may have the same key: NULL is in it, or it is no key. An INTEGER PRIMARY
/// KEY is the rowid itself.
bool has_ambiguous_keys(const sqlite::Table& table) {
  if (table.rowid_name.empty()) return false;
  if (has_rowid_column(table)) return true;
  return std::ranges::any_of(table.primary_keys, [&table](const std::string& key) {
    const sqlite::Column* column = table.find_column(key);
    const bool is_rowid = table.primary_keys.size() == 1 &&
                          base::equals_ignoring_case(column->declared_type, "integer");
    return !column->not_null && !is_rowid;
  });
}

void plan_columns(const TablePlanInput& input, TablePlan& plan) {
  const sqlite::Table& table = input.table;
  if (table.uses_rowid) {
    plan.columns.push_back({.name = "rowid", .is_pk = true});
    plan.key_columns.push_back(0);
  }
  for (const std::string& name : chosen_columns(input)) {
    ResultColumn column{.name = name, .column = table.find_column(name)};
    column.is_pk = contains(table.primary_keys, name);
    if (input.expand_labels) column.foreign_key = table.reference_of(name);
    plan.columns.push_back(std::move(column));
  }
  for (const std::string& key : table.primary_keys) {
    const auto found = std::ranges::find(plan.columns, key, &ResultColumn::name);
    plan.key_columns.push_back(static_cast<int>(found - plan.columns.begin()));
  }
  for (const ResultColumn& column : plan.columns) {
    if (!plan.select_list.empty()) plan.select_list += ", ";
    plan.select_list += quote_identifier(column.name);
  }
  if (!plan.sort_column.empty()) {
    const auto shown = std::ranges::find(plan.columns, plan.sort_column, &ResultColumn::name);
    plan.sort_index = static_cast<int>(shown - plan.columns.begin());
    if (shown == plan.columns.end()) {
      plan.select_list += plan.select_list.empty() ? "" : ", ";
      plan.select_list += quote_identifier(plan.sort_column);
    }
  }
  if (has_ambiguous_keys(table)) {
    plan.is_key_ambiguous = has_rowid_column(table);
    plan.rowid_name = table.rowid_name;
    const std::size_t hidden_sort =
        plan.sort_index == static_cast<int>(plan.columns.size()) ? 1 : 0;
    plan.rowid_index = static_cast<int>(plan.columns.size() + hidden_sort);
    plan.select_list += ", " + plan.rowid_name;
  }
  // A view can have columns dropped until none is left.
  if (plan.select_list.empty()) plan.select_list = "null";
}

// ---- size and sort --------------------------------------------------------------------------

void plan_size(const TablePlanInput& input, TablePlan& plan) {
  const int most = input.settings.max_returned_rows;
  int fallback = input.settings.default_page_size;
  if (input.config.size_is_max) fallback = most;
  if (input.config.size) fallback = *input.config.size;
  const auto size = parse_size(input.query.value("_size"), std::min(fallback, most), most);
  if (!size) throw RequestError(400, size.error().message());
  plan.page_size = *size;
}

void plan_sort(const TablePlanInput& input, TablePlan& plan) {
  const std::string_view ascending = input.query.value("_sort");
  const std::string_view descending = input.query.value("_sort_desc");
  if (!ascending.empty() || !descending.empty()) {
    plan.sort_descending = ascending.empty();
    plan.sort_column = plan.sort_descending ? descending : ascending;
  } else if (!input.config.sort.empty()) {
    plan.sort_column = input.config.sort;
    plan.sort_descending = input.config.sort_descending;
  }
}

void check_sort(const TablePlanInput& input, const TablePlan& plan) {
  const bool ascends = !input.query.value("_sort").empty();
  const bool descends = !input.query.value("_sort_desc").empty();
  if (ascends && descends) {
    throw RequestError(400, "Cannot use _sort and _sort_desc at the same time");
  }
  if (plan.sort_column.empty()) return;
  // A configured sort need not be among the columns that visitors may sort by.
  const bool is_known = ascends || descends
                            ? is_sortable(input.table, input.config, plan.sort_column)
                            : is_column(input.table, plan.sort_column);
  if (!is_known) throw RequestError(400, "Cannot sort table by " + plan.sort_column);
}

void plan_order(TablePlan& plan) {
  std::vector<std::string> order;
  if (!plan.sort_column.empty()) {
    order.push_back(quote_identifier(plan.sort_column) + (plan.sort_descending ? " desc" : ""));
  }
  // Ties are broken by the key in every page, the first included: the token continues by the key.
  for (const int key : plan.key_columns) {
    const std::string& name = plan.columns[static_cast<std::size_t>(key)].name;
    if (name != plan.sort_column) order.push_back(quote_identifier(name));
  }
  if (plan.rowid_index) order.push_back(plan.rowid_name);
  plan.order_by = base::join(order, ", ");
}

// ---- conditions -----------------------------------------------------------------------------

void plan_search(const TablePlanInput& input, TablePlan& plan,
                 std::vector<std::string>& descriptions) {
  if (input.fts_table.empty()) return;
  plan.fts_table = input.fts_table;
  std::string key(input.query.value("_fts_pk"));
  if (key.empty()) key = input.config.fts_pk;
  if (key.empty()) key = "rowid";
  const std::string_view mode = input.query.value("_searchmode");
  const bool raw = mode == "raw" || (input.config.raw_search && mode != "escaped");
  const std::string fts = quote_identifier(input.fts_table);
  const auto match = [raw](const std::string& placeholder) {
    return raw ? placeholder : "escape_fts(" + placeholder + ")";
  };

  const auto require_index = [&input] {
    if (input.fts != nullptr) return;
    RequestError error(400, "no such table: " + input.fts_table);
    error.title = "Invalid SQL";
    throw error;
  };

  // White space alone finds nothing in any index and is an error with FTS5.
  if (const std::string_view search = input.query.value("_search"); !base::trim(search).empty()) {
    require_index();
    plan.search = search;
    plan.params.set("search", std::string(search));
    plan.where.push_back(quote_identifier(key) + " in (select rowid from " + fts + " where " + fts +
                         " match " + match(":search") + ")");
    descriptions.push_back("search matches \"" + plan.search + "\"");
    return;
  }
  constexpr std::string_view kPrefix = "_search_";
  int number = 0;
  std::set<std::string_view> searched;
  for (const auto& [argument, text] : input.query.pairs()) {
    // Of an argument that is given twice the first counts.
    if (!argument.starts_with(kPrefix) || !searched.insert(argument).second) continue;
    const std::string column = argument.substr(kPrefix.size());
    if (input.fts == nullptr ||
        std::ranges::find(input.fts->columns, column, &sqlite::Column::name) ==
            input.fts->columns.end()) {
      throw RequestError(400, "Cannot search by that column");
    }
    if (base::trim(text).empty()) continue;
    const std::string name = "search_" + std::to_string(number++);
    plan.params.set(name, text);
    plan.where.push_back("rowid in (select rowid from " + fts + " where " +
                         quote_identifier(column) + " match " + match(":" + name) + ")");
    std::string description = "search column \"" + column;
    description += "\" matches \"";
    description += text;
    description += '"';
    descriptions.push_back(std::move(description));
  }
}

/// A stranger's condition must be one expression. Without ours it must compile, or a parenthesis
/// too many could close it, and the filters before it would no longer hold for all rows; in
/// parentheses it must compile as well, or it could go on with ORDER BY or UNION.
void check_where(const std::string& condition, const std::string& from,
                 sqlite::Connection& connection) {
  const std::string start = "select 1 from " + from + " where ";
  static_cast<void>(connection.prepare(start + condition + "\norder by 1"));
  static_cast<void>(connection.prepare(start + "(" + condition + "\n)"));
}

void plan_conditions(const TablePlanInput& input, TablePlan& plan, sqlite::Connection& connection) {
  FilterClauses filters = build_filters(input.query, input.table.name, plan.params);
  plan.where = std::move(filters.sql);
  plan.filters = std::move(filters.filters);
  for (const std::string_view where : input.query.get_all("_where")) {
    plan.is_visitor_sql = true;
    plan.extra_wheres.emplace_back(where);
    check_where(plan.extra_wheres.back(), plan.from, connection);
    // On lines of its own, so that a comment in it ends.
    plan.where.push_back("(" + plan.extra_wheres.back() + "\n)");
  }
  std::vector<std::string> descriptions;
  plan_search(input, plan, descriptions);
  for (const ThroughFilter& filter : input.through) {
    plan.where.push_back(filter.sql(plan.params));
    descriptions.push_back(filter.description());
  }
  for (std::string& description : filters.descriptions) {
    descriptions.push_back(std::move(description));
  }
  if (!descriptions.empty()) {
    const std::string last = descriptions.back();
    descriptions.pop_back();
    plan.human_description = "where " + base::join(descriptions, ", ");
    plan.human_description += descriptions.empty() ? "" : " and ";
    plan.human_description += last;
  }
  if (!plan.sort_column.empty()) {
    if (!plan.human_description.empty()) plan.human_description += ' ';
    plan.human_description += "sorted by " + plan.sort_column;
    if (plan.sort_descending) plan.human_description += " descending";
  }
}

// ---- the page after a token -----------------------------------------------------------------

/// The value that a key of a token stands for. Plain text is a number where the column takes
/// numbers; a column that takes anything compares numbers before all text and that before all
/// blobs, so there the row that is in the table decides.
sqlite::Value key_value(const sqlite::Table& table, const std::string& key, const TokenPart& part,
                        sqlite::Connection& connection) {
  using Form = TokenPart::Form;
  if (part.form == Form::kNull) return sqlite::Null{};
  if (part.form == Form::kBlob) return sqlite::Blob{part.bytes};
  const std::string& text = part.bytes;
  const sqlite::Column* column = table.find_column(key);
  if (part.form != Form::kPlain || column == nullptr ||
      column->affinity == sqlite::Affinity::kText) {
    return text;
  }
  const std::optional<sqlite::Value> number = plain_number(text);
  if (column->affinity != sqlite::Affinity::kBlob) return number.value_or(text);
  const std::string sql = "select 1 from " + quote_identifier(table.name) + " where " +
                          quote_identifier(key) + " = ?1 limit 1";
  sqlite::Value fallback = number.value_or(text);
  for (const sqlite::Value& value :
       {fallback, sqlite::Value(text), sqlite::Value(sqlite::Blob{text})}) {
    if (connection.query_integer(sql, {value}).has_value()) return value;
  }
  return fallback;
}

/// One column of the order in which rows follow each other.
struct KeyStep {
  std::string column;  ///< quoted
  /// "" for NULL.
  std::string placeholder;

  [[nodiscard]] std::string is_equal() const {
    return column + (placeholder.empty() ? " is null" : " = " + placeholder);
  }
  /// NULL comes first.
  [[nodiscard]] std::string is_later() const {
    return column + (placeholder.empty() ? " is not null" : " > " + placeholder);
  }
};

/// "(a > x) or (a = x and b > y) …" over the key columns.
std::string keys_after(const std::vector<KeyStep>& keys) {
  std::vector<std::string> alternatives;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    std::vector<std::string> parts;
    for (std::size_t j = 0; j < i; ++j) parts.push_back(keys[j].is_equal());
    parts.push_back(keys[i].is_later());
    alternatives.push_back("(" + join_and(parts) + ")");
  }
  return alternatives.size() == 1 ? alternatives[0].substr(1, alternatives[0].size() - 2)
                                  : "(" + base::join(alternatives, " or ") + ")";
}

/// The row that a token names.
struct NamedRow {
  std::vector<std::string> columns;
  sqlite::Params values;
};

/// The sort value behind a token: that of the row which the token names if its text is the token's
/// (so numbers and text come back exactly), else what the text looks like.
sqlite::Value sort_value_behind(const TablePlanInput& input, const std::string& sort_column,
                                const TokenPart& part, const NamedRow& named,
                                sqlite::Connection& connection) {
  if (part.form == TokenPart::Form::kBlob) return sqlite::Blob{part.bytes};
  if (part.form == TokenPart::Form::kText) return part.bytes;
  std::vector<std::string> conditions;
  for (std::size_t i = 0; i < named.columns.size(); ++i) {
    conditions.push_back(quote_identifier(named.columns[i]) + " is ?" + std::to_string(i + 1));
  }
  const sqlite::CachedStatement row =
      connection.prepare("select " + quote_identifier(sort_column) + " from " +
                         quote_identifier(input.table.name) + " where " + join_and(conditions));
  row->bind_all(named.values);
  const bool is_there = row->step();
  if (part.form == TokenPart::Form::kRow) {
    if (!is_there) throw RequestError(400, "The row that _next names is gone");
    return sqlite::to_value(row->view(0));
  }
  if (is_there && sqlite::to_text(row->view(0)) == part.bytes) {
    return sqlite::to_value(row->view(0));
  }
  const sqlite::Column* column = input.table.find_column(sort_column);
  const bool takes_text = column == nullptr || column->affinity == sqlite::Affinity::kText;
  return takes_text ? part.bytes : plain_number(part.bytes).value_or(part.bytes);
}

void plan_view_offset(std::string_view token, TablePlan& plan) {
  const auto offset = parse_integer_argument(token);
  if (!offset || *offset < 0) {
    throw RequestError(400, "_next must be a number of rows on a view: " + std::string(token));
  }
  plan.offset = *offset;
}

void plan_next(const TablePlanInput& input, TablePlan& plan, sqlite::Connection& connection) {
  const std::string_view text = input.query.value("_next");
  if (text.empty()) return;
  if (input.table.is_view()) return plan_view_offset(text, plan);
  const bool sorted = !plan.sort_column.empty();
  NextToken token = parse_next_token(text, sorted);
  NamedRow named{.columns = input.table.primary_keys, .values = {}};
  if (input.table.uses_rowid) {
    named.columns = {"rowid"};
    if (token.keys.size() > 1) token.keys.resize(1);
  }
  if (token.keys.size() != named.columns.size()) {
    if (!sorted) return;  // the first page again, as with the peer
    throw RequestError(400, "_next does not match the key of this table: " + std::string(text));
  }
  for (std::size_t i = 0; i < token.keys.size(); ++i) {
    named.values.push_back(key_value(input.table, named.columns[i], token.keys[i], connection));
  }
  if (plan.rowid_index && token.rowid) {
    named.columns.push_back(plan.rowid_name);
    named.values.emplace_back(*token.rowid);
  }
  std::vector<KeyStep> steps;
  for (std::size_t i = 0; i < named.columns.size(); ++i) {
    const bool is_null = std::holds_alternative<sqlite::Null>(named.values[i]);
    steps.push_back({.column = quote_identifier(named.columns[i]),
                     .placeholder = is_null ? "" : plan.params.add(named.values[i])});
  }
  const std::string after_key = keys_after(steps);
  if (!sorted) {
    plan.after_token = after_key;
    return;
  }
  const std::string column = quote_identifier(plan.sort_column);
  const sqlite::Value sort_value =
      !token.sort_value || token.sort_value->form == TokenPart::Form::kNull
          ? sqlite::Value(sqlite::Null{})
          : sort_value_behind(input, plan.sort_column, *token.sort_value, named, connection);
  if (std::holds_alternative<sqlite::Null>(sort_value)) {
    plan.after_token = plan.sort_descending ? "(" + column + " is null and " + after_key + ")"
                                            : "(" + column + " is not null or (" + column +
                                                  " is null and " + after_key + "))";
    return;
  }
  const std::string value = plan.params.add(sort_value);
  if (plan.sort_descending) {
    plan.after_token = "(" + column + " < " + value + " or " + column + " is null or (" + column +
                       " = " + value + " and " + after_key + "))";
  } else {
    // The first conjunct follows from the second; it lets an index on the column start at the
    // value.
    plan.after_token = column + " >= " + value + " and (" + column + " > " + value + " or (" +
                       column + " = " + value + " and " + after_key + "))";
  }
}

std::string where_text(const std::vector<std::string>& conditions) {
  return conditions.empty() ? "" : " where " + join_and(conditions);
}

}  // namespace

std::string TablePlan::page_sql() const {
  std::vector<std::string> conditions = where;
  if (!after_token.empty()) conditions.push_back(after_token);
  std::string sql = "select " + select_list + " from " + from + where_text(conditions);
  if (!order_by.empty()) sql += " order by " + order_by;
  sql += " limit " +
         std::to_string(is_filtered_while_reading ? std::int64_t{-1} : std::int64_t{page_size} + 1);
  if (offset > 0) sql += " offset " + std::to_string(offset);
  return sql;
}

std::string TablePlan::stream_sql() const {
  std::string sql = "select " + select_list + " from " + from + where_text(where);
  if (!order_by.empty()) sql += " order by " + order_by;
  return sql;
}

std::string TablePlan::next_token(const RowCursor& rows) const {
  std::vector<KeyValue> keys;
  for (std::size_t i = 0; i < key_columns.size(); ++i) {
    const auto index = static_cast<std::size_t>(key_columns[i]);
    const sqlite::Column* column = columns[index].column;
    keys.push_back({rows.last_key_values()[i],
                    column == nullptr ? sqlite::Affinity::kInteger : column->affinity});
  }
  const bool needs_rowid = is_key_ambiguous || std::ranges::any_of(keys, [](const KeyValue& key) {
                             return std::holds_alternative<sqlite::Null>(key.value);
                           });
  const auto& sort_value = rows.last_sort_value();
  return make_next_token(sort_value ? &*sort_value : nullptr, keys,
                         needs_rowid ? rows.last_rowid() : std::nullopt);
}

std::string TablePlan::from_where(const std::string& condition) const {
  std::vector<std::string> conditions = where;
  if (!condition.empty()) conditions.push_back(condition);
  return " from " + from + where_text(conditions);
}

std::string TablePlan::count_sql() const {
  return "select count(*) from (select 1" + from_where() + " limit " + std::to_string(kCountLimit) +
         ")";
}

TablePlan plan_table(const TablePlanInput& input, sqlite::Connection& connection) {
  TablePlan plan;
  plan.from = quote_identifier(input.table.name);
  // Of several mistakes the peer tells the first in this order.
  plan_sort(input, plan);
  plan_columns(input, plan);
  plan_order(plan);
  plan_conditions(input, plan, connection);
  check_sort(input, plan);
  plan_size(input, plan);
  plan.params_before_token = plan.params.pairs().size();
  plan_next(input, plan, connection);
  return plan;
}

bool is_column(const sqlite::Table& table, std::string_view name) {
  return std::ranges::find(table.columns, name, &sqlite::Column::name) != table.columns.end() ||
         (table.uses_rowid && name == "rowid");
}

bool is_sortable(const sqlite::Table& table, const TableConfig& config, std::string_view column) {
  if (config.sortable_columns && !(table.uses_rowid && column == "rowid")) {
    return contains(*config.sortable_columns, column);
  }
  return is_column(table, column);
}

}  // namespace tapedeck::data
