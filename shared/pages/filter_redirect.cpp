#include "pages/filter_redirect.hpp"

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

#include "base/text.hpp"
#include "pages/answer.hpp"

namespace tapedeck::pages {

namespace {

constexpr std::string_view kColumn = "_filter_column";
constexpr std::string_view kOperator = "_filter_op";
constexpr std::string_view kValue = "_filter_value";

/// "" for the plain row, "_1" … for numbered ones; nothing for other arguments.
std::optional<std::string> row_suffix(std::string_view key) {
  if (!key.starts_with(kColumn)) return std::nullopt;
  const std::string_view suffix = key.substr(kColumn.size());
  if (suffix.empty()) return std::string();
  if (suffix[0] != '_' || !base::is_all_digits(suffix.substr(1))) return std::nullopt;
  return std::string(suffix);
}

bool belongs_to_form(std::string_view key) {
  for (const std::string_view name : {kColumn, kOperator, kValue}) {
    if (key == name) return true;
  }
  return false;
}

/// Takes one row of the form out of `query` and gives its filter.
std::optional<http::QueryString::Pair> take_row(http::QueryString& query,
                                                const http::QueryString& sent,
                                                const std::string& suffix) {
  const std::string column(sent.value(std::string(kColumn) + suffix));
  std::string op(sent.value(std::string(kOperator) + suffix));
  std::string value(sent.value(std::string(kValue) + suffix));
  for (const std::string_view name : {kColumn, kOperator, kValue}) {
    query.remove(std::string(name) + suffix);
  }
  if (column.empty()) return std::nullopt;
  // Operators without an argument bring their own: "isnull__1".
  if (const std::size_t at = op.find("__"); at != std::string::npos) {
    value = op.substr(at + 2);
    op.resize(at);
  }
  if (op.empty()) op = "exact";
  return http::QueryString::Pair{column + "__" + op, std::move(value)};
}

}  // namespace

std::optional<std::string> filter_redirect(const Call& call) {
  const http::QueryString& sent = call.request.query;
  std::vector<std::string> rows;
  bool has_plain_row = false;
  for (const auto& [key, value] : sent.pairs()) {
    has_plain_row = has_plain_row || belongs_to_form(key);
    const auto suffix = row_suffix(key);
    if (suffix && !suffix->empty() && std::ranges::find(rows, *suffix) == rows.end()) {
      rows.push_back(*suffix);
    }
  }
  if (has_plain_row) rows.insert(rows.begin(), "");
  const bool wants_descending = sent.has("_sort_by_desc");
  if (rows.empty() && !wants_descending) return std::nullopt;

  http::QueryString query = sent.without_blanks();
  std::vector<http::QueryString::Pair> filters;
  for (const std::string& suffix : rows) {
    if (auto filter = take_row(query, sent, suffix)) filters.push_back(*std::move(filter));
  }
  for (auto& [key, value] : filters) query.add(std::move(key), std::move(value));
  // With filters the wish to sort goes along, and has a redirect of its own.
  if (rows.empty()) {
    query.remove("_sort");
    query.remove("_sort_by_desc");
    if (const auto column = sent.get("_sort")) query.add("_sort_desc", std::string(*column));
  }
  return own_path_with(call, query);
}

}  // namespace tapedeck::pages
