#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "data/table_config.hpp"
#include "sqlite/catalogue.hpp"
#include "sqlite/connection.hpp"

namespace tapedeck::data {

/// Labels of rows that foreign keys refer to, looked up one key at a time and remembered, so that a
/// stream of any length needs bounded memory.
class LabelLookup {
 public:
  /// Gives the configuration of a table by its name.
  using ConfigOf = std::function<TableConfig(std::string_view table)>;

  /// The arguments must outlive this.
  LabelLookup(sqlite::Connection& connection, const sqlite::Catalogue& catalogue,
              ConfigOf config_of);

  /// Label of the row that `value` refers to: its label column as text, or the value itself where
  /// the table has no such column. Nothing when there is no such row or table.
  [[nodiscard]] std::optional<std::string> find(const sqlite::ForeignKey& key,
                                                const sqlite::ValueView& value);
  /// Whether the labels given so far are a function of the data (a foreign key can lead to a view
  /// over the clock).
  [[nodiscard]] bool is_deterministic() const { return is_deterministic_; }

 private:
  struct Source {
    /// Empty when the table cannot be looked into.
    std::string sql;
    std::unordered_map<std::string, std::optional<std::string>> labels;
  };
  Source& source_of(const sqlite::ForeignKey& key);

  sqlite::Connection& connection_;
  const sqlite::Catalogue& catalogue_;
  ConfigOf config_of_;
  std::map<const sqlite::ForeignKey*, Source> sources_;
  bool is_deterministic_ = true;
};

}  // namespace tapedeck::data
