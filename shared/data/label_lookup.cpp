#include "data/label_lookup.hpp"

#include <utility>

#include "sqlite/error.hpp"

namespace tapedeck::data {

namespace {

/// Labels remembered per foreign key; a page has at most a thousand rows.
constexpr std::size_t kRememberedLabels = 5000;

}  // namespace

LabelLookup::LabelLookup(sqlite::Connection& connection, const sqlite::Catalogue& catalogue,
                         ConfigOf config_of)
    : connection_(connection), catalogue_(catalogue), config_of_(std::move(config_of)) {
}

LabelLookup::Source& LabelLookup::source_of(const sqlite::ForeignKey& key) {
  const auto [found, is_new] = sources_.try_emplace(&key);
  Source& source = found->second;
  if (!is_new) return source;
  const sqlite::Table* table = catalogue_.find(key.other_table);
  if (table == nullptr || table->find_column(key.other_column) == nullptr) return source;
  const std::string column =
      label_column(*table, config_of_(table->name)).value_or(key.other_column);
  source.sql = "select " + sqlite::quote_identifier(column) + " from " +
               sqlite::quote_identifier(table->name) + " where " +
               sqlite::quote_identifier(key.other_column) + " = ?1 limit 1";
  return source;
}

std::optional<std::string> LabelLookup::find(const sqlite::ForeignKey& key,
                                             const sqlite::ValueView& value) {
  Source& source = source_of(key);
  if (source.sql.empty()) return std::nullopt;
  std::string memory_key(1, static_cast<char>('0' + static_cast<int>(value.type)));
  sqlite::append_text(memory_key, value);
  if (const auto known = source.labels.find(memory_key); known != source.labels.end()) {
    return known->second;
  }
  std::optional<std::string> label;
  try {
    const sqlite::CachedStatement row = connection_.prepare(source.sql);
    is_deterministic_ = is_deterministic_ && row->is_deterministic();
    row->bind(1, sqlite::to_value(value));
    if (row->step()) label = sqlite::to_text(row->view(0));
  } catch (const sqlite::Interrupted&) {
    throw;
  } catch (const sqlite::Error&) {
    // A configured label column that does not exist: the value stays as it is.
    source.sql.clear();
    return std::nullopt;
  }
  if (source.labels.size() >= kRememberedLabels) source.labels.clear();
  source.labels.emplace(std::move(memory_key), label);
  return label;
}

}  // namespace tapedeck::data
