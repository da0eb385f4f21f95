#pragma once

#include <memory>
#include <string>
#include <vector>

#include "data/column_type.hpp"
#include "data/label_lookup.hpp"
#include "data/table_config.hpp"
#include "data/table_plan.hpp"
#include "instance/database.hpp"
#include "pages/call.hpp"
#include "render/json_rows.hpp"
#include "render/row_writer.hpp"

/// What table and row pages share: finding the table, reading its rows, blobs out of them.
namespace tapedeck::pages {

struct FoundTable {
  instance::Database& database;
  const sqlite::Table& table;
  data::TableConfig config;
};
/// The table of the path; null where there is none that the visitor may see.
/// REQUIRES: database.current() in this request.
[[nodiscard]] const sqlite::Table* visible_table(const Call& call, instance::Database& database);
/// The same. Throws http::RequestError 404, 403, 503.
[[nodiscard]] FoundTable require_table(Call& call);
/// Throws http::RequestError 403 for a name that a rule closes, whether there is such a table or
/// not. Other tables that the visitor may not see are none to him.
void refuse_if_closed(const Call& call, const instance::Database& database, std::string_view table);

/// The name of the full-text table that `_search` uses: the configured one, else the first that was
/// found and is not closed; "" without one.
[[nodiscard]] std::string search_table(const Call& call, const FoundTable& found);

/// Expands foreign keys to tables that the visitor may see.
[[nodiscard]] std::unique_ptr<data::LabelLookup> make_label_lookup(const Call& call,
                                                                   FoundTable& found);
/// Which foreign keys a data format expands: `_label=COLUMN` (repeatable), else `_labels`; a value
/// of `_labels` that is no boolean counts as off. Pages expand all.
class WantedLabels {
 public:
  explicit WantedLabels(const Call& call);
  [[nodiscard]] bool any() const { return all_ || !columns_.empty(); }
  /// Forgets the foreign keys of `columns` that are not wanted.
  void keep_wanted(std::vector<data::ResultColumn>& columns) const;

 private:
  bool all_ = false;
  std::vector<std::string_view> columns_;
};
/// Foreign keys of a hidden table are no labels: forgets those of `columns` that lead to one.
void drop_closed_foreign_keys(const Call& call, const FoundTable& found,
                              std::vector<data::ResultColumn>& columns);
/// Foreign keys of the table that lead to tables which may be seen: what labels are there for.
[[nodiscard]] std::vector<const sqlite::Reference*> visible_references(const Call& call,
                                                                       const FoundTable& found);
/// Types of the table's columns, by its configuration.
[[nodiscard]] std::vector<data::ColumnType> column_types(const Call& call, const FoundTable& found);
/// What a foreign key's value stands behind in a link to the row that it refers to, by result
/// column (render::CellContext::foreign_table_path); "" where nothing is expanded.
[[nodiscard]] std::vector<std::string> foreign_table_paths(
    const Call& call, const FoundTable& found, const std::vector<data::ResultColumn>& columns);

/// A cursor over `sql` with the parameters of `plan`; notes whether its answer is repeatable.
[[nodiscard]] std::unique_ptr<data::RowCursor> open_rows(Call& call, sqlite::Connection& connection,
                                                         const std::string& sql,
                                                         const data::NamedParams& params,
                                                         data::RowCursor::Options options);

/// The bytes of `_blob_column` in the first row, or in the first whose value has `_blob_hash`.
[[nodiscard]] http::Response blob_answer(const Call& call, data::RowCursor& rows,
                                         const std::string& file_name_start);
/// Gives absolute URLs of blobs in rows of this table; lives longer than the call.
[[nodiscard]] render::BlobUrl table_blob_url(const Call& call);

/// The URL's own segment of the table or stored query, without format: still tilde-encoded.
[[nodiscard]] std::string table_segment(const Call& call);

/// `_shape`; absent means objects, a blank one is as wrong as an unknown one.
[[nodiscard]] base::Result<render::JsonShape> parse_shape(const Call& call);
/// `_nl`, `_json` and `_json_infinity` for rows of that shape. Throws http::RequestError 400.
[[nodiscard]] render::JsonRowOptions json_arguments(const Call& call, render::JsonShape shape);

}  // namespace tapedeck::pages
