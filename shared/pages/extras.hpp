#pragma once

#include <bitset>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "data/label_lookup.hpp"
#include "data/shown_query.hpp"
#include "data/stored_query.hpp"
#include "data/table_page.hpp"
#include "data/table_plan.hpp"
#include "pages/call.hpp"
#include "pages/table_access.hpp"

/// `_extra=NAME,NAME` (repeatable): further members of the JSON documents of tables, rows and
/// queries. One table in extras.cpp holds their names, pages, descriptions and functions.
/// Source: spec/table-json.md section 4.
namespace tapedeck::pages {

enum class ExtraScope : unsigned { kTable = 1, kRow = 2, kQuery = 4 };

/// Which extras a request asks for. Without `_extra` nothing is worked out.
class AskedExtras {
 public:
  /// Throws http::RequestError 400 "Unknown _extra: a, b" for names that are none of this page's.
  AskedExtras(const Call& call, ExtraScope scope);

  [[nodiscard]] ExtraScope scope() const { return scope_; }
  [[nodiscard]] bool any() const { return wanted_.any(); }
  /// To be given: asked for, or implied by another extra or argument.
  [[nodiscard]] bool wants(std::string_view name) const;
  [[nodiscard]] bool wants(std::size_t index) const { return wanted_[index]; }
  /// Leaves out an extra that the document has anyway.
  void forget(std::string_view name);

  /// More than there are extras.
  static constexpr std::size_t kMost = 64;

 private:
  ExtraScope scope_;
  std::bitset<kMost> wanted_;
};

/// What extras are made of; refers to the page's own objects. Functions are called at most once,
/// and only for the extras that need them.
struct ExtraSource {
  Call& call;
  instance::Database& database;
  /// Columns of the result.
  const std::vector<data::ResultColumn>& columns;
  std::function<data::ShownQuery()> query;
  /// JSON list of `render_cell`, made while the rows were written.
  std::string typed_cells = "[]";

  /// Tables and rows; else null.
  FoundTable* found = nullptr;
  std::vector<data::ColumnType> types = {};
  /// Names in the key, as the document gives them.
  const std::vector<std::string>* primary_keys = nullptr;

  /// Tables.
  const data::TablePlan* plan = nullptr;
  sqlite::Connection* connection = nullptr;

  /// Rows: who refers to this one.
  std::function<std::vector<data::IncomingLink>()> incoming_links = {};

  /// Stored queries; null for SQL of the visitor.
  const data::StoredQuery* stored = nullptr;
};

/// The wanted members, each with a comma in front: `,"count":3,"columns":["id"]`.
[[nodiscard]] std::string extra_members(const AskedExtras& asked, const ExtraSource& source);

}  // namespace tapedeck::pages
