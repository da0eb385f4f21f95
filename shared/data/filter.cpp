#include "data/filter.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <variant>

#include <boost/json.hpp>

#include "base/escape.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "http/request_error.hpp"
#include "sqlite/catalogue.hpp"

namespace tapedeck::data {

namespace {

/// SQLite refuses deeper expressions than a thousand conditions, and finds a named parameter by
/// looking at all of them: the time to prepare grows with the square of their number.
constexpr std::size_t kMaxFilterValues = 1000;

/// A longer "in" list is bound as one JSON array: SQLite's parser takes seconds over ten thousand
/// named parameters.
constexpr std::size_t kMostListedMembers = 900;

enum class Binding {
  kText,    ///< the value as text, between `before` and `after`
  kNumber,  ///< digits as a number, anything else as text
  kNone,    ///< takes no value
};

/// One operator: how it reads in SQL and in words. "{c}" is the quoted column ("{i}" only
/// where it needs quotes, "{b}" in brackets), "{t}" the table in brackets, "{p}" the placeholder;
/// "" is an empty text, as SQLite reads a name that is none. In words "{n}" is the plain column,
/// "{v}" the value and "{q}" the value, quoted unless it is all digits.
struct Operator {
  std::string_view name;
  std::string_view menu_name;
  std::string_view label;
  std::string_view sql;
  std::string_view words;
  Binding binding;
  /// What is bound before and after the value.
  std::string_view before;
  std::string_view after;
};

using enum Binding;
constexpr auto kOperators = std::to_array<Operator>({
    {"exact", "exact", "=", "{c} = {p}", "{n} = {q}", kText, "", ""},
    {"not", "not", "!=", "{c} != {p}", "{n} != {q}", kText, "", ""},
    {"contains", "contains", "contains", "{c} like {p}", "{n} contains \"{v}\"", kText, "%", "%"},
    {"notcontains", "notcontains", "does not contain", "{c} not like {p}",
     "{n} does not contain \"{v}\"", kText, "%", "%"},
    {"endswith", "endswith", "ends with", "{c} like {p}", "{n} ends with \"{v}\"", kText, "%", ""},
    {"startswith", "startswith", "starts with", "{c} like {p}", "{n} starts with \"{v}\"", kText,
     "", "%"},
    {"gt", "gt", ">", "{c} > {p}", "{n} > {v}", kNumber, "", ""},
    {"gte", "gte", "\u2265", "{c} >= {p}", "{n} \u2265 {v}", kNumber, "", ""},
    {"lt", "lt", "<", "{c} < {p}", "{n} < {v}", kNumber, "", ""},
    {"lte", "lte", "\u2264", "{c} <= {p}", "{n} \u2264 {v}", kNumber, "", ""},
    {"like", "like", "like", "{c} like {p}", "{n} like \"{v}\"", kText, "", ""},
    {"notlike", "notlike", "not like", "{c} not like {p}", "{n} not like \"{v}\"", kText, "", ""},
    {"glob", "glob", "glob", "{c} glob {p}", "{n} glob \"{v}\"", kText, "", ""},
    {"in", "in", "in", "{i} in ", "{n} in ", kText, "", ""},
    {"notin", "notin", "not in", "{i} not in ", "{n} not in ", kText, "", ""},
    {"arraycontains", "arraycontains", "array contains",
     "{p} in (select value from json_each({t}.{b}))", "{n} contains \"{v}\"", kText, "", ""},
    {"arraynotcontains", "arraynotcontains", "array does not contain",
     "{p} not in (select value from json_each({t}.{b}))", "{n} does not contain \"{v}\"", kText, "",
     ""},
    {"date", "date", "date", "date({c}) = {p}", "\"{n}\" is on date {v}", kText, "", ""},
    {"isnull", "isnull__1", "is null", "{c} is null", "{n} is null", kNone, "", ""},
    {"notnull", "notnull__1", "is not null", "{c} is not null", "{n} is not null", kNone, "", ""},
    {"isblank", "isblank__1", "is blank", "({c} is null or {c} = \"\")", "{n} is blank", kNone, "",
     ""},
    {"notblank", "notblank__1", "is not blank", "({c} is not null and {c} != \"\")",
     "{n} is not blank", kNone, "", ""},
});

const Operator* find_operator(std::string_view name) {
  const auto found = std::ranges::find(kOperators, name, &Operator::name);
  return found == kOperators.end() ? nullptr : &*found;
}

/// Replaces each "{x}" of `form` by what `part` gives for x.
template <class Part>
std::string fill_in(std::string_view form, const Part& part) {
  std::string out;
  for (std::size_t i = 0; i < form.size(); ++i) {
    if (form[i] == '{' && i + 2 < form.size() && form[i + 2] == '}') {
      out += part(form[i + 1]);
      i += 2;
    } else {
      out += form[i];
    }
  }
  return out;
}

/// [name], which cannot hold a closing bracket.
std::string in_brackets(std::string_view name) {
  if (name.find(']') != std::string_view::npos) return sqlite::force_quote_identifier(name);
  return '[' + std::string(name) + ']';
}

sqlite::Value number_or_text(std::string_view text) {
  if (!base::is_all_digits(text)) return std::string(text);
  if (const auto integer = base::parse_int64(text)) return *integer;
  // Beyond 64 bits: as SQLite itself reads such a literal.
  if (const auto real = base::parse_double(text)) return *real;
  return std::string(text);
}

sqlite::Value value_of(const boost::json::value& item, std::string_view argument) {
  if (item.is_string()) return std::string(item.get_string());
  if (item.is_int64()) return item.get_int64();
  if (item.is_uint64()) return static_cast<double>(item.get_uint64());
  if (item.is_double()) return item.get_double();
  if (item.is_bool()) return std::int64_t{item.get_bool() ? 1 : 0};
  if (item.is_null()) return sqlite::Null{};
  throw http::RequestError(400, std::string(argument) + ": a list may hold only plain values");
}

/// The members of an "in" list and the list in words (a JSON array).
struct Members {
  std::vector<sqlite::Value> values;
  std::string words;
  /// The same list for json_each(), which ends texts at a NUL.
  std::string json;
  bool has_nul = false;
};

Members parse_members(std::string_view text, std::string_view argument) {
  Members members;
  boost::json::array words;
  if (text.starts_with('[')) {
    boost::system::error_code error;
    const boost::json::value list = boost::json::parse(text, error);
    if (error || !list.is_array()) {
      throw http::RequestError(400, std::string(argument) + ": the value is no JSON array");
    }
    for (const boost::json::value& item : list.get_array()) {
      members.values.push_back(value_of(item, argument));
    }
    words = list.get_array();
  } else {
    for (const std::string_view piece : base::split(text, ',')) {
      const std::string_view trimmed = base::trim(piece);
      members.values.emplace_back(std::string(trimmed));
      words.emplace_back(trimmed);
    }
  }
  members.json = base::to_json(words);
  members.has_nul = std::ranges::any_of(members.values, [](const sqlite::Value& value) {
    const auto* member = std::get_if<std::string>(&value);
    return member != nullptr && member->find('\0') != std::string::npos;
  });
  members.words = "[";
  for (const boost::json::value& word : words) {
    if (members.words.size() > 1) members.words += ", ";
    members.words += base::ascii_json(base::to_json(word));
  }
  members.words += ']';
  return members;
}

void add_clause(const Operator& op, const Filter& filter, std::string_view argument,
                std::string_view table, NamedParams& params, FilterClauses& out) {
  std::string placeholder;
  std::string list_sql;
  std::string list_words;
  if (op.name == "in" || op.name == "notin") {
    const Members members = parse_members(filter.value, argument);
    list_words = members.words;
    if (members.values.size() > kMostListedMembers && !members.has_nul) {
      // As an expression, not a column, it takes the affinity of what it is compared with.
      list_sql = "select +value from json_each(" + params.add(members.json) + ")";
    } else {
      for (const sqlite::Value& value : members.values) {
        list_sql += list_sql.empty() ? "" : ", ";
        list_sql += params.add(value);
      }
    }
    list_sql = "(" + list_sql + ")";
  } else if (op.binding == kNumber) {
    placeholder = params.add(number_or_text(filter.value));
  } else if (op.binding == kText) {
    std::string bound(op.before);
    bound += filter.value;
    bound += op.after;
    placeholder = params.add(std::move(bound));
  }
  out.sql.push_back(fill_in(op.sql,
                            [&](char part) -> std::string {
                              switch (part) {
                                case 'c':
                                  return sqlite::force_quote_identifier(filter.column);
                                case 'i':
                                  return sqlite::quote_identifier(filter.column);
                                case 'b':
                                  return in_brackets(filter.column);
                                case 't':
                                  return in_brackets(table);
                                default:
                                  return placeholder;
                              }
                            }) +
                    list_sql);
  out.descriptions.push_back(fill_in(op.words,
                                     [&](char part) -> std::string {
                                       switch (part) {
                                         case 'n':
                                           return filter.column;
                                         case 'q':
                                           return base::is_all_digits(filter.value)
                                                      ? filter.value
                                                      : '"' + filter.value + '"';
                                         default:
                                           return filter.value;
                                       }
                                     }) +
                             list_words);
}

}  // namespace

const std::vector<FilterOperator>& filter_operators() {
  static const std::vector<FilterOperator> menu = [] {
    std::vector<FilterOperator> entries;
    entries.reserve(kOperators.size());
    for (const Operator& op : kOperators) entries.push_back({op.menu_name, op.label});
    return entries;
  }();
  return menu;
}

std::string equality_key(std::string_view column) {
  const bool is_plain = !column.starts_with('_') && column.find("__") == std::string_view::npos;
  return std::string(column) + (is_plain ? "" : "__exact");
}

FilterClauses build_filters(const http::QueryString& query, std::string_view table,
                            NamedParams& params) {
  std::vector<http::QueryString::Pair> pairs;
  for (const auto& pair : query.pairs()) {
    if (!pair.first.starts_with('_') || pair.first.find("__") != std::string::npos) {
      pairs.push_back(pair);
    }
  }
  std::ranges::sort(pairs);
  FilterClauses out;
  for (const auto& [key, value] : pairs) {
    Filter filter{key, "exact", value};
    if (const std::size_t at = key.rfind("__"); at != std::string::npos) {
      filter.column = key.substr(0, at);
      filter.op = key.substr(at + 2);
    }
    const Operator* op = find_operator(filter.op);
    if (op == nullptr) continue;
    add_clause(*op, filter, key, table, params, out);
    if (params.pairs().size() > kMaxFilterValues) {
      throw http::RequestError(
          400, "Filters may hold at most " + std::to_string(kMaxFilterValues) + " values");
    }
    out.filters.push_back(std::move(filter));
  }
  return out;
}

}  // namespace tapedeck::data
