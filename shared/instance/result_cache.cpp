#include "instance/result_cache.hpp"

namespace tapedeck::instance {

namespace {

/// A page asks for two or three.
constexpr std::size_t kMostCounts = 1000;
/// Facets have some tens of values each.
constexpr std::size_t kMostFacets = 200;
/// Of counts, and of facets.
constexpr std::size_t kMostBytes = std::size_t{4} << 20;
constexpr std::chrono::seconds kTimedOutLife{60};

std::size_t bytes_of(const std::optional<ResultCache::Rows>& rows) {
  std::size_t bytes = 0;
  if (!rows) return bytes;
  for (const auto& [value, count] : *rows) {
    bytes += sizeof(ResultCache::Rows::value_type) + sqlite::view_of(value).bytes.size();
  }
  return bytes;
}

}  // namespace

const ResultCache::Count* ResultCache::count(const std::string& key) const {
  const auto found = count_by_key_.find(key);
  if (found == count_by_key_.end()) return nullptr;
  if (!found->second.count && std::chrono::steady_clock::now() >= found->second.expires) {
    return nullptr;
  }
  return &found->second;
}

void ResultCache::keep_count(const std::string& key, std::optional<std::int64_t> count) {
  count_bytes_ += key.size();
  if (count_by_key_.size() >= kMostCounts || count_bytes_ > kMostBytes) {
    count_by_key_.clear();
    count_bytes_ = key.size();
  }
  count_by_key_[key] = {count, std::chrono::steady_clock::now() + kTimedOutLife};
}

const ResultCache::Counts* ResultCache::counts(const std::string& key) const {
  const auto found = counts_by_key_.find(key);
  if (found == counts_by_key_.end()) return nullptr;
  const bool is_final = found->second.rows && found->second.is_complete;
  const bool is_over = !is_final && std::chrono::steady_clock::now() >= found->second.expires;
  return is_over ? nullptr : &found->second;
}

const ResultCache::Counts& ResultCache::keep_counts(std::string key, std::optional<Rows> rows,
                                                    bool is_complete) {
  const std::size_t bytes = key.size() + bytes_of(rows);
  const auto expires = std::chrono::steady_clock::now() + kTimedOutLife;
  if (bytes > kMostBytes) {
    large_counts_ = {std::move(rows), is_complete, expires};
    return large_counts_;
  }
  counts_bytes_ += bytes;
  if (counts_by_key_.size() >= kMostFacets || counts_bytes_ > kMostBytes) {
    counts_by_key_.clear();
    counts_bytes_ = bytes;
  }
  Counts& kept = counts_by_key_[std::move(key)];
  kept = {std::move(rows), is_complete, expires};
  return kept;
}

void ResultCache::clear() {
  count_by_key_.clear();
  count_bytes_ = 0;
  counts_by_key_.clear();
  counts_bytes_ = 0;
}

}  // namespace tapedeck::instance
