#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_set>

struct sqlite3;

namespace tapedeck::sqlite {

/// Whose SQL a connection runs. Both profiles are read-only and hardened.
enum class Profile {
  kTrusted,  ///< our own statements and those of configuration files
  kVisitor,  ///< anybody's: allow-lists of functions, table-valued functions and PRAGMAs, low
             ///< limits
};

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

  /// Hardens `db`: DEFENSIVE, no trusted schema, no extensions, limits, escape_fts(), authorizer.
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

  /// Between the two calls the authorizer notes what the statement being compiled uses.
  void begin_compile() { deterministic_ = true; }
  [[nodiscard]] bool compiled_deterministic() const { return deterministic_; }

 private:
  static int authorize(void* self, int action, const char* first, const char* second,
                       const char* database, const char* trigger) noexcept;
  int judge(int action, std::string_view first, std::string_view second);

  Profile profile_;
  bool deterministic_ = true;
  bool compiles_own_sql_ = false;
};

/// Makes a search string safe for FTS MATCH: every word in double quotes, quoted phrases kept, an
/// odd quote closed. `a"b c` gives `"a" "b c"`. Also the SQL function escape_fts(text).
[[nodiscard]] std::string escape_fts(std::string_view text);

}  // namespace tapedeck::sqlite
