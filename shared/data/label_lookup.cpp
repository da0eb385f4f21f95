#include "data/label_lookup.hpp"

#include <utility>

#include "sqlite/error.hpp"

namespace tapedeck::data {

namespace {

/// What is remembered per foreign key; a page has at most a thousand rows, a stream any number, and
/// a label can be a long text.
constexpr std::size_t kRememberedLabels = 5000;
constexpr std::size_t kRememberedBytes = std::size_t{256} * 1024;

/// Equal without conversion from one kind to another; 1 and 1.0 are one number.
bool are_equal(const sqlite::ValueView& a, const sqlite::ValueView& b) {
  using enum sqlite::ValueType;
  const auto is_number = [](const sqlite::ValueView& view) {
    return view.type == kInteger || view.type == kFloat;
  };
  if (is_number(a) && is_number(b)) return true;  // SQLite has compared them
  return a.type == b.type && a.bytes == b.bytes;
}

}  // namespace

LabelLookup::LabelLookup(sqlite::Connection& connection, const sqlite::Catalogue& catalogue,
                         ConfigOf config_of)
    : connection_(connection), catalogue_(catalogue), config_of_(std::move(config_of)) {
}

LabelLookup::Source& LabelLookup::source_of(const sqlite::ForeignKey& key) {
  const auto [found, is_new] = sources_.try_emplace(&key);
  Source& source = found->second;
  if (!is_new) return source;
  if (key.other_column.empty()) return source;
  const std::optional<TableConfig> config = config_of_(key.other_table);
  if (!config) return source;
  const sqlite::Table* table = catalogue_.find(key.other_table);
  const std::optional<std::string> column =
      table == nullptr ? std::nullopt : label_column(*table, *config);
  source.is_plain = !column.has_value();
  if (source.is_plain || table->find_column(key.other_column) == nullptr) return source;
  const std::string other = sqlite::quote_identifier(key.other_column);
  // Past the column's own collation, which may find another row first.
  source.sql = "select " + sqlite::quote_identifier(*column) + ", " + other + " from " +
               sqlite::quote_identifier(table->name) + " where " + other + " = ?1 and " + other +
               " = ?1 collate binary limit 1";
  return source;
}

std::optional<sqlite::Value> LabelLookup::read(const Source& source,
                                               const sqlite::ValueView& value) {
  const sqlite::CachedStatement row = connection_.prepare(source.sql);
  is_deterministic_ = is_deterministic_ && row->is_deterministic();
  row->bind(1, sqlite::to_value(value));
  if (!row->step() || !are_equal(row->view(1), value)) return std::nullopt;
  return sqlite::to_value(row->view(0));
}

std::optional<sqlite::Value> LabelLookup::find(const sqlite::ForeignKey& key,
                                               const sqlite::ValueView& value) {
  Source& source = source_of(key);
  if (source.is_plain) {
    if (value.type == sqlite::ValueType::kBlob) return std::nullopt;
    return sqlite::to_text(value);
  }
  if (source.sql.empty()) return std::nullopt;
  std::string memory_key(1, static_cast<char>('0' + static_cast<int>(value.type)));
  sqlite::append_text(memory_key, value);
  if (const auto known = source.labels.find(memory_key); known != source.labels.end()) {
    return known->second;
  }
  std::optional<sqlite::Value> label;
  try {
    label = read(source, value);
  } catch (const sqlite::Interrupted&) {
    throw;
  } catch (const sqlite::Error&) {
    // A configured label column that does not exist: the value stays as it is.
    source.sql.clear();
    return std::nullopt;
  }
  const std::size_t size = memory_key.size() + (label ? sqlite::view_of(*label).bytes.size() : 0);
  if (source.labels.size() >= kRememberedLabels || source.bytes + size > kRememberedBytes) {
    source.labels.clear();
    source.bytes = 0;
  }
  source.bytes += size;
  source.labels.emplace(std::move(memory_key), label);
  return label;
}

}  // namespace tapedeck::data
