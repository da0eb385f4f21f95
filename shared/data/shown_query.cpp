#include "data/shown_query.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "http/tilde.hpp"

namespace tapedeck::data {

namespace {

using sqlite::quote_identifier;

/// "where a and b ", or "". What a visitor wrote in `_where` stands there as written.
std::string where_text(const TablePlan& plan, const std::string& after_token) {
  std::vector<std::string> conditions = plan.where;
  for (const std::string& extra : plan.extra_wheres) {
    std::ranges::replace(conditions, "(" + extra + "\n)", extra);
  }
  if (!after_token.empty()) conditions.push_back(after_token);
  return conditions.empty() ? "" : "where " + base::join(conditions, " and ") + " ";
}

/// "order by c desc": the key as tie-break only behind a token.
std::string order_text(const TablePlan& plan) {
  std::vector<std::string> order;
  const bool sorted = !plan.sort_column.empty();
  if (sorted) {
    order.push_back(quote_identifier(plan.sort_column) + (plan.sort_descending ? " desc" : ""));
  }
  if (!sorted || !plan.after_token.empty()) {
    for (const int key : plan.key_columns) {
      order.push_back(quote_identifier(plan.columns[static_cast<std::size_t>(key)].name));
    }
  }
  return order.empty() ? "" : "order by " + base::join(order, ", ");
}

/// Names a value as the peer does: by the number of those before it, whatever they are called.
std::string add_text(ShownQuery& query, std::string_view text) {
  std::string name = "p" + std::to_string(query.params.size());
  query.params.emplace_back(name, std::string(text));
  return ":" + name;
}

/// "((a > :p0))", or for a key of two columns "((a > :p0)\n  or\n(a = :p0 and b > :p1))".
std::string keys_after(const std::vector<std::string>& columns,
                       const std::vector<std::string>& placeholders) {
  std::vector<std::string> alternatives;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    std::vector<std::string> parts;
    for (std::size_t j = 0; j < i; ++j) {
      parts.push_back(quote_identifier(columns[j]) + " = " + placeholders[j]);
    }
    parts.push_back(quote_identifier(columns[i]) + " > " + placeholders[i]);
    alternatives.push_back("(" + base::join(parts, " and ") + ")");
  }
  return "(" + base::join(alternatives, "\n  or\n") + ")";
}

/// The condition of the token.
std::string after_text(const TablePlan& plan, const sqlite::Table& table, std::string_view next,
                       ShownQuery& query) {
  const bool sorted = !plan.sort_column.empty();
  const NextToken token = parse_next_token(next, sorted);
  std::vector<std::string> placeholders;
  std::string by_key;
  if (table.uses_rowid) {
    by_key = "rowid > " + add_text(query, token.keys.front().bytes);
  } else {
    for (const TokenPart& key : token.keys) placeholders.push_back(add_text(query, key.bytes));
    by_key = keys_after(table.primary_keys, placeholders);
  }
  if (!sorted) return by_key;
  const std::string column = quote_identifier(plan.sort_column);
  if (!token.sort_value || token.sort_value->form == TokenPart::Form::kNull) {
    const std::string by_null = column + " is null and " + by_key;
    return plan.sort_descending ? "(" + by_null + ")"
                                : "(" + column + " is not null or (" + by_null + "))";
  }
  const std::string value = add_text(query, token.sort_value->bytes);
  return "(" + column + (plan.sort_descending ? " < " : " > ") + value +
         (plan.sort_descending ? " or " + column + " is null" : "") + " or (" + column + " = " +
         value + " and " + by_key + "))";
}

}  // namespace

ShownQuery shown_query(const TablePlan& plan, const sqlite::Table& table, std::string_view next) {
  ShownQuery query;
  const auto& params = plan.params.pairs();
  query.params.assign(params.begin(),
                      params.begin() + static_cast<std::ptrdiff_t>(plan.params_before_token));
  const std::string after = plan.after_token.empty() ? "" : after_text(plan, table, next, query);
  std::vector<std::string> names;
  for (const ResultColumn& column : plan.columns) names.push_back(quote_identifier(column.name));
  query.sql = "select " + (names.empty() ? "null" : base::join(names, ", "));
  query.sql += " from " + plan.from + " " + where_text(plan, after) + order_text(plan);
  query.sql += " limit " + std::to_string(std::int64_t{plan.page_size} + 1);
  if (plan.offset > 0) query.sql += " offset " + std::to_string(plan.offset);
  return query;
}

std::string shown_count_sql(const TablePlan& plan) {
  return "select count(*) from " + plan.from + " " + where_text(plan, "");
}

}  // namespace tapedeck::data
