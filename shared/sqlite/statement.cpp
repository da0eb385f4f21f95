#include "sqlite/statement.hpp"

#include <utility>

#include <sqlite3.h>

#include "sqlite/connection.hpp"
#include "sqlite/error.hpp"
#include "sqlite/trace.hpp"

namespace tapedeck::sqlite {

namespace {

bool is_space_or_semicolon(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == ';';
}

}  // namespace

void Statement::Finalizer::operator()(sqlite3_stmt* stmt) const noexcept {
  sqlite3_finalize(stmt);
}

Statement::Statement(Connection& connection, std::string_view sql)
    : connection_(connection), sql_(sql) {
  if (sql_.find('\0') != std::string::npos) {
    throw Error(SQLITE_ERROR, "SQL contains a NUL character");
  }
  sqlite3* db = connection.db_.get();
  sqlite3_stmt* stmt = nullptr;
  const char* tail = nullptr;
  if (const auto refusal = connection.sandbox_.refusal_of(sql_); !refusal.empty()) {
    throw Error(SQLITE_AUTH, std::string(refusal));
  }
  connection.sandbox_.begin_compile(sql_);
  // Compiling can take time as well (a view over views over …), so it has the limit of a run.
  connection.deadline_ = std::chrono::steady_clock::now() + connection.time_limit_;
  const int code = sqlite3_prepare_v3(db, sql_.data(), static_cast<int>(sql_.size()) + 1,
                                      SQLITE_PREPARE_PERSISTENT, &stmt, &tail);
  stmt_.reset(stmt);
  if (code != SQLITE_OK) connection.fail_to_compile(code);
  if (stmt == nullptr) throw Error(SQLITE_ERROR, "SQL holds no statement");
  for (; *tail != '\0'; ++tail) {
    if (is_space_or_semicolon(*tail)) continue;
    // A comment is no second statement: only SQLite can tell, so it compiles the rest.
    sqlite3_stmt* rest = nullptr;
    const int rest_code = sqlite3_prepare_v2(db, tail, -1, &rest, nullptr);
    const bool is_statement = rest != nullptr || rest_code != SQLITE_OK;
    sqlite3_finalize(rest);
    if (is_statement) throw Error(SQLITE_ERROR, "You can only execute one statement at a time.");
    break;
  }
  deterministic_ = connection.sandbox_.compiled_deterministic();
}

Statement::~Statement() {
  reset();
}

void Statement::bind(int index, const Value& value) {
  sqlite3_stmt* stmt = stmt_.get();
  int code = SQLITE_OK;
  if (const auto* integer = std::get_if<std::int64_t>(&value)) {
    code = sqlite3_bind_int64(stmt, index, *integer);
  } else if (const auto* real = std::get_if<double>(&value)) {
    code = sqlite3_bind_double(stmt, index, *real);
  } else if (const auto* text = std::get_if<std::string>(&value)) {
    code =
        sqlite3_bind_text64(stmt, index, text->data(), text->size(), SQLITE_TRANSIENT, SQLITE_UTF8);
  } else if (const auto* blob = std::get_if<Blob>(&value)) {
    code =
        sqlite3_bind_blob64(stmt, index, blob->bytes.data(), blob->bytes.size(), SQLITE_TRANSIENT);
  } else {
    code = sqlite3_bind_null(stmt, index);
  }
  if (code != SQLITE_OK) connection_.fail(code);
  if (Trace* trace = Trace::active()) {
    const std::string_view name = parameter_name(index);
    trace->bound(this, name.empty() ? "?" + std::to_string(index) : std::string(name), value);
  }
}

void Statement::bind_all(const Params& params) {
  int index = 1;
  for (const Value& value : params) bind(index++, value);
}

int Statement::parameter_count() const {
  return sqlite3_bind_parameter_count(stmt_.get());
}

std::string_view Statement::parameter_name(int index) const {
  const char* name = sqlite3_bind_parameter_name(stmt_.get(), index);
  return name == nullptr ? std::string_view{} : std::string_view{name};
}

bool Statement::step() {
  if (!running_) {
    connection_.statement_begins(*this);
    running_ = true;
  } else if (pace_ == Pace::kStream) {
    connection_.statement_renews(*this);
  }
  connection_.deadline_ = deadline_;
  connection_.sandbox_.begin_compile(sql_);
  const int code = sqlite3_step(stmt_.get());
  // After a change of the schema SQLite compiles anew by itself, and a view may call other
  // functions than before.
  if (sqlite3_stmt_status(stmt_.get(), SQLITE_STMTSTATUS_REPREPARE, 1) > 0) {
    deterministic_ = connection_.sandbox_.compiled_deterministic();
  }
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) {
    reset();
    return false;
  }
  // The message has to be taken before the reset clears it.
  try {
    connection_.fail(code);
  } catch (const std::runtime_error& error) {
    if (Trace* trace = Trace::active()) trace->fails(this, error.what());
    reset();
    throw;
  }
}

void Statement::reset() noexcept {
  if (!stmt_) return;
  sqlite3_reset(stmt_.get());
  sqlite3_clear_bindings(stmt_.get());
  if (running_) {
    running_ = false;
    connection_.statement_ends(*this);
  }
}

int Statement::column_count() const {
  return sqlite3_column_count(stmt_.get());
}

std::string Statement::column_name(int index) const {
  const char* name = sqlite3_column_name(stmt_.get(), index);
  return name == nullptr ? "" : name;
}

ValueView Statement::view(int index) const {
  // One look at the column; each sqlite3_column_… would look anew, which is a quarter of an
  // export's time. In a single-threaded SQLite (sqlite::initialise) such a value is as good as a
  // protected one (sqlite.org/c3ref/value.html).
  sqlite3_value* const column = sqlite3_column_value(stmt_.get(), index);
  ValueView view;
  switch (sqlite3_value_type(column)) {
    case SQLITE_INTEGER:
      view.type = ValueType::kInteger;
      view.integer = sqlite3_value_int64(column);
      break;
    case SQLITE_FLOAT:
      view.type = ValueType::kFloat;
      view.real = sqlite3_value_double(column);
      break;
    case SQLITE_TEXT: {
      view.type = ValueType::kText;
      const unsigned char* text = sqlite3_value_text(column);
      if (text == nullptr) connection_.fail(SQLITE_NOMEM);
      view.bytes = {reinterpret_cast<const char*>(text),
                    static_cast<std::size_t>(sqlite3_value_bytes(column))};
      break;
    }
    case SQLITE_BLOB: {
      view.type = ValueType::kBlob;
      const auto* bytes = static_cast<const char*>(sqlite3_value_blob(column));
      const auto size = static_cast<std::size_t>(sqlite3_value_bytes(column));
      // SQLite gives a null pointer for an empty blob, and for one that it has no memory for.
      if (bytes == nullptr && size > 0) throw Error(SQLITE_NOMEM, "out of memory");
      view.bytes = bytes == nullptr ? std::string_view{} : std::string_view{bytes, size};
      break;
    }
    default:
      break;
  }
  return view;
}

CachedStatement::~CachedStatement() {
  if (statement_) connection_->give_back(std::move(statement_));
}

}  // namespace tapedeck::sqlite
