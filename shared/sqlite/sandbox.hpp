#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>

struct sqlite3;

namespace tapedeck::sqlite {

/// Whose SQL a connection runs. Both profiles are read-only and hardened.
enum class Profile {
  kTrusted,  ///< our own statements and those of configuration files
  kVisitor,  ///< anybody's: allow-lists of functions, table-valued functions and PRAGMAs, low
             ///< limits
};

/// Tables and views that a visitor's SQL may not read, in lower case, by the lower-case name of
/// their schema ("main", or what a database is attached as).
using UnreadableTables = std::map<std::string, std::set<std::string, std::less<>>, std::less<>>;

/// The one place where SQL of strangers is fenced in: authorizer, limits, and the notice whether a
/// statement is a function of the data alone.
///
/// Source: sqlite.org/security.html; measurements in the design's section 4 (fts3_tokenizer hands
/// out pointers, hex(zeroblob(3e8)) takes 1.5 GB, …).
class Sandbox {
 public:
  explicit Sandbox(Profile profile) : profile_(profile) {}
  Sandbox(const Sandbox&) = delete;
  Sandbox& operator=(const Sandbox&) = delete;

  /// Hardens `db`: DEFENSIVE, no triggers, no extensions, limits, escape_fts(), authorizer.
  /// Call once, right after opening.
  void install(sqlite3* db);

  /// While one lives, what is compiled is our own SQL, whatever the profile.
  class OwnSql {
   public:
    explicit OwnSql(Sandbox& sandbox) : sandbox_(sandbox) { sandbox_.compiles_own_sql_ = true; }
    ~OwnSql() { sandbox_.compiles_own_sql_ = false; }
    OwnSql(const OwnSql&) = delete;
    OwnSql& operator=(const OwnSql&) = delete;

   private:
    Sandbox& sandbox_;
  };

  /// Whether what runs now is our own SQL.
  [[nodiscard]] bool runs_own_sql() const {
    return profile_ == Profile::kTrusted || compiles_own_sql_;
  }
  /// From now on SQL that is not our own reads none of these tables, nor, when there are any,
  /// SQLite's tables and PRAGMAs about tables. Views are read with their own right: a view that may
  /// be read shows what it takes from a table that may not.
  void hide(sqlite3* db, UnreadableTables tables);
  [[nodiscard]] const UnreadableTables& hidden() const { return unreadable_; }
  /// Whether the statement being compiled is kept from something.
  [[nodiscard]] bool hides_from_statement() const {
    return profile_ == Profile::kVisitor && !compiles_own_sql_ && !unreadable_.empty();
  }

  /// Why a stranger's SQL is refused for its text alone; "" when it is not. A join that takes in
  /// columns by their names (USING, NATURAL) reads tables about which SQLite does not ask the
  /// authorizer, and EXPLAIN names the tables behind a view.
  [[nodiscard]] std::string_view refusal_of(std::string_view sql) const;
  /// Between the two calls the authorizer notes what the statement being compiled uses.
  void begin_compile(std::string_view sql);
  [[nodiscard]] bool compiled_deterministic() const { return deterministic_; }

 private:
  static int authorize(void* self, int action, const char* first, const char* second,
                       const char* database, const char* trigger) noexcept;
  /// What the authorizer is asked; "" for what it is not told.
  struct Question {
    int action = 0;
    std::string_view first;
    std::string_view second;
    std::string_view schema;
    /// The innermost view (or name of a WITH clause) that asks.
    std::string_view view;
  };
  int judge(const Question& question);
  [[nodiscard]] bool is_kept_from(const Question& question, bool describes_table) const;
  [[nodiscard]] bool is_hidden(std::string_view schema, std::string_view table) const;

  Profile profile_;
  UnreadableTables unreadable_;
  /// What the statement being compiled calls queries of its own, by a WITH at its beginning, in
  /// lower case.
  std::set<std::string, std::less<>> with_names_;
  /// It may have others.
  bool has_inner_with_ = true;
  /// The last question was SQLite's own, about a virtual table that describes itself.
  bool describes_table_ = false;
  bool deterministic_ = true;
  /// Kept only where extensions are loaded.
  std::string compiled_sql_;
  bool compiles_own_sql_ = false;
};

/// Makes a search string safe for FTS MATCH: every word in double quotes, quoted phrases kept, an
/// odd quote closed. `a"b c` gives `"a" "b c"`. Also the SQL function escape_fts(text).
[[nodiscard]] std::string escape_fts(std::string_view text);

}  // namespace tapedeck::sqlite
