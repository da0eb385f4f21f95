#include "sqlite/sandbox.hpp"

#include <algorithm>
#include <array>
#include <new>
#include <utility>

#include <sqlite3.h>

#include "base/text.hpp"
#include "sqlite/error.hpp"
#include "sqlite/extensions.hpp"
#include "sqlite/sql_token.hpp"
#include "sqlite/visitor_pragmas.hpp"

namespace tapedeck::sqlite {

namespace {

/// Functions whose result depends on their arguments and the data alone; visitors may call them.
/// `snippet` to `match` belong to full-text tables, `rtreenode` and `rtreedepth` only unpack a
/// blob. Sorted, lower case.
constexpr auto kPureFunctions = std::to_array<std::string_view>({
    "->",
    "->>",
    "abs",
    "acos",
    "acosh",
    "asin",
    "asinh",
    "atan",
    "atan2",
    "atanh",
    "avg",
    "bm25",
    "ceil",
    "ceiling",
    "char",
    "coalesce",
    "cos",
    "cosh",
    "count",
    "cume_dist",
    "degrees",
    "dense_rank",
    "escape_fts",
    "exp",
    "first_value",
    "floor",
    "format",
    "glob",
    "group_concat",
    "hex",
    "highlight",
    "ifnull",
    "iif",
    "instr",
    "json",
    "json_array",
    "json_array_length",
    "json_extract",
    "json_group_array",
    "json_group_object",
    "json_insert",
    "json_object",
    "json_patch",
    "json_quote",
    "json_remove",
    "json_replace",
    "json_set",
    "json_type",
    "json_valid",
    "lag",
    "last_value",
    "lead",
    "length",
    "like",
    "likelihood",
    "likely",
    "ln",
    "log",
    "log10",
    "log2",
    "lower",
    "ltrim",
    "match",
    "matchinfo",
    "max",
    "min",
    "mod",
    "nth_value",
    "ntile",
    "nullif",
    "offsets",
    "percent_rank",
    "pi",
    "pow",
    "power",
    "printf",
    "quote",
    "radians",
    "rank",
    "replace",
    "round",
    "row_number",
    "rtreedepth",
    "rtreenode",
    "rtrim",
    "sign",
    "sin",
    "sinh",
    "snippet",
    "soundex",
    "sqlite_compileoption_get",
    "sqlite_compileoption_used",
    "sqlite_source_id",
    "sqlite_version",
    "sqrt",
    "substr",
    "substring",
    "subtype",
    "sum",
    "tan",
    "tanh",
    "total",
    "trim",
    "trunc",
    "typeof",
    "unicode",
    "unlikely",
    "upper",
    "zeroblob",
});
/// Functions that visitors may call as well, but that read the clock, chance or the connection.
constexpr auto kImpureFunctions = std::to_array<std::string_view>({
    "changes",
    "current_date",
    "current_time",
    "current_timestamp",
    "date",
    "datetime",
    "julianday",
    "last_insert_rowid",
    "random",
    "randomblob",
    "strftime",
    "time",
    "total_changes",
    "unixepoch",
});
/// Virtual tables that exist without being created and show internals of the file or process, or
/// reach outside of it.
constexpr auto kDeniedTables = std::to_array<std::string_view>({
    "bytecode",
    "completion",
    "dbstat",
    "fsdir",
    "fts3tokenize",
    "sqlite_dbdata",
    "sqlite_dbpage",
    "sqlite_dbptr",
    "sqlite_stmt",
    "tables_used",
    "zipfile",
});

template <std::size_t N>
bool contains(const std::array<std::string_view, N>& sorted, std::string_view name) {
  return std::ranges::binary_search(sorted, name);
}

/// A table, by its lower-case name, that visitors may not read even where nothing is hidden.
bool is_denied_table(std::string_view name) {
  constexpr std::string_view kPragmaPrefix = "pragma_";
  if (name.starts_with(kPragmaPrefix)) {
    return find_visitor_pragma(name.substr(kPragmaPrefix.size())) == nullptr;
  }
  return contains(kDeniedTables, name);
}

/// Actions by which a statement would change something. They pass the authorizer, because the
/// read-only connection refuses them with the message that clients know.
bool is_write(int action) {
  return action == SQLITE_INSERT || action == SQLITE_UPDATE || action == SQLITE_DELETE;
}

struct Limit {
  int id;
  int value;
};
/// For strangers' SQL; what each bomb does without them stands in the design's measurements.
constexpr Limit kVisitorLimits[] = {
    {SQLITE_LIMIT_LENGTH, 20'000'000},        {SQLITE_LIMIT_SQL_LENGTH, 100'000},
    {SQLITE_LIMIT_EXPR_DEPTH, 100},           {SQLITE_LIMIT_COMPOUND_SELECT, 50},
    {SQLITE_LIMIT_VDBE_OP, 250'000},          {SQLITE_LIMIT_ATTACHED, 0},
    {SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 1000}, {SQLITE_LIMIT_WORKER_THREADS, 0},
    {SQLITE_LIMIT_TRIGGER_DEPTH, 10},
};
/// Our own SQL holds text of requests too, as parameters: a longer LIKE pattern costs quadratic
/// time.
constexpr Limit kTrustedLimits[] = {
    {SQLITE_LIMIT_LENGTH, 200'000'000},
    {SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 5000},
    {SQLITE_LIMIT_WORKER_THREADS, 0},
    {SQLITE_LIMIT_TRIGGER_DEPTH, 10},
};

void escape_fts_function(sqlite3_context* context, int /*count*/, sqlite3_value** arguments) {
  const unsigned char* text = sqlite3_value_text(arguments[0]);
  if (text == nullptr) {
    sqlite3_result_null(context);
    return;
  }
  const std::string_view view{reinterpret_cast<const char*>(text),
                              static_cast<std::size_t>(sqlite3_value_bytes(arguments[0]))};
  try {
    const std::string escaped = escape_fts(view);
    sqlite3_result_text64(context, escaped.data(), escaped.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
  } catch (const std::bad_alloc&) {
    sqlite3_result_error_nomem(context);
  }
}

/// Past the parenthesis that closes the one at `open`; nothing when none does.
std::optional<std::size_t> end_of_parentheses(std::string_view sql, const SqlToken& open) {
  int depth = 1;
  for (auto token = next_token(sql, open.end()); token; token = next_token(sql, token->end())) {
    if (token->is('(')) ++depth;
    if (token->is(')') && --depth == 0) return token->end();
  }
  return std::nullopt;
}

/// Names, in lower case, of the queries that a statement defines by a WITH at its very beginning:
/// without a schema they mean those, wherever they stand in it.
/// Source: sqlite.org/lang_with.html.
std::set<std::string, std::less<>> names_of_leading_with(std::string_view sql) {
  std::set<std::string, std::less<>> names;
  auto token = next_token(sql, 0);
  if (!token || !token->is_word("with")) return names;
  const auto go_on = [&] { token = next_token(sql, token->end()); };
  const auto pass_parentheses = [&] {
    const auto end = end_of_parentheses(sql, *token);
    token = end ? next_token(sql, *end) : std::nullopt;
  };
  go_on();
  if (token && token->is_word("recursive")) go_on();
  while (token && token->kind != SqlToken::Kind::kOther) {
    std::string name = base::to_lower(token->name());
    go_on();
    if (token && token->is('(')) pass_parentheses();  // names of columns
    if (!token || !token->is_word("as")) break;
    go_on();
    if (token && token->is_word("not")) go_on();
    if (token && token->is_word("materialized")) go_on();
    if (!token || !token->is('(')) break;
    pass_parentheses();
    names.insert(std::move(name));
    if (!token || !token->is(',')) break;
    go_on();
  }
  return names;
}

/// Whether a statement has the keyword WITH, in whatever sense, but for its very beginning.
bool has_inner_with(std::string_view sql) {
  const auto first = next_token(sql, 0);
  if (!first) return false;
  for (auto token = next_token(sql, first->end()); token; token = next_token(sql, token->end())) {
    if (token->is_word("with")) return true;
  }
  return false;
}

bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v';
}

}  // namespace

std::string escape_fts(std::string_view text) {
  std::string closed(text);
  if (std::ranges::count(closed, '"') % 2 != 0) closed += '"';
  std::string out;
  const auto add = [&out](std::string_view piece) {
    if (piece.empty() || piece == "\"\"") return;
    if (!out.empty()) out += ' ';
    if (piece.front() == '"') {
      out += piece;
    } else {
      out += '"';
      out += piece;
      out += '"';
    }
  };
  std::size_t at = 0;
  while (at < closed.size()) {
    std::size_t end = at;
    if (closed[at] == '"') {
      end = closed.find('"', at + 1) + 1;  // there is one: their number is even
    } else if (is_space(closed[at])) {
      ++at;
      continue;
    } else {
      while (end < closed.size() && closed[end] != '"' && !is_space(closed[end])) ++end;
    }
    add(std::string_view(closed).substr(at, end - at));
    at = end;
  }
  return out;
}

void Sandbox::install(sqlite3* db) {
  const std::pair<int, int> switches[] = {
      {SQLITE_DBCONFIG_DEFENSIVE, 1},
      {SQLITE_DBCONFIG_ENABLE_FTS3_TOKENIZER, 0},
      {SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0},
      {SQLITE_DBCONFIG_ENABLE_TRIGGER, 0},
      {SQLITE_DBCONFIG_WRITABLE_SCHEMA, 0},
  };
  for (const auto& [option, value] : switches) {
    sqlite3_db_config(db, option, value, static_cast<int*>(nullptr));
  }
  if (profile_ == Profile::kVisitor) {
    for (const Limit& limit : kVisitorLimits) sqlite3_limit(db, limit.id, limit.value);
  } else {
    for (const Limit& limit : kTrustedLimits) sqlite3_limit(db, limit.id, limit.value);
  }
  const int code = sqlite3_create_function_v2(
      db, "escape_fts", 1, SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS, nullptr,
      &escape_fts_function, nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) throw Error(code, sqlite3_errmsg(db));
  sqlite3_set_authorizer(db, &Sandbox::authorize, this);
}

int Sandbox::authorize(void* self, int action, const char* first, const char* second,
                       const char* database, const char* trigger) noexcept {
  const auto view = [](const char* text) {
    return text == nullptr ? std::string_view{} : std::string_view{text};
  };
  try {
    return static_cast<Sandbox*>(self)->judge(
        {action, view(first), view(second), view(database), view(trigger)});
  } catch (const std::bad_alloc&) {
    return SQLITE_DENY;
  }
}

std::string_view Sandbox::refusal_of(std::string_view sql) const {
  if (runs_own_sql()) return {};
  const bool hides = !unreadable_.empty();
  bool joins_by_name = false;
  bool names_denied = false;
  const auto first = next_token(sql, 0);
  if (hides && first && first->is_word("explain")) {
    return "EXPLAIN is not available where tables are closed";
  }
  for (auto token = first; token; token = next_token(sql, token->end())) {
    joins_by_name = joins_by_name || token->is_word("using") || token->is_word("natural");
    if (token->kind != SqlToken::Kind::kOther) {
      names_denied = names_denied || is_denied_table(base::to_lower(token->name()));
    }
  }
  if (joins_by_name && hides) {
    return "JOIN … USING and NATURAL JOIN are not available where tables are closed: write ON";
  }
  return joins_by_name && names_denied ? "not authorized" : "";
}

void Sandbox::begin_compile(std::string_view sql) {
  deterministic_ = true;
  if (!extension_functions().empty() && compiled_sql_ != sql) compiled_sql_ = sql;
  with_names_.clear();
  has_inner_with_ = false;
  // There is no other way to write the keyword. Looked for only where it matters: this is called
  // for every row.
  if (unreadable_.empty() || base::to_lower(sql).find("with") == std::string::npos) return;
  with_names_ = names_of_leading_with(sql);
  has_inner_with_ = has_inner_with(sql);
}

void Sandbox::hide(sqlite3* db, UnreadableTables tables) {
  unreadable_ = std::move(tables);
  // SQLite melts views into the statement around them before it asks about tables that give no
  // column: "select count(*) from view" then seems to ask for the table behind the view. Without
  // that step every question names the view. Where the switch does not work, such a statement is
  // refused.
  // A condition pushed down into a view would run on rows of a closed table that the view leaves
  // out, and its error messages would print them.
  constexpr int kQueryFlattener = 0x0001;
  constexpr int kPushDown = 0x1000;
  sqlite3_test_control(SQLITE_TESTCTRL_OPTIMIZATIONS, db,
                       unreadable_.empty() ? 0 : kQueryFlattener | kPushDown);
}

bool Sandbox::is_hidden(std::string_view schema, std::string_view table) const {
  const std::string name = base::to_lower(table);
  // A table that gives no column is asked for without its schema.
  return std::ranges::any_of(unreadable_, [&](const auto& hidden) {
    return (schema.empty() || base::equals_ignoring_case(schema, hidden.first)) &&
           hidden.second.contains(name);
  });
}

/// Whether what is asked for is hidden, or is told by something that is.
bool Sandbox::is_kept_from(const Question& question, bool describes_table) const {
  if (unreadable_.empty()) return false;
  // Whether a name that is written to exists is told by no error.
  if (is_write(question.action)) return is_hidden(question.schema, question.first);
  if (question.action != SQLITE_READ) return false;
  const std::string table = base::to_lower(question.first);
  // sqlite_sequence has rows of some tables alone, and is hidden by name where those are.
  if (table.starts_with("sqlite_") && table != "sqlite_sequence") {
    return !(describes_table && question.second == "ROWID");
  }
  if (!is_hidden(question.schema, question.first)) return false;
  // A name without schema is the statement's own before it is anything of the database, and whether
  // that has one of that name is told by nothing.
  if (question.schema.empty() && with_names_.contains(table)) return false;
  // A view reads what it likes. SQLite names it and a query of a WITH alike.
  const bool is_view = !question.view.empty() && !has_inner_with_ &&
                       !with_names_.contains(base::to_lower(question.view));
  return !is_view;
}

int Sandbox::judge(const Question& question) {
  const auto& [action, first, second, schema, view] = question;
  // A virtual table that is used for the first time describes itself by a CREATE TABLE, for which
  // SQLite asks to update and to read its own table; nothing of that is run.
  const bool describes_table = std::exchange(
      describes_table_, action == SQLITE_UPDATE && first == "sqlite_master" && second == "sql");
  const bool is_trusted = profile_ == Profile::kTrusted || compiles_own_sql_;
  if (action == SQLITE_FUNCTION) {
    const std::string name = base::to_lower(second);
    // One of an extension may have taken the place of SQLite's own.
    if (const auto added = extension_functions().find(name); added != extension_functions().end()) {
      if (!added->second.is_deterministic) deterministic_ = false;
      if (added->second.is_for_visitors) return SQLITE_OK;
      // A file may come from anybody: what reaches out is for SQL that names it, not for the views
      // and columns of a schema.
      const bool is_named =
          view.empty() && base::to_lower(compiled_sql_).find(name) != std::string::npos;
      return is_trusted && is_named ? SQLITE_OK : SQLITE_DENY;
    }
    const bool pure = contains(kPureFunctions, name);
    if (!pure) deterministic_ = false;
    if (is_trusted) return SQLITE_OK;
    return pure || contains(kImpureFunctions, name) ? SQLITE_OK : SQLITE_DENY;
  }
  // The others tell about the connection. Full-text and R-Tree modules ask for the page size and
  // the data version while a statement compiles.
  const std::string pragma = action == SQLITE_PRAGMA ? base::to_lower(first) : "";
  const VisitorPragma* known = find_visitor_pragma(pragma);
  const bool changes_nothing =
      second.empty() || (known != nullptr && known->argument == PragmaArgument::kNamesObject);
  const bool plain_pragma = changes_nothing && (known != nullptr || pragma == "data_version");
  if (action == SQLITE_PRAGMA && !plain_pragma) deterministic_ = false;
  if (is_trusted) return SQLITE_OK;
  if (is_kept_from(question, describes_table)) return SQLITE_DENY;
  if (action == SQLITE_SELECT || action == SQLITE_RECURSIVE || is_write(action)) return SQLITE_OK;
  if (action == SQLITE_READ) {
    const std::string table = base::to_lower(first);
    if (!unreadable_.empty() && table.starts_with("pragma_")) return SQLITE_DENY;
    return is_denied_table(table) ? SQLITE_DENY : SQLITE_OK;
  }
  if (action == SQLITE_PRAGMA) {
    // Full-text and R-Tree modules ask for these while a statement compiles.
    const bool is_internal = pragma == "data_version" || pragma == "page_size";
    if (!unreadable_.empty() && !is_internal) return SQLITE_DENY;
    return plain_pragma ? SQLITE_OK : SQLITE_DENY;
  }
  return SQLITE_DENY;
}

}  // namespace tapedeck::sqlite
